"""Form fields this app shares: a moment as date and hour, and the texts that go with them."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.base import DateInput, TimeInput

DEFAULT_HOUR = time(18)


class MomentWidget(forms.MultiWidget):
    """A day and an hour, side by side, in the reader's own zone."""

    template_name = "jobsheets/widgets/moment.html"
    use_fieldset = True

    def __init__(self) -> None:
        day, hour = gettext_lazy("Day"), gettext_lazy("Hour")
        super().__init__(widgets={"day": DateInput(**{"aria-label": day}), "hour": TimeInput(**{"aria-label": hour})})

    def decompress(self, value: datetime | None) -> list[Any]:
        if not value:
            return [None, None]
        here = timezone.localtime(value)
        return [here.date(), here.time().replace(second=0, microsecond=0)]


class MomentField(forms.MultiValueField):
    """Gives an aware moment, or None where it may be empty. A day without an hour means 18:00."""

    widget = MomentWidget

    def __init__(self, **kwargs: Any) -> None:
        wrong_day = {"invalid": gettext_lazy("The date must be a real date, such as 2026-11-27.")}
        wrong_hour = {"invalid": gettext_lazy("The hour must be a real time, such as 18:00.")}
        fields = (
            forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages=wrong_day),
            forms.TimeField(required=False, input_formats=["%H:%M", "%H:%M:%S"], error_messages=wrong_hour),
        )
        super().__init__(fields=fields, require_all_fields=False, **kwargs)
        self.error_messages["required"] = gettext_lazy("Enter the due date.")

    def compress(self, data_list: list[Any]) -> datetime | None:
        day: date | None = data_list[0] if data_list else None
        hour: time | None = data_list[1] if data_list else None
        if day is None:
            if hour is not None:
                raise forms.ValidationError(_("Enter the day as well as the hour."))
            return None
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("The date must be a real date, such as 2026-11-27."))
        return timezone.make_aware(datetime.combine(day, hour or DEFAULT_HOUR))


def textarea(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})
