"""What else happens in a working agency: an override, a question, the wrong signatory, a promise to pay, mails that don't arrive."""

from datetime import timedelta

from agency.models import OutgoingMail
from billing import actions as money
from billing.models import Invoice
from jobsheets import actions as work
from jobsheets.models import Job
from meetings import actions as talking
from meetings.models import NextStep
from signoffs import actions as signing
from signoffs.models import Signatory

from .directory import Directory
from .play import Days, Story

Status = OutgoingMail.Status


def events(directory: Directory, days: Days) -> list[Story]:
    """Each as a story of its own (desk/demo/play.py)."""
    return [
        let_pass(directory, days), ask(directory, days), pass_on(directory, days), promise(directory, days),
        done(directory, days), lose_mails(days),
    ]  # fmt: skip


def let_pass(directory: Directory, days: Days) -> Story:
    """A director lets work begin on a sheet that lacks one word, with a reason that is counted."""
    now = yield days.ago(2, 12, 15)
    reason = "The Ramadan sites must be booked with a sketch by Thursday; creative direction reads the sheet tonight."
    job = Job.objects.get(account__client__code="NUR", status=Job.Status.APPROVAL)
    work.override_gate(job, "version", reason, by=directory.users["director"], now=now)


def ask(directory: Directory, days: Days) -> Story:
    """Instead of acknowledging, the art director asks."""
    now = yield days.ago(0, 16, 40)
    job = Job.objects.get(account__client__code="AZU", title="Menú de temporada")
    question = "Is the menu printed once, or weekly with changing prices? It decides between lamination and paper."
    work.ask_question(job, question, by=directory.users["creative"], now=now)


def pass_on(directory: Directory, days: Days) -> Story:
    """The client's director says somebody else should sign; the account executive has to confirm it."""
    now = yield days.ago(0, 12, 35)
    signatory = Signatory.objects.waiting().get(request__document__title__startswith="Etiqueta colgante")
    reason = "Estoy de viaje hasta el jueves. Joan lleva el taller y conoce las piezas."
    signing.propose_delegate(signatory, name="Joan Ferrer", email="j.ferrer@casaluz.example", reason=reason, now=now)


def promise(directory: Directory, days: Days) -> Story:
    """A client's bookkeeper promised; until then nobody reminds her."""
    now = yield days.ago(2, 10, 5)
    invoice = Invoice.objects.unpaid().get(account__client__code="VRB")
    day = f"{days.ahead(6):%-d %B}"
    reason = f"Olga Kim promised on the telephone to pay by {day}; no reminder before."
    money.pause_chase(invoice, reason=reason, by=directory.users["finance"], now=now)


def done(directory: Directory, days: Days) -> Story:
    """Next steps of ours that were due are done, most of them; one is late."""
    now = yield days.ago(1, 17, 10)
    steps = NextStep.objects.binding().filter(user__isnull=False, done_at=None, due_at__lt=now).order_by("pk")
    for step in list(steps)[:-1]:
        talking.complete_step(step, by=step.user or directory.users["ae"], now=now)


def lose_mails(days: Days) -> Story:
    """Two letters that a mail server refused, and one nobody knows about: the outbox shows them, with what to do."""
    now = yield days.until - timedelta(minutes=1)
    refuse("reporting.status", "fahad@nur.example", "550 5.1.1 <fahad@nur.example>: Recipient address rejected: User unknown")
    refuse("billing.reminder", "caiwu@chenguang.example", "552 5.2.2 <caiwu@chenguang.example>: Mailbox full")
    doubt = OutgoingMail.objects.filter(letter="billing.reminder", to_email="facturas@azulejo.example", status=Status.SENT)
    if mail := doubt.order_by("-pk").first():
        sent = mail.sent_at or now
        facts = {
            "leased_until": sent + timedelta(minutes=2),
            "last_error": "The connection broke before the mail server answered.",
        }
        OutgoingMail.objects.filter(pk=mail.pk).update(status=Status.IN_DOUBT, sent_at=None, claim="", **facts)


def refuse(letter: str, address: str, answer: str) -> None:
    """As if the mail server had refused the newest such letter for good."""
    mail = OutgoingMail.objects.filter(letter=letter, to_email=address, status=Status.SENT).order_by("-pk").first()
    if mail:
        OutgoingMail.objects.filter(pk=mail.pk).update(status=Status.FAILED, sent_at=None, last_error=answer)
