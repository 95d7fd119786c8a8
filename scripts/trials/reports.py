"""A weekly run of reports: how far it is, and what must hold of it after any mischief."""

from collections import Counter, defaultdict

from accounts.models import Contact
from agency.models import OutgoingMail
from reporting.models import StatusReport

from .figures import Figure, exactly, told
from .mail_server import MailServer

Status = OutgoingMail.Status


def judge(mail: MailServer, accounts: int) -> list[Figure]:
    """What must hold of the mails after any mischief: what the mail server took against what the rows say."""
    taken: dict[str, list[str]] = defaultdict(list)
    for message in mail.taken():
        taken[message.to].append(message.message_id)
    rows = {row.to_email: row for row in OutgoingMail.objects.filter(letter="reporting.status")}
    again = {to: len(ids) - 1 for to, ids in taken.items() if len(ids) > 1}
    return [
        exactly(
            "reports sent", StatusReport.objects.filter(status=StatusReport.Status.SENT).exclude(file=None).count(), accounts
        ),
        exactly(
            "reports for one account and week",
            Counter(StatusReport.objects.values_list("account", "period")).most_common(1)[0][1],
            1,
        ),
        exactly(
            "lost: contacts without their report",
            accounts - len(taken.keys() & set(Contact.objects.values_list("email", flat=True))),
            0,
        ),
        exactly("doubled under another Message-ID", sum(len(set(ids)) > 1 for ids in taken.values()), 0),
        exactly(
            "arrived twice without a doubt on the books", sum(rows[to].resent_in_doubt < count for to, count in again.items()), 0
        ),
        told("arrived again under the same Message-ID", sum(again.values())),
        exactly(
            "counted as sent but never taken", sum(row.status == Status.SENT and to not in taken for to, row in rows.items()), 0
        ),
        exactly("mails not settled", sum(row.status != Status.SENT for row in rows.values()), 0),
    ]


def arrived(mail: MailServer) -> int:
    return len({message.to for message in mail.taken()})


def is_open() -> bool:
    """Whether something is still on its way or waits for a person."""
    if StatusReport.objects.exclude(status=StatusReport.Status.SENT).exists() or StatusReport.objects.undelivered().exists():
        return True
    return OutgoingMail.objects.exclude(status=Status.SENT).exists()


def progress(mail: MailServer) -> float:
    """How far the run is, from 0 to 1: a fifth for all reports composed, a fifth for all sent, the rest for those with their readers."""
    reports = StatusReport.objects.all()
    done = reports.count() + reports.filter(status=StatusReport.Status.SENT).count() + 3 * arrived(mail)
    return done / (5 * Contact.objects.count())
