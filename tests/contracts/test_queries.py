"""A page asks the database the same number of questions for three things as for thirty, and few of them.

tests/contracts/queries.json holds the number for each page. When a page honestly needs another question, write its new number
there, in the commit that needs it; `pytest tests/contracts/test_queries.py --no-header -rf` names the page and what it asked.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Brand, Contact, Role, User
from billing.models import Allocation, InvoiceLine, Payment
from jobsheets.models import Approval, Assignment, Deliverable, Override, QualityCheck, ReferenceFile, Version
from meetings.models import AgendaPoint, Attendee, MinuteLine, NextStep
from tests.cast import Cast, join, make_cast, make_contact, make_job, make_user
from tests.graph import DAY, Graph, Team, make_graph, make_side

from .conftest import LOCAL_CACHE
from .test_walls import LISTED
from .urls import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
BASELINE = Path(__file__).with_name("queries.json")
#: What a page may ask for one visitor, and the pages that gather so much that they may ask more.
MOST = 15
GATHERING = {"my_day": 25, "job_detail": 25, "dashboard": 25}
LINK_PAGES = ("open", "copy", "signed", "disputed", "sent")


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.CACHES = LOCAL_CACHE
    return make_cast()


@pytest.fixture
def graph(cast: Cast) -> Graph:
    team = Team.of(cast)
    return make_graph(make_side("Quokka", "QKA", team), team, "Quokka")


@pytest.fixture
def reader(graph: Graph) -> User:
    """Somebody with every role on our account, so that every part of a page is shown."""
    user = make_user("all@agency.example", *Role, name="Alma All")
    join(graph.account, user)
    return user


def more(graph: Graph, reader: User, numbers: range) -> None:
    """The same again for each number: another client with everything, and another of each thing that hangs on ours."""
    for n in numbers:
        account = make_side(f"Again{n}", f"AG{chr(65 + n)}", graph.team)
        join(account, reader)
        make_graph(account, graph.team, f"Again{n}")
        user = make_user(f"extra{n}@agency.example", Role.CREATIVE, Role.AE, name=f"Extra {n}")
        join(graph.account, user)
        contact = make_contact(graph.client, f"extra{n}@quokka.example", f"Extra {n}", "deliverable")
        Brand.objects.create(client=graph.client, name=f"Brand {n}")
        hang_on_job(graph, user, n)
        hang_on_meeting(graph, user, contact, n)
        hang_on_money(graph, n)


def hang_on_job(graph: Graph, user: User, n: int) -> None:
    team, job, now, file = graph.team, graph.job, graph.now, graph.reference.file
    job_of_reader = make_job(graph.account, graph.team.ae, status="open", number=f"QKA-25-{n:04d}", due_at=now - DAY)
    for one in (job, job_of_reader):
        Assignment.objects.create(job=one, user=user, craft="copy", assigned_at=now, assigned_by=team.ae)
        Override.objects.create(job=one, gate="version", status="open", reason="Because.", by=user, at=now)
        ReferenceFile.objects.create(job=one, file=file, by=user, at=now)
        Approval.objects.create(job=one, side="strategy", revision=100 + n, approved=True, by=user, at=now)
        made = Deliverable.objects.create(job=one, position=20 + n, title="Card")
        first = Version.objects.create(deliverable=made, number=1, file=file, sha256=file.sha256, by=user, at=now)
        QualityCheck.objects.create(version=first, sha256=file.sha256, items=[], passed=True, by=user, at=now)
    again = Version.objects.create(deliverable=graph.deliverable, number=50 + n, file=file, sha256=file.sha256, by=user, at=now)
    QualityCheck.objects.create(version=again, sha256=file.sha256, items=[], passed=True, by=user, at=now)


def hang_on_meeting(graph: Graph, user: User, contact: Contact, n: int) -> None:
    meeting, minutes = graph.meeting, graph.minutes
    Attendee.objects.create(meeting=meeting, user=user)
    Attendee.objects.create(meeting=meeting, contact=contact)
    AgendaPoint.objects.create(meeting=meeting, position=20 + n, text="More")
    MinuteLine.objects.create(minutes=minutes, position=20 + n, topic="More")
    NextStep.objects.create(minutes=minutes, position=20 + n, text="More", user=user, due_at=graph.now)
    NextStep.objects.create(minutes=minutes, position=60 + n, text="More", contact=contact, due_at=graph.now)


def hang_on_money(graph: Graph, n: int) -> None:
    job = make_job(graph.account, graph.team.ae, number=f"QKA-24-{n:04d}")
    InvoiceLine.objects.create(invoice=graph.draft, position=20 + n, job=job, description="More", unit_price=Decimal(9))
    paid = Payment.objects.create(
        account=graph.account,
        received_on=graph.now.date(),
        amount=Decimal(1),
        currency="EUR",
        by=graph.team.finance,
        at=graph.now,
    )
    Allocation.objects.create(payment=paid, invoice=graph.invoice, amount=Decimal(1))


def pages(graph: Graph) -> Iterator[tuple[str, str]]:
    for name in LISTED:
        row = PAGES[name]
        if not row.post and not row.public:
            yield name, reverse(name, args=row.args(graph) if row.args else ())
    yield "signrequest_detail open", graph.open_request.get_absolute_url()
    yield "signrequest_detail signed", graph.request.get_absolute_url()
    for about in LINK_PAGES:
        yield f"sign {about}", reverse("sign", args=[graph.tokens[about]])


def asked(graph: Graph, reader: User) -> dict[str, list[str]]:
    """What each page asks, without what keeps the session and the agency's row."""
    client, found = Client(raise_request_exception=False), {}
    client.force_login(reader)
    for name, url in pages(graph):
        client.get(url)  # content types and such are kept after the first time
        with CaptureQueriesContext(
            connection,
        ) as context:
            response = client.get(url)
        assert response.status_code < 500, name
        if response.status_code == 200:
            found[name] = [query["sql"] for query in context.captured_queries]
    return found


def shape(sql: str) -> str:
    """A query without its values, so that the same question asked often shows."""
    return re.sub(r"'[^']*'|\b\d+\b", "…", sql)[:180]


def repeated(before: list[str], after: list[str]) -> list[str]:
    """What is asked oftener with more rows."""
    counts = Counter(map(shape, after)) - Counter(map(shape, before))
    return [f"{times} × {sql}" for sql, times in counts.most_common(3)]


def test_pages_ask_as_much_for_many_things_as_for_few_and_not_too_much(graph: Graph, reader: User) -> None:
    more(graph, reader, range(1))
    few = asked(graph, reader)
    more(graph, reader, range(1, 4))
    many = asked(graph, reader)
    assert set(few) == set(many)
    assert len(few) >= 90
    growing = {name: repeated(few[name], many[name]) for name in few if len(many[name]) > len(few[name])}
    assert not growing, (
        "these pages ask for each row anew (select_related, prefetch_related or one query for all):\n"
        + "\n".join(
            f"{name}: {len(few[name])} → {len(many[name])}\n    " + "\n    ".join(which) for name, which in growing.items()
        )
    )
    counts = {name: len(found) for name, found in sorted(many.items())}
    assert over_the_limit(counts) == {}
    known: dict[str, int] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    new = {name: n for name, n in counts.items() if n > known.get(name, -1)}
    assert not new, (
        f"More questions than {BASELINE.name} knows. If they are needed, write them there:\n{json.dumps(new, indent=2)}"
    )


def over_the_limit(counts: dict[str, int]) -> dict[str, int]:
    return {name: n for name, n in counts.items() if n > GATHERING.get(name, MOST)}


def test_the_baseline_keeps_to_the_limits() -> None:
    """Read by somebody with all ten roles at once, so that every part of a page is shown."""
    assert over_the_limit(json.loads(BASELINE.read_text())) == {}
