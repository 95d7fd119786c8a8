"""What the AE adds to a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.base import reason_field

from .models import StatusReport


class ReportForm(forms.Form):
    """The introduction, and one comment for each job."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**8)
    introduction = forms.CharField(
        label=gettext_lazy("In your own words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands above everything else, in the letter and in the PDF."),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args: Any, report: StatusReport, **kwargs: Any) -> None:
        comments = {f"comment-{job['number']}": job.get("comment", "") for job in report.content["jobs"]}
        initial = {"revision": report.revision, "introduction": report.introduction, **comments}
        super().__init__(*args, **{"initial": initial, **kwargs})
        for job in report.content["jobs"]:
            self.fields[f"comment-{job['number']}"] = forms.CharField(
                label=_("Comment on %(number)s %(title)s") % {"number": job["number"], "title": job["title"]},
                max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def comments(self) -> dict[str, str]:
        prefix = "comment-"
        return {name.removeprefix(prefix): value.strip() for name, value in self.cleaned_data.items() if name.startswith(prefix)}


class ReasonForm(forms.Form):
    reason = reason_field(missing=gettext_lazy("Say why: the reason stands in the history."))

    use_required_attribute = False
