"""Minutes as a thing to be signed: the client confirms them, or says line by line what is wrong."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.audit import SYSTEM, Acts
from agency.transitions import move
from signoffs.models import Document, SignRequest
from signoffs.signables import Answer, Signable

from .models import MinuteLine, Minutes
from .people import KIND

CONFIRM, WRONG = "confirm", "wrong"


class MinutesSignable(Signable):
    kind = KIND
    name = gettext_lazy("Meeting minutes")
    pdf_template = "pdf/meetings/minutes.html"
    page_template = "meetings/_sign_minutes.html"
    answers = (
        Answer(
            value=CONFIRM,
            label=gettext_lazy("Confirm"),
            hint=gettext_lazy("The minutes say what was discussed and agreed."),
            button=gettext_lazy("Confirm the minutes"),
            said=gettext_lazy("Confirmed."),
            approves=True,
        ),
        Answer(
            value=WRONG,
            label=gettext_lazy("Something is wrong"),
            hint=gettext_lazy("You tell us which line and what; the rest stands, and you get a corrected version."),
            button=gettext_lazy("Send your objections"),
            said=gettext_lazy("Something is wrong."),
            needs_text=True,
            takes_lines=True,
        ),
    )

    def ask(self, document: Document) -> str:
        return _("%(name)s asks you to confirm the minutes of “%(title)s”") % {
            "name": document.created_by.full_name,
            "title": document.title,
        }

    def subject_line(self, document: Document) -> str:
        return _("Confirm: minutes of “%(title)s”") % {"title": document.title}

    def lines(self, document: Document) -> Sequence[tuple[str, str]]:
        return [(str(line["n"]), f"{line['n']}. {line['topic']}") for line in document.data["lines"]]

    def newer_request(self, document: Document) -> SignRequest | None:
        minutes = Minutes.objects.filter(pk=document.subject_id).first()
        if minutes is None:
            return None
        newer = Minutes.objects.out().filter(meeting=minutes.meeting_id, version__gt=minutes.version).first()
        return SignRequest.objects.filter(document=newer.document_id).first() if newer and newer.document_id else None

    def is_current(self, document: Document) -> bool:
        minutes = Minutes.objects.filter(pk=document.subject_id).first()
        if minutes is None:
            return False
        return not Minutes.objects.out().filter(meeting=minutes.meeting_id, version__gt=minutes.version).exists()

    def decided(self, request: SignRequest, *, now: datetime) -> None:
        minutes = Minutes.objects.get(pk=request.document.subject_id)
        if request.outcome == SignRequest.Outcome.APPROVED:
            move(minutes, Minutes.Status.CONFIRMED, by=_who(request), now=now, action="minutes.confirmed", answered_at=now)
            return
        objectors = [s for s in request.signatories.order_by("decided_at") if s.decided_at and s.answer != CONFIRM]
        texts = [s.text.strip() for s in objectors if s.text.strip()]
        move(
            minutes, Minutes.Status.DISPUTED, by=_who(request), now=now, action="minutes.disputed",
            reason="\n".join(texts), answered_at=now, answer_text="\n\n".join(texts),
        )  # fmt: skip
        for line in MinuteLine.objects.filter(minutes=minutes):
            said = [str(s.line_texts.get(str(line.position), "")).strip() for s in objectors]
            line.disputed_text = "\n\n".join(text for text in said if text)
            line.save(update_fields=["disputed_text"])

    def void(self, request: SignRequest, *, now: datetime) -> None:
        minutes = Minutes.objects.get(pk=request.document.subject_id)
        status = {
            SignRequest.Outcome.EXPIRED: Minutes.Status.EXPIRED,
            SignRequest.Outcome.WITHDRAWN: Minutes.Status.WITHDRAWN,
            SignRequest.Outcome.SUPERSEDED: Minutes.Status.SUPERSEDED,
        }[SignRequest.Outcome(request.outcome)]
        move(minutes, status, by=SYSTEM, now=now, action=f"minutes.{status}", reason=request.reason)


def _who(request: SignRequest) -> Acts:
    """Whose answer closed the request."""
    last = request.signatories.exclude(decided_at=None).select_related("contact", "user").order_by("-decided_at", "-pk").first()
    return (last.contact or last.user or SYSTEM) if last else SYSTEM
