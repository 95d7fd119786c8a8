"""Everything there is to see: each page, each page with its errors shown, each state behind a client's link, each refusal.

Most are addresses. What can only be seen after a deed (a form sent in wrong, a link that ran out) is answered by Django's test
client in a transaction that is taken back, and shown to the browser as the answer of that address: the world stays as it was.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from accounts.models import Role, User
from agency.urls import handler400, handler403, handler404, handler500  # noqa: F401
from agency.urls import urlpatterns as real_urls
from billing.models import Invoice
from jobsheets.models import Deliverable, Job, Version
from meetings.models import Meeting
from reporting.models import StatusReport
from signoffs import actions as signing
from signoffs.models import Signatory, SignRequest
from tests.cast import PASSWORD, make_user
from tests.contracts.test_bad_input import Fields, is_machine
from tests.contracts.test_walls import LISTED
from tests.contracts.urls import PAGES
from tests.graph import Graph

#: What a browser downloads instead of showing.
FILES = (
    *("_pdf", "_file", "_document", "_sealed", "_thumbnail", "_preview", "_picture", "_body", "_download", "agency_logo"),
    *("thz", "dyz"),
)


@dataclass(frozen=True)
class Sight:
    """A page to look at; `answer` is what the address says here, where it isn't what it says to everybody."""

    name: str
    url: str
    answer: HttpResponse | None = None


def pages(graph: Graph) -> Iterator[Sight]:
    """Every page of staff with one of everything."""
    for name in LISTED:
        if not PAGES[name].post and not PAGES[name].public and not name.endswith(FILES):
            yield Sight(name, reverse(name, args=PAGES[name].args(graph) if PAGES[name].args else ()))  # type: ignore[misc]


def behind_links(graph: Graph) -> Iterator[Sight]:
    """What needs no login but a link."""
    for about, link in graph.tokens.items():
        yield Sight(f"sign {about}", reverse("sign", args=[link]))
    yield Sight("sign_decline", reverse("sign_decline", args=[graph.tokens["open"]]))
    yield Sight("sign_pass_on", reverse("sign_pass_on", args=[graph.tokens["open"]]))
    yield Sight("verify", reverse("verify"))


def doors(language: str) -> Iterator[Sight]:
    """What somebody sees who isn't logged in yet, or wants to change how: passwords and second factors."""
    names = ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive")
    for name in names:
        yield Sight(name, reverse(name))
    yield Sight("a used reset link", reverse("account_reset_password_from_key", args=["1", "x-y"]))
    with transaction.atomic():
        user = make_user("door@agency.example", Role.CREATIVE, language=language, password=PASSWORD)
        wanted = browser(None, language)
        for name in ("account_login", "account_reauthenticate"):
            wanted.post(reverse(name), {"login": user.email, "password": PASSWORD})
        yield Sight("mfa_activate_totp", reverse("mfa_activate_totp"), wanted.get(reverse("mfa_activate_totp")))
        wrong = wanted.post(reverse("mfa_activate_totp"), {"code": "x"})
        yield Sight("mfa_activate_totp sent wrong", reverse("mfa_activate_totp"), wrong)
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        for name in ("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
            yield Sight(name, reverse(name), wanted.get(reverse(name)))
        for name in ("account_reauthenticate", "mfa_reauthenticate", "account_change_password"):
            yield Sight(name, reverse(name), wanted.get(reverse(name)))
            yield Sight(f"{name} sent wrong", reverse(name), wanted.post(reverse(name), {"password": "x", "code": "x"}))
        asked = browser(None, language)
        asked.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        yield Sight("mfa_authenticate", reverse("mfa_authenticate"), asked.get(reverse("mfa_authenticate")))
        wrong = asked.post(reverse("mfa_authenticate"), {"code": "x"})
        yield Sight("mfa_authenticate sent wrong", reverse("mfa_authenticate"), wrong)
        link = reverse(
            "account_reset_password_from_key", args=[user_pk_to_url_str(user), default_token_generator.make_token(user)]
        )
        yield Sight("a reset link", link, browser(None, language).get(link, follow=True))
        transaction.set_rollback(True)


def other_states(graph: Graph) -> Iterator[Sight]:
    """The same pages about things in another state."""
    jobs = ("job_detail", "job_sheet", "job_edit", "job_people", "job_references")
    for job in Job.objects.order_by("pk"):
        for name in jobs:
            yield Sight(f"{name} {job.status}", reverse(name, args=[job.number]))
    for deliverable in Deliverable.objects.order_by("pk"):
        yield Sight(f"deliverable_detail {deliverable.number}", reverse("deliverable_detail", args=[deliverable.number]))
    for version in Version.objects.order_by("pk"):
        for name in ("version_check", "version_send", "version_refuse"):
            yield Sight(f"{name} {version}", reverse(name, args=[version.deliverable.number, version.number]))
    for request in SignRequest.objects.order_by("pk"):
        for name in ("signrequest_detail", "signoff_withdraw", "signoff_sign"):
            yield Sight(f"{name} {request.outcome}", reverse(name, args=[request.pk]))
    for meeting in Meeting.objects.order_by("pk"):
        for name in ("meeting_detail", "minutes_edit", "minutes_send", "meeting_edit"):
            yield Sight(f"{name} {meeting.serial}", reverse(name, args=[meeting.serial]))
    for invoice in Invoice.objects.order_by("pk"):
        if invoice.number:
            yield Sight(f"invoice_detail {invoice.number}", reverse("invoice_detail", args=[invoice.number]))
        else:
            yield Sight(f"invoice_draft {invoice.status}", reverse("invoice_draft", args=[invoice.pk]))
            yield Sight(f"invoice_issue {invoice.status}", reverse("invoice_issue", args=[invoice.pk]))
    for report in StatusReport.objects.order_by("pk"):
        yield Sight(f"report_detail {report.pk}", reverse("report_detail", args=[report.pk]))
    for name, query in (
        ("search", "Poster"),
        ("search", "nothing like it"),
        ("job_list", "nothing like it"),
        ("client_list", "?"),
    ):
        yield Sight(f"{name} {query}", f"{reverse(name)}?q={query}")


# What is seen after a deed


def browser(user: User | None, language: str) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def after(client: Client, url: str, *deeds: Callable[[], object], data: dict[str, Any] | None = None) -> HttpResponse:
    """The answer of `url` after the deeds, which are then taken back."""
    with transaction.atomic():
        for deed in deeds:
            deed()
        response: Any = client.get(url) if data is None else client.post(url, data)
        transaction.set_rollback(True)
    answer: HttpResponse = response
    return answer


def forms_sent_wrong(sights: list[Sight], user: User | None, language: str) -> Iterator[Sight]:
    """Each form with errors beside its fields: sent in empty, or with what no field takes, whichever shows more of them."""
    for sight in sights:
        client = browser(user, language)  # a new one: sending in some of these forms logs out
        page = client.get(sight.url)
        main = page.content.decode().partition("<main")[2].partition("</main")[0] if page.status_code == 200 else ""
        posted = re.search(r'<form[^>]*method="post"[^>]*>(?!\s*<button)', main)
        fields = Fields()
        fields.feed(main)
        if not posted or not fields.names:
            continue
        kept = {name: value for name, value in fields.names.items() if is_machine(name, value) and name != "step"}
        answers = [
            after(client, sight.url, data=dict.fromkeys(fields.names, value) | kept)
            for value in ("", "?", "a\x00b", "x" * 70_000)
        ]
        worst = max(answers, key=lambda answer: answer.content.count(b"cs-error"))
        if b"cs-error" in worst.content:
            yield Sight(f"{sight.name} sent wrong", sight.url, worst)


def states_behind_a_link(graph: Graph, language: str) -> Iterator[Sight]:
    """What a client's link shows when the answer is given, or no longer wanted."""
    client, link = browser(None, language), reverse("sign", args=[graph.tokens["open"]])
    asked, request = graph.open_signatory, graph.open_request
    shown, outcome = Signatory.objects.filter(pk=asked.pk), SignRequest.objects.filter(pk=request.pk)
    given = signing.Given("", request.document.sha256, signing.Signature("Marta"), text=graph.long("We stop this campaign"))

    def close(word: str) -> Callable[[], object]:
        return lambda: outcome.update(
            outcome=word, closed_at=graph.now, reason="We found a mistake." if word == "withdrawn" else ""
        )

    deeds: dict[str, Callable[[], object]] = {
        "declined": lambda: signing.decline(asked, given, now=graph.now),
        "expired": lambda: outcome.update(expires_at=graph.now - timedelta(hours=1)),
        "withdrawn": close("withdrawn"),
        "superseded": close("superseded"),
        "closed": close("approved"),
        "passed on": lambda: shown.update(delegated_to=graph.open_request.signatories.exclude(pk=asked.pk).first()),
        "not your turn": lambda: shown.update(invited_at=None),
        "preparing": lambda: outcome.update(sent_at=None),
    }
    for state, deed in deeds.items():
        yield Sight(f"sign {state}", link, after(client, link, deed))
    answer = {
        "step": "check",
        "answer": "approved",
        "typed_name": "Marta",
        "signature": "typed",
        "document": request.document.sha256,
    }
    yield Sight("sign check", link, after(client, link, data=answer))
    yield Sight("sign changes", link, after(client, link, data=answer | {"answer": "changes", "text": "The logo is too small."}))
    yield Sight("sign unknown", reverse("sign", args=["x" * 40]))


# Refusals


def _raising(error: Exception) -> Any:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    *real_urls,
    path("t/400/", _raising(SuspiciousOperation("odd"))),
    path("t/403/", _raising(PermissionDenied("not yours"))),
    path("t/413/", _raising(RequestDataTooBig("large"))),
    path("t/500/", _raising(RuntimeError("broken"))),
]


def refusals(graph: Graph, user: User | None, language: str) -> Iterator[Sight]:
    """400, 403, 403 without the form's own secret, 404, 405, 413, 500."""
    client = browser(user, language)
    with override_settings(ROOT_URLCONF=__name__):
        for code in (400, 403, 413, 500):
            yield Sight(str(code), f"/t/{code}/", after(client, f"/t/{code}/"))
    yield Sight("404", "/nothing/here/")
    if user:
        yield Sight("405", reverse("job_submit", args=[graph.job.number]))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    yield Sight("403 csrf", reverse("account_login"), after(strict, reverse("account_login"), data={"login": "x"}))
