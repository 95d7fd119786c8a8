"""The pages that are measured, and the addresses each is measured at: several things of a kind, as they lie in the data.

A list or detail page that is missing here fails `tests/scripts/test_bench.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Client, Contact, User
from accounts.visibility import accounts_for, clients_for
from billing.models import Invoice
from jobsheets.models import Deliverable, Job
from meetings.models import Meeting
from reporting.models import StatusReport
from signoffs.links import token_of
from signoffs.models import Signatory, SignRequest

#: How many things of a kind each detail page is measured with.
THINGS = 10
#: Times the bare page, and queries.
LIST, DETAIL, DASHBOARD, PUBLIC = 6.0, 6.0, 10.0, 3.0
QUERIES, QUERIES_OF_GATHERING_PAGES = 15, 25


@dataclass(frozen=True)
class Page:
    """`addresses` for a reader may be empty: then this reader has no such page. `name` is that of its URL."""

    label: str
    name: str
    times: float
    addresses: Callable[[User], Iterable[str]]
    queries: int = QUERIES
    public: bool = False


def spread(rows: "QuerySet[Any]", count: int = THINGS) -> list[Any]:
    """As many rows, evenly spread over all of them from the oldest to the newest."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return []
    chosen = {keys[len(keys) * place // count] for place in range(count)}
    return list(rows.filter(pk__in=chosen).order_by("pk"))


def one(name: str) -> Callable[[User], list[str]]:
    return lambda _user: [reverse(name)]


def each(rows: Callable[[User], "QuerySet[Any]"]) -> Callable[[User], list[str]]:
    return lambda user: [thing.get_absolute_url() for thing in spread(rows(user))]


def sheets(user: User) -> list[str]:
    return [reverse("job_sheet", args=[job.number]) for job in spread(Job.objects.visible_to(user))]


def histories(user: User) -> list[str]:
    kind = ContentType.objects.get_for_model(Job)
    jobs = spread(Job.objects.visible_to(user))
    return [reverse("history", args=[kind.app_label, kind.model, job.pk]) for job in jobs]


def searches(user: User) -> list[str]:
    """What people look for: a word of a job's title, a client, somebody's name, a part of a number, nothing there is.

    The last looks like a client's code, which costs one question more: so the most that is asked is the same at each scale.
    """
    job, client = spread(Job.objects.visible_to(user), 1)[0], spread(clients_for(user), 1)[0]
    contact = spread(Contact.objects.visible_to(user), 1)[0]
    words = [max(job.title.split(), key=len), client.name.split()[0], contact.full_name.split()[-1], job.number[:6], "zzqq"]
    return [f"{reverse('search')}?{urlencode({'q': word})}" for word in words]


def sign_pages(_user: User) -> list[str]:
    """Open links of clients' people, without a code to enter first."""
    waiting = Signatory.objects.waiting().filter(contact__archived_at=None, contact__isnull=False, request__code_required=False)
    return [reverse("sign", args=[token_of(one.pk, one.link_number)]) for one in spread(waiting)]


def invoices(user: User) -> "QuerySet[Invoice]":
    return Invoice.objects.visible_to(user).exclude(number=None)


def drafts(user: User) -> "QuerySet[Invoice]":
    return Invoice.objects.visible_to(user).filter(number=None)


PAGES = (
    Page("/", "my_day", DETAIL, one("my_day"), QUERIES_OF_GATHERING_PAGES),
    Page("/dashboard/", "dashboard", DASHBOARD, one("dashboard"), QUERIES_OF_GATHERING_PAGES),
    Page("/search/", "search", LIST, searches),
    Page("/clients/", "client_list", LIST, one("client_list")),
    Page("/clients/<code>/", "client_detail", DETAIL, each(clients_for)),
    Page("/clients/accounts/<id>/", "account_detail", DETAIL, each(accounts_for)),
    Page("/contacts/<id>/", "contact_detail", DETAIL, each(Contact.objects.visible_to)),
    Page("/jobs/", "job_list", LIST, one("job_list")),
    Page("/jobs/<number>/", "job_detail", DETAIL, each(Job.objects.visible_to), QUERIES_OF_GATHERING_PAGES),
    Page("/jobs/<number>/sheet/", "job_sheet", DETAIL, sheets),
    Page("/deliverables/<number>/", "deliverable_detail", DETAIL, each(Deliverable.objects.visible_to)),
    Page("/signoffs/", "signrequest_list", LIST, one("signrequest_list")),
    Page("/signoffs/<id>/", "signrequest_detail", DETAIL, each(SignRequest.objects.visible_to)),
    Page("/meetings/", "meeting_list", LIST, one("meeting_list")),
    Page("/meetings/<serial>/", "meeting_detail", DETAIL, each(Meeting.objects.visible_to)),
    Page("/meetings/steps/", "step_list", LIST, one("step_list")),
    Page("/reports/", "report_list", LIST, one("report_list")),
    Page("/reports/<id>/", "report_detail", DETAIL, each(StatusReport.objects.visible_to)),
    Page("/invoices/", "invoice_list", LIST, one("invoice_list")),
    Page("/invoices/<number>/", "invoice_detail", DETAIL, each(invoices)),
    Page("/invoices/draft/<id>/", "invoice_draft", DETAIL, each(drafts)),
    Page("/receivables/", "receivables", LIST, one("receivables")),
    Page("/chase/", "chase", LIST, one("chase")),
    Page("/people/", "user_list", LIST, one("user_list")),
    Page("/people/<id>/", "user_detail", DETAIL, each(lambda _user: User.objects.active())),
    Page("/history/", "history_list", LIST, one("history_list")),
    Page("/history/jobsheets/job/<id>/", "history", LIST, histories),
    Page("/outbox/", "outbox", LIST, one("outbox")),
    Page("/s/<token>/", "sign", PUBLIC, sign_pages, public=True),
)


def a_client() -> Client:
    """What the bare page asks for."""
    return Client.objects.order_by("pk")[0]
