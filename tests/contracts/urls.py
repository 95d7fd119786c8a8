"""Every page of the house in one table: who may open it, and with which arguments. A page nobody listed fails the tests.

ADD A PAGE: one line in PAGES, by its URL name.

    "thing_list": page(),                                                   everybody who is logged in
    "thing_detail": page(lambda w: (w.thing.pk,), (999_999,)),              ours in the world, and one that nobody has
    "thing_edit": page(lambda w: (w.thing.pk,), (999_999,), may="things.edit"),   others get 403
    "thing_send": page(lambda w: (w.thing.pk,), (999_999,), may="things.send", post=True),   POST only
    "thing_view": page(public=True),                                        no login: also goes into PUBLIC below, and say why

The things stand in tests/contracts/world.py and belong to the client Acme; a thing that belongs to the agency and not to a
client (a colleague) has no wall: `walled=False`. What the tests do with a row is written in test_walls.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from .world import World

Args = Callable[[World], tuple[Any, ...]]
NOBODY = 999_999


@dataclass(frozen=True)
class Page:
    args: Args | None
    unknown: tuple[Any, ...]
    may: str
    post: bool
    public: bool
    walled: bool
    also: frozenset[int]


def page(
    args: Args | None = None,
    unknown: tuple[Any, ...] = (),
    *,
    may: str = "",
    post: bool = False,
    public: bool = False,
    walled: bool = True,
    also: tuple[int, ...] = (),
) -> Page:
    """`also`: status codes, besides 200 and redirects, that a permitted visitor may get in this world."""
    return Page(args, unknown, may, post, public, walled and args is not None, frozenset(also))


def of(name: str, unknown: Any = NOBODY) -> dict[str, Any]:
    """Arguments of a page by the id of a thing of the world."""
    return {"args": lambda w: (getattr(w, name).pk,), "unknown": (unknown,)}


CLIENT: dict[str, Any] = {"args": lambda w: (w.acme.code,), "unknown": ("ZZZZZ",)}
COLLEAGUE: dict[str, Any] = {**of("teammate"), "walled": False}
JOB: dict[str, Any] = {"args": lambda w: (w.job.number,), "unknown": ("ZZZ-26-0001",)}
DELIVERABLE: dict[str, Any] = {"args": lambda w: (w.deliverable.number,), "unknown": ("ZZZ-26-0001-D01",)}
VERSION: dict[str, Any] = {"args": lambda w: (w.deliverable.number, w.version.number), "unknown": ("ZZZ-26-0001-D01", 1)}
REFERENCE: dict[str, Any] = {"args": lambda w: (w.job.number, w.reference.pk), "unknown": ("ZZZ-26-0001", NOBODY)}
SIGNATORY: dict[str, Any] = {"args": lambda w: (w.signrequest.pk, w.signatory.pk), "unknown": (NOBODY, NOBODY)}
MEETING: dict[str, Any] = {"args": lambda w: (w.meeting.serial,), "unknown": ("ZZZ-M-26-0001",)}
ISSUED: dict[str, Any] = {"args": lambda w: (w.invoice.number,), "unknown": ("1999-00001",)}

#: No login asked. Add a name only with a reason: it is what the whole internet may open.
PUBLIC = frozenset(
    {
        "healthz", "readyz",  # for machines that watch
        "set_theme", "set_language",  # the look of the pages below
        "agency_logo",  # stands in letters and on every public page
        "account_login", "account_logout", "account_inactive", "mfa_authenticate",  # the door
        "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done",
        "sign", "sign_seen", "sign_decline", "sign_pass_on", "sign_document", "sign_sealed", "sign_file", "sign_picture",  # by link
        "verify",  # whoever holds a signed PDF
    }
)  # fmt: skip

ACCOUNTS = {
    "account_login": page(public=True),
    "account_logout": page(public=True),
    "account_inactive": page(public=True),
    "account_reset_password": page(public=True),
    "account_reset_password_done": page(public=True),
    "account_reset_password_from_key": page(public=True),
    "account_reset_password_from_key_done": page(public=True),
    "mfa_authenticate": page(public=True),
    "agency_logo": page(public=True),
    # the world's people log in without a password: there is nothing to ask for again
    "account_reauthenticate": page(also=(403,)),
    "account_change_password": page(),
    "account_set_password": page(),
    "mfa_index": page(),
    "mfa_reauthenticate": page(also=(403,)),
    "mfa_activate_totp": page(),
    "mfa_deactivate_totp": page(also=(404,)),
    "mfa_view_recovery_codes": page(also=(404,)),
    "mfa_generate_recovery_codes": page(),
    "mfa_download_recovery_codes": page(also=(404,)),
    "profile": page(),
    "client_list": page(),
    "client_create": page(may="clients.create"),
    "client_edit": page(**CLIENT, may="clients.edit"),
    "client_archive": page(**CLIENT, may="clients.archive"),
    "client_restore": page(**CLIENT, may="clients.archive", post=True),
    "brand_create": page(**CLIENT, may="accounts.manage"),
    "brand_edit": page(**of("brand"), may="accounts.manage"),
    "brand_archive": page(**of("brand"), may="accounts.manage", post=True),
    "brand_restore": page(**of("brand"), may="accounts.manage", post=True),
    "contact_create": page(**CLIENT, may="contacts.edit"),
    "contact_detail": page(**of("contact")),
    "contact_edit": page(**of("contact"), may="contacts.edit"),
    "contact_may_sign": page(**of("contact"), may="contacts.authorise"),
    "contact_archive": page(**of("contact"), may="contacts.edit"),
    "contact_restore": page(**of("contact"), may="contacts.edit", post=True),
    "account_create": page(**CLIENT, may="accounts.manage"),
    "account_detail": page(**of("account")),
    "account_edit": page(**of("account"), may="accounts.manage"),
    "account_archive": page(**of("account"), may="accounts.manage", post=True),
    "account_restore": page(**of("account"), may="accounts.manage", post=True),
    "account_join": page(**of("account"), may="accounts.manage", post=True, also=(422,)),
    "account_leave": page(lambda w: (w.account.pk, w.member.pk), (NOBODY, NOBODY), may="accounts.manage", post=True),
    "user_list": page(),
    "user_invite": page(may="users.manage"),
    "user_detail": page(**COLLEAGUE),
    "user_edit": page(**COLLEAGUE, may="users.manage"),
    "user_hand_over": page(**COLLEAGUE, may="users.manage"),
    "user_deactivate": page(**COLLEAGUE, may="users.manage"),
    "user_reactivate": page(**COLLEAGUE, may="users.manage", post=True),
    "user_invite_again": page(**COLLEAGUE, may="users.manage", post=True),
    "user_reset_second_factor": page(**COLLEAGUE, may="users.manage", post=True),
    "agency_profile": page(may="agency.edit"),
}

DESK = {
    "healthz": page(public=True),
    "readyz": page(public=True),
    "set_theme": page(public=True),
    "set_language": page(public=True),
    "my_day": page(),
    "dashboard": page(may="dashboard.view"),
    "search": page(),
    "job_detail": page(**JOB),
    "client_detail": page(**CLIENT),
    "history": page(lambda w: ("jobsheets", "job", w.job.pk), ("jobsheets", "job", NOBODY)),
    "history_list": page(may="outbox.manage"),
    "room": page(),
    "room_leave": page(),
    "outbox": page(may="outbox.manage"),
    "paper_retry": page(lambda w: ("invoice", w.invoice.pk), ("invoice", NOBODY), may="invoices.send", post=True),
    "outbox_decide": page(lambda w: (w.mail.pk, "retry"), (NOBODY, "retry"), may="outbox.manage", post=True, walled=False),
}
if settings.MAILBOX:
    DESK |= {
        "mailbox": page(),
        "mailbox_mail": page(**of("mail"), walled=False),
        "mailbox_body": page(**of("mail"), walled=False),
        "mailbox_file": page(lambda w: (w.mail.pk, NOBODY), (NOBODY, NOBODY), walled=False, also=(404,)),
    }

MEETINGS = {
    "meeting_list": page(),
    "meeting_create": page(may="meetings.write"),
    "meeting_detail": page(**MEETING),
    "meeting_edit": page(**MEETING, may="meetings.write"),
    "meeting_cancel": page(**MEETING, may="meetings.write"),
    "agenda_send": page(**MEETING, may="meetings.send", post=True),
    "minutes_start": page(**MEETING, may="meetings.write", post=True),
    "minutes_edit": page(**MEETING, may="meetings.write"),
    "minutes_send": page(**MEETING, may="meetings.send"),
    "minutes_amend": page(**MEETING, may="meetings.write", post=True, also=(409,)),
    "minutes_pdf": page(**MEETING, also=(404,)),
    "step_list": page(),
    "step_done": page(**of("step"), post=True, also=(403,)),
}

BILLING = {
    "invoice_list": page(may="invoices.view"),
    "invoice_create": page(may="invoices.request"),
    "invoice_draft": page(**of("draft"), may="invoices.view"),
    "invoice_edit": page(**of("draft"), may="invoices.request"),
    "invoice_discard": page(**of("draft"), may="invoices.request", post=True),
    "invoice_request": page(**of("draft"), may="invoices.request", post=True, also=(409,)),
    "invoice_approve": page(**of("draft"), may="invoices.approve", post=True, also=(409,)),
    "invoice_return": page(**of("draft"), may="invoices.return", also=(409,)),
    "invoice_issue": page(**of("draft"), may="invoices.issue", also=(409,)),
    "invoice_detail": page(**ISSUED, may="invoices.view"),
    "invoice_pdf": page(**ISSUED, may="invoices.view", also=(404, 409)),
    "invoice_preview": page(**ISSUED, may="invoices.view", also=(404,)),
    "invoice_credit": page(**ISSUED, may="invoices.credit"),
    "invoice_send": page(**ISSUED, may="invoices.send", also=(409,)),
    "payment_record": page(**ISSUED, may="payments.record"),
    "payment_reverse": page(**of("payment"), may="payments.record"),
    "chase_pause": page(**ISSUED, may="chase.manage"),
    "chase_resume": page(**ISSUED, may="chase.manage", post=True, also=(409,)),
    "receivables": page(may="invoices.view"),
    "chase": page(may="chase.manage"),
}

JOBSHEETS = {
    "job_list": page(),
    "job_create": page(may="jobs.create"),
    "job_edit": page(**JOB, may="jobs.edit"),
    "job_copy": page(**JOB, may="jobs.create"),
    "job_due": page(**JOB, may="jobs.edit"),
    "job_hold": page(**JOB, may="jobs.hold"),
    "job_resume": page(**JOB, may="jobs.hold", post=True),
    "job_cancel": page(**JOB, may="jobs.cancel"),
    "job_close": page(**JOB, may="jobs.close"),
    "job_reopen": page(**JOB, may="jobs.reopen"),
    "job_override": page(**JOB, may="jobs.override"),
    "job_sheet": page(**JOB),
    "sheet_pdf": page(lambda w: (w.job.number, 1), ("ZZZ-26-0001", 1), also=(404,)),
    "sheet_send": page(**JOB, may="signoffs.send"),
    "job_submit": page(**JOB, may="jobs.submit", post=True),
    "job_take_back": page(**JOB, may="jobs.submit", post=True),
    "job_approve": page(**JOB, post=True, also=(403,)),
    "job_return": page(**JOB, also=(403,)),
    "job_acknowledge": page(**JOB, post=True, also=(403,)),
    "job_question": page(**JOB, also=(403,)),
    "job_people": page(**JOB, may="jobs.assign"),
    "job_unassign": page(lambda w: (w.job.number, w.assignment.pk), ("ZZZ-26-0001", NOBODY), may="jobs.assign", post=True),
    "job_references": page(**JOB),
    "reference_file": page(**REFERENCE),
    "reference_thumbnail": page(**REFERENCE, also=(404,)),
    "reference_remove": page(**REFERENCE, post=True, also=(403,)),  # the account side, and who works on the job
    "deliverable_add": page(**JOB, may="jobs.edit"),
    "deliverable_detail": page(**DELIVERABLE),
    "deliverable_edit": page(**DELIVERABLE, may="jobs.edit"),
    "deliverable_drop": page(**DELIVERABLE, may="jobs.edit"),
    "deliverable_reopen": page(**DELIVERABLE, may="jobs.submit"),
    "version_upload": page(**DELIVERABLE, may="versions.upload", also=(403,)),  # creatives who acknowledged the sheet
    "version_file": page(**VERSION),
    "version_preview": page(**VERSION, also=(404,)),
    "version_thumbnail": page(**VERSION, also=(404,)),
    "version_check": page(**VERSION, may="versions.check", also=(403,)),  # not by the maker
    "version_release": page(**VERSION, may="versions.release", post=True),
    "version_refuse": page(**VERSION, may="versions.release"),
    "version_send": page(**VERSION, may="signoffs.send"),
}

SIGNOFFS = {
    "sign": page(public=True),
    "sign_seen": page(public=True),
    "sign_decline": page(public=True),
    "sign_pass_on": page(public=True),
    "sign_document": page(public=True),
    "sign_sealed": page(public=True),
    "sign_file": page(public=True),
    "sign_picture": page(public=True),
    "verify": page(public=True),
    "signrequest_list": page(),
    "signrequest_detail": page(**of("signrequest")),
    "signoff_withdraw": page(**of("signrequest"), may="signoffs.manage"),
    "signoff_document": page(**of("signrequest"), also=(404,)),
    "signoff_sealed": page(**of("signrequest"), also=(404,)),
    "signoff_file": page(lambda w: (w.signrequest.pk, NOBODY), (NOBODY, NOBODY), also=(404,)),
    "signoff_picture": page(lambda w: (w.signrequest.pk, NOBODY, "preview"), (NOBODY, NOBODY, "preview"), also=(404,)),
    "signoff_sign": page(**of("signrequest"), also=(404,)),
    "signoff_seen": page(**of("signrequest"), post=True, also=(404,)),
    "signoff_decline": page(**of("signrequest"), also=(404,)),
    "signoff_delegation": page(lambda w: (w.signrequest.pk, w.delegation.pk), (NOBODY, NOBODY), may="signoffs.confirm_delegate"),
    "signoff_resend": page(**SIGNATORY, may="signoffs.manage", post=True),
    "signoff_address": page(**SIGNATORY, may="signoffs.manage"),
    "signoff_reminders": page(**SIGNATORY, may="signoffs.manage", post=True),
}

REPORTING = {
    "report_list": page(),
    "report_detail": page(**of("report")),
    "report_refresh": page(**of("report"), may="reports.edit", post=True),
    "report_hold": page(**of("report"), may="reports.edit"),
    "report_release": page(**of("report"), may="reports.edit", post=True),
    "report_skip": page(**of("report"), may="reports.edit"),
    "report_send": page(**of("report"), may="reports.edit"),
    "report_pdf": page(**of("report"), also=(404,)),
}

PAGES: dict[str, Page] = {**ACCOUNTS, **DESK, **JOBSHEETS, **MEETINGS, **BILLING, **SIGNOFFS, **REPORTING}
