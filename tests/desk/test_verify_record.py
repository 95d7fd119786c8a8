"""`manage.py verify_record` finds what has been lost or changed, and nothing where nothing has."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from agency import immutable
from agency.models import Counter, StoredFile
from billing.models import Allocation, Invoice, Payment
from jobsheets.models import Job, Version
from signoffs.models import Document, Event, SealedDocument
from tests.cast import Cast, make_cast
from tests.graph import Graph, Team, make_graph

pytestmark = pytest.mark.django_db


@pytest.fixture
def graph(settings: Any, tmp_path: Path) -> Graph:
    settings.MEDIA_ROOT = str(tmp_path)
    cast: Cast = make_cast()
    return make_graph(cast.account, Team.of(cast))


def verdict() -> tuple[int, dict[str, Any]]:
    """The command's exit code and what it found."""
    out, code = StringIO(), 0
    try:
        call_command("verify_record", "--json", stdout=out)
    except SystemExit as left:
        code = int(str(left.code))
    return code, json.loads(out.getvalue())


def test_a_whole_record_is_whole(graph: Graph) -> None:
    code, found = verdict()
    assert code == 0, found
    for name in (
        "event chains",
        "documents",
        "files",
        "versions",
        "invoices",
        "payments",
        "billed jobs",
        "invoice numbers",
        "job numbers",
    ):
        assert found[name]["seen"], name
    assert found["triggers"]["seen"] > 20


def change_event(graph: Graph) -> None:
    event = Event.objects.filter(kind="decided").first()
    assert event
    Event.objects.filter(pk=event.pk)._update([(Event._meta.get_field("data"), None, event.data | {"answer": "other"})])  # type: ignore[attr-defined]


def drop_last_event(graph: Graph) -> None:
    sealed = SealedDocument.objects.first()
    assert sealed
    row = Event.objects.get(request=sealed.request_id, hash=sealed.chain_head)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM signoffs_event WHERE request_id = %s AND sequence >= %s", [sealed.request_id, row.sequence])


def drop_chain(graph: Graph) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM signoffs_event WHERE request_id = %s", [graph.open_request.pk])


def path_of(stored: StoredFile) -> Path:
    return Path(stored.file.path)


def flip_byte(graph: Graph) -> None:
    path = path_of(graph.version.file)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGE: list[tuple[str, Callable[[Graph], Any]]] = [
    ("event chains", change_event),
    ("event chains", drop_last_event),
    ("event chains", drop_chain),
    ("files", flip_byte),
    ("files", lambda graph: path_of(graph.version.file).unlink()),
    ("files", lambda graph: path_of(graph.version.file).write_bytes(b"")),
    ("documents", lambda graph: Document.objects.exclude(file=None).update(sha256="0" * 64)),
    ("versions", lambda graph: Version.objects.update(sha256="0" * 64)),
    ("invoices", lambda graph: Invoice.objects.filter(pk=graph.invoice.pk).update(settled=Decimal(1))),
    ("invoices", lambda graph: Invoice.objects.filter(pk=graph.invoice.pk).update(net=Decimal(1))),
    ("invoices", lambda graph: Allocation.objects.update(amount=Decimal("0.01"))),
    ("payments", lambda graph: Payment.objects.update(amount=Decimal(999))),
    ("billed jobs", lambda graph: Job.objects.exclude(billed_at=None).update(billed_at=None)),
    ("invoice numbers", lambda graph: Invoice.objects.filter(pk=graph.invoice.pk).update(number="2019-00007")),
    ("invoice numbers", lambda graph: Counter.objects.filter(name__startswith="invoice:").update(last=99)),
    ("invoice numbers", lambda graph: Counter.objects.filter(name__startswith="invoice:").delete()),
    ("job numbers", lambda graph: Counter.objects.filter(name__startswith="job:").update(last=0)),
    ("meeting serials", lambda graph: Counter.objects.filter(name__startswith="minutes:").update(last=0)),
]


@pytest.mark.parametrize(("check", "damage"), DAMAGE)
def test_each_damage_is_found_and_named(graph: Graph, check: str, damage: Callable[[Graph], Any]) -> None:
    with immutable.lifted():
        damage(graph)
    code, found = verdict()
    assert code == 1
    assert found[check]["wrong"] == len(found[check]["sentences"]) > 0


def test_missing_triggers_are_found(graph: Graph) -> None:
    immutable.remove()
    code, found = verdict()
    assert code == 1
    assert found["triggers"]["wrong"] == found["triggers"]["seen"]


def test_in_words(graph: Graph) -> None:
    path_of(graph.version.file).unlink()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_record", stdout=out)
    assert "event chains: " in out.getvalue()
    assert f"file {graph.version.file_id} " in out.getvalue()
    quiet = StringIO()
    call_command("verify_record", "--skip", "files", stdout=quiet)
    assert "files" not in quiet.getvalue()
