"""What people type on the sign page and on the pages of the agency."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.base import reason_field
from accounts.models import Contact
from agency.errors import Refused

from .actions.deciding import TEXT_LEAST, TEXT_MOST
from .models import Delegation, Document, Signatory
from .pictures import as_data_url, clean_signature, from_data_url
from .signables import Answer, answer_of, signable_for

MOST_TEXT = _("Your text must be 2,000 characters or less.")
MOST_NAME = _("Your name must be 120 characters or less.")


class NeededByAnswer(forms.CharField):
    """Shown only where the answer needs it; whether it is missing is decided there."""

    def validate(self, value: Any) -> None:
        pass


class NeededByUpload(forms.FileField):
    """Shown only where a picture is uploaded; whether it is missing is decided there."""

    def validate(self, value: Any) -> None:
        pass


class SignForm(forms.Form):
    """The answer: which, in what words, by whose hand. The answers are the kind's own; none is chosen in advance."""

    use_required_attribute = False
    answer = forms.ChoiceField(widget=forms.RadioSelect, error_messages={
        "required": _("Select your answer."), "invalid_choice": _("Select one of the answers."),
    })  # fmt: skip
    text = NeededByAnswer(
        label=_("What should we change?"), max_length=TEXT_MOST,
        help_text=_("In 10 to 2,000 characters."), error_messages={"max_length": MOST_TEXT},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    typed_name = forms.CharField(
        label=_("Sign with your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto", "data-signs": "#signed"}),
        error_messages={"required": _("Enter your name."), "max_length": MOST_NAME},
    )  # fmt: skip
    signature = forms.ChoiceField(
        label=_("How to sign"), choices=Signatory.SignatureKind.choices, widget=forms.RadioSelect, required=False,
        error_messages={"invalid_choice": _("Select how to sign.")},
    )  # fmt: skip
    upload = NeededByUpload(
        label=_("A picture of your signature"), help_text=_("PNG or JPEG, smaller than 2 MB."),
        error_messages={"empty": _("This file is empty. Choose another one."), "invalid": _("Choose a picture of your signature.")},
    )  # fmt: skip
    picture = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3_000_000)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        signable = signable_for(document)
        self.answers = signable.answers
        self.fields["answer"].choices = [(a.value, a.label) for a in self.answers]  # type: ignore[attr-defined]
        self.lines = list(signable.lines(document)) if any(a.takes_lines for a in self.answers) else []
        for key, words in self.lines:
            self.fields[f"line_{key}"] = forms.CharField(
                label=words, required=False, max_length=TEXT_MOST, error_messages={"max_length": MOST_TEXT},
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )  # fmt: skip

    @property
    def text_for(self) -> str:
        """For data-show-for: the answers that need words."""
        return "answer=" + ",".join(a.value for a in self.answers if a.needs_text)

    @property
    def lines_for(self) -> str:
        return "answer=" + ",".join(a.value for a in self.answers if a.takes_lines)

    @property
    def line_fields(self) -> list[Any]:
        return [self[f"line_{key}"] for key, _words in self.lines]

    def line_texts(self) -> dict[str, str]:
        return {key: text for key, _words in self.lines if (text := self.cleaned_data.get(f"line_{key}", "").strip())}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer = answer_of(self.document, data.get("answer", ""))
        text = data.get("text", "").strip()
        if answer and not answer.takes_lines:
            for key, _words in self.lines:
                data[f"line_{key}"] = ""
        if answer and not answer.needs_text and "text" in data:
            data["text"] = ""
        elif answer and _too_short(answer, text, self.line_texts()) and "text" not in self.errors:
            self.add_error("text", forms.ValidationError(_("Tell us what to change, in at least 10 characters.")))
        self._clean_signature(data)
        return data

    def _clean_signature(self, data: dict[str, Any]) -> None:
        data["signature"] = data.get("signature") or Signatory.SignatureKind.TYPED
        data["image"] = b""
        if data["signature"] == Signatory.SignatureKind.TYPED:
            return
        try:
            upload = data.get("upload")
            if data["signature"] == Signatory.SignatureKind.UPLOADED and upload:
                if upload.size > 2 * 1024 * 1024:
                    raise Refused(_("The picture of your signature must be smaller than 2 MB."))
                raw = upload.read()
            elif data.get("picture"):
                raw = from_data_url(data["picture"])
            elif data["signature"] == Signatory.SignatureKind.UPLOADED:
                raise Refused(_("Choose a picture of your signature."))
            else:
                raise Refused(_("Draw your signature, or type your name instead."))
            data["image"] = clean_signature(raw)
        except Refused as error:
            self.add_error("upload" if data["signature"] == Signatory.SignatureKind.UPLOADED else "signature", str(error))

    def carried(self) -> list[tuple[str, str]]:
        """What the check page carries on in hidden fields."""
        data = self.cleaned_data
        pairs = [("answer", data["answer"]), ("text", data["text"]), ("typed_name", data["typed_name"])]
        pairs += [("signature", data["signature"]), ("picture", as_data_url(data["image"]) if data["image"] else "")]
        pairs += [(f"line_{key}", text) for key, text in self.line_texts().items()]
        return [(name, value) for name, value in pairs if value]


def _too_short(answer: Answer, text: str, lines: dict[str, str]) -> bool:
    return answer.needs_text and len(text) < TEXT_LEAST and not (answer.takes_lines and lines)


class DeclineForm(forms.Form):
    """ "I can't sign this"."""

    use_required_attribute = False
    text = forms.CharField(
        label=_("Why can't you sign it?"), max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Tell us why, in at least 10 characters."), "max_length": MOST_TEXT},
    )  # fmt: skip
    typed_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Enter your name."), "max_length": MOST_NAME},
    )  # fmt: skip

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if len(text) < TEXT_LEAST:
            raise forms.ValidationError(_("Tell us why, in at least 10 characters."))
        return text


class PassOnForm(forms.ModelForm):
    """ "Not the right person?"."""

    use_required_attribute = False

    class Meta:
        model = Delegation
        fields = ["name", "email", "reason"]
        labels = {"name": _("Who should sign instead?"), "email": _("Their email address"), "reason": _("Why they should sign")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "reason": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }
        error_messages = {
            "name": {"required": _("Enter the name of the person who should sign."), "max_length": MOST_NAME},
            "email": {
                "required": _("Enter their email address."),
                "invalid": _("Enter an email address, such as name@example.com."),
            },
            "reason": {"required": _("Say why somebody else should sign."), "max_length": MOST_TEXT},
        }


class CodeForm(forms.Form):
    use_required_attribute = False
    code = forms.CharField(
        label=pgettext_lazy("one-time", "Code"), max_length=20, help_text=_("Six digits, from the mail we just sent."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"}),
        error_messages={"required": _("Enter the code from the mail."), "max_length": _("The code has six digits.")},
    )  # fmt: skip


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = reason_field(hint=_("Whoever was asked reads it."), missing=_("Say why it is withdrawn."))


class AddressForm(forms.Form):
    use_required_attribute = False
    email = forms.EmailField(
        label=_("Right address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the right address."), "invalid": _("Enter an email address, such as name@example.com.")},
    )  # fmt: skip


class DelegateForm(forms.Form):
    """Who the new signatory is: one of the client's contacts, or a new one with the name and address that were given."""

    use_required_attribute = False
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("The new signatory is"), required=False, empty_label=_("a new contact, as named above")
    )
    authorise = forms.BooleanField(
        label=_("Enter that they may sign this kind of document"), required=False,
        help_text=_("Managers, directors and administrators can do this here; otherwise it must be entered already."),
    )  # fmt: skip

    def __init__(self, *args: Any, delegation: Delegation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = delegation.signatory.request.account
        known = Contact.objects.filter(client=account.client_id, archived_at=None).exclude(
            pk=delegation.signatory.contact_id or 0
        )
        self.fields["contact"].queryset = known  # type: ignore[attr-defined]
        same = known.filter(email__iexact=delegation.email).first()
        if same:
            self.initial.setdefault("contact", same.pk)


class VerifyForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=_("Signed PDF"), help_text=_("At most 25 MB. The file is checked and not kept."),
        error_messages={"required": _("Select a file."), "empty": _("This file is empty. Select another one.")},
    )  # fmt: skip
