"""Papers: counted, put off for longer each time, shown, never forgotten, and made by one at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client as Browser
from django.utils import translation

from accounts.models import User
from accounts.permissions import may
from agency import papers, pdf
from agency.errors import Refused
from agency.models import PaperTry
from billing import tasks
from billing.models import Invoice
from desk.papers import todos
from tests.cast import NOW, Cast

Make = Callable[..., Invoice]
pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(minutes=3)


def fails() -> None:
    raise Refused("The disk is full.")


def fail(paper: Invoice, times: int) -> datetime:
    """Let it fail so often, each time as soon as its turn comes; answers when the next turn comes."""
    for _time in range(times):
        entry = PaperTry.objects.first()
        papers.attempt(paper, fails, now=entry.again_at if entry else NOW)
    return PaperTry.objects.get().again_at


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(papers, "ring", lambda _task, pk: found.append(pk))
    return found


def test_a_paper_that_is_made_leaves_no_trace(make_issued: Make) -> None:
    assert papers.attempt(make_issued(), lambda: None, now=NOW)
    assert not PaperTry.objects.exists()


def test_pauses_grow_and_it_is_never_given_up(make_issued: Make) -> None:
    invoice = make_issued()
    turns = [fail(invoice, 1) for _n in range(12)]
    pauses = [after - before for before, after in pairwise([NOW, *turns])]
    assert pauses[: len(papers.PAUSES)] == papers.PAUSES
    assert set(pauses[len(papers.PAUSES) :]) == {timedelta(hours=4)}
    assert PaperTry.objects.get().error == "The disk is full."
    assert papers.attempt(invoice, lambda: None, now=turns[-1])
    assert not PaperTry.objects.exists()


def test_before_its_turn_nobody_tries(make_issued: Make) -> None:
    invoice, tried = make_issued(), []
    turn = fail(invoice, 2)
    assert not papers.attempt(invoice, lambda: tried.append(1), now=turn - timedelta(seconds=1))
    assert tried == []


def test_two_at_once_are_one(make_issued: Make) -> None:
    invoice, tried = make_issued(), []
    assert papers.attempt(invoice, lambda: tried.append(papers.attempt(invoice, fails, now=NOW)), now=NOW)
    assert tried == [False]


def test_a_renderer_that_takes_its_process_along_is_counted(make_issued: Make) -> None:
    invoice = make_issued()

    def dies() -> None:
        raise SystemExit

    for now in (NOW, NOW + timedelta(hours=1)):
        with pytest.raises(SystemExit):
            papers.attempt(invoice, dies, now=now)
    assert PaperTry.objects.get().tries == 2


def test_the_sweep_rings_for_each_when_its_turn_comes(make_issued: Make, rung: list[int]) -> None:
    bad, lost = make_issued(), make_issued()
    assert papers.waiting_papers(NOW + timedelta(seconds=50)) == 0  # their tasks are on the way
    turn = fail(bad, 3)
    assert papers.waiting_papers(LATE) == 1
    assert papers.waiting_papers(turn) == 1
    assert rung == [lost.pk, bad.pk]


def test_a_long_queue_is_not_made_longer_by_the_sweep(make_issued: Make, rung: list[int]) -> None:
    """Who was rung for and waits in the queue isn't rung for again for five minutes; begun or lost, they are."""
    invoice = make_issued()
    for minute in range(5):
        papers.waiting_papers(LATE + timedelta(minutes=minute))
    assert rung == [invoice.pk]
    papers.waiting_papers(LATE + papers.RUNG_AGAIN)  # lost: again
    assert rung == [invoice.pk] * 2
    begun = LATE + papers.RUNG_AGAIN - timedelta(seconds=10)  # by the clock of a worker that is behind the sweep's
    papers.attempt(invoice, fails, now=begun)
    papers.waiting_papers(begun + timedelta(seconds=29))
    assert rung == [invoice.pk] * 2
    papers.waiting_papers(begun + timedelta(minutes=1))  # it failed, and its next turn has come
    assert rung == [invoice.pk] * 3
    assert papers.attempt(invoice, lambda: None, now=begun + timedelta(minutes=1))
    assert not PaperTry.objects.exists()


def test_the_reader_reads_why_in_their_own_language(
    cast: Cast, make_issued: Make, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The paper is made in its client's language, here Spanish; who looks after it reads Russian."""
    invoice = make_issued()
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 10)

    def too_long() -> None:
        with translation.override("es"):
            pdf.check_size("<p>A long invoice</p>")

    for turn in range(3):
        papers.attempt(invoice, too_long, now=NOW + timedelta(hours=turn))
    error = PaperTry.objects.get().error
    User.objects.filter(pk=cast.finance.pk).update(language="ru")
    client.force_login(cast.finance)
    with translation.override("ru"):
        sentence = translation.gettext(error)
    assert sentence != error
    assert sentence in client.get(invoice.get_absolute_url()).content.decode()


def test_people_are_told_after_two_failures_and_may_retry(
    cast: Cast,
    make_issued: Make,
    rung: list[int],
    client: Browser,
) -> None:
    invoice = make_issued()
    client.force_login(cast.finance)
    fail(invoice, 2)
    assert papers.trouble(invoice) is None
    assert todos(cast.finance, NOW) == []
    turn = fail(invoice, 1)
    page = client.get(invoice.get_absolute_url()).content.decode()
    assert "The PDF can't be made: The disk is full." in page
    assert [todo.url for todo in todos(cast.finance, NOW)] == [invoice.get_absolute_url()]
    assert [todo.url for todo in todos(cast.ae, NOW)] == [invoice.get_absolute_url()]  # she leads the account
    for other in (cast.teammate, cast.outsider, cast.creative):
        assert todos(other, NOW) == []
    answer = client.post(f"/papers/invoice/{invoice.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (302, invoice.get_absolute_url())
    assert rung == [invoice.pk]
    assert PaperTry.objects.get().again_at < turn


def test_other_peoples_stuck_papers_hide_none_of_mine(
    cast: Cast, make_issued: Make, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr("desk.papers.MOST", 1)
    theirs, mine = make_issued(account=cast.rival_account, by=cast.director), make_issued()
    for invoice in (theirs, mine):
        for _time in range(papers.TOLD_FROM):
            papers.attempt(invoice, fails, now=NOW + timedelta(days=_time))
    ContentType.objects.get_for_model(Invoice)
    assert may(cast.ae, "invoices.send")
    with django_assert_num_queries(2):  # what is stuck, and which of it is hers
        assert [todo.url for todo in todos(cast.ae, NOW)] == [mine.get_absolute_url()]
    assert [todo.url for todo in todos(cast.finance, NOW)] == [theirs.get_absolute_url()]  # the oldest first, no more than MOST


def test_the_task_of_an_invoice_fails_quietly_and_comes_again(
    cast: Cast,
    make_issued: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoice = make_issued()
    monkeypatch.setattr("agency.clock.now", lambda: NOW)
    with monkeypatch.context() as broken:
        broken.setattr("agency.pdf.render", lambda *_args, **_options: fails())
        tasks.render_invoice(invoice.pk)
    invoice.refresh_from_db()
    assert invoice.file is None
    tasks.render_invoice(invoice.pk)  # a second ring, before its turn
    invoice.refresh_from_db()
    assert invoice.file is None
    monkeypatch.setattr("agency.clock.now", lambda: LATE)
    tasks.render_invoice(invoice.pk)
    invoice.refresh_from_db()
    assert invoice.file is not None
    assert not PaperTry.objects.exists()


@pytest.mark.parametrize("kind", ["document", "signrequest", "sheetissue", "invoice", "statusreport"])
def test_every_kind_says_what_waits_where_and_who_may_retry(cast: Cast, kind: str) -> None:
    from accounts.permissions import PERMISSIONS

    known: Any = papers.kinds()[kind]
    assert known.permission in PERMISSIONS
    assert list(known.waiting(NOW)) == []
    assert list(known.model._default_manager.all().visible_to(cast.ae)) == []
