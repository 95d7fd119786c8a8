"""The record is written with the change and can't be changed afterwards, by any way into the database."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy, override

from agency import immutable
from agency.audit import SYSTEM, Actor, record, register_sentences, register_words
from agency.errors import Immutable
from agency.models import Agency, AuditEntry
from tests.cast import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(now):
    return record("test.done", Agency.current(), by=SYSTEM, now=now, new={"to": "blue"}, reason="because")


def test_an_entry_says_who_did_what_to_what(now):
    client = make_client("ACM", "Acme")
    entry = record("test.done", client, by=Actor("user", 7, "Ana"), now=now, old={"a": 1}, new={"a": 2})
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.at) == ("user", 7, "Ana", now)
    assert entry.object == client
    assert entry.object_label == "Acme"
    assert entry.client_id == client.pk  # found by itself: a forgotten client would hide the entry or show it to the wrong people
    assert list(AuditEntry.objects.for_object(client)) == [entry]


def test_python_refuses_to_change_an_entry(entry):
    entry.reason = "other"
    for change in (entry.save, entry.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(reason="x")):
        with pytest.raises(Immutable):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agency_auditentry SET reason = 'x'",
        "UPDATE agency_auditentry SET at = at",
        "DELETE FROM agency_auditentry",
    ],
)
def test_the_database_refuses_to_change_an_entry(entry, statement):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.filter(pk=entry.pk, reason="because").exists()


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_empty_the_record(now):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    record("test.done", None, by=SYSTEM, now=now)
    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE agency_auditentry")
    assert AuditEntry.objects.exists()


def test_all_triggers_are_in_the_database():
    """SQLite drops triggers when a migration rebuilds a table: after migrate every one must be back."""
    assert immutable.expected() <= set(immutable.installed())
    assert any("auditentry" in name for name in immutable.expected())


def test_a_sentence_is_read_in_the_readers_language_and_never_fails(entry):
    register_sentences({"test.done": gettext_lazy("painted %(object)s %(new_to)s, %(new_missing)s%(reason)s")})
    with override("en"):
        assert entry.sentence == f"painted {Agency.current()} blue, because"


def test_what_was_chosen_is_read_in_the_readers_language_too(entry, now):
    register_sentences({"test.done": gettext_lazy("painted %(object)s %(new_to)s")})
    register_words({"test.done": {"new_to": {"late": gettext_lazy("Client")}}})
    chosen = record("test.done", None, by=SYSTEM, now=now, new={"to": "late"})
    with override("en"):
        assert chosen.sentence == "painted  Client"
        assert entry.sentence == f"painted {Agency.current()} blue"  # recorded as a word, before the choices were known
    with override("ru"):
        assert chosen.sentence.endswith("Клиент")


def test_a_reason_is_shown_once(now):
    register_sentences({"test.said": gettext_lazy("painted it: %(reason)s"), "test.unsaid": gettext_lazy("painted it")})
    for action in ("test.said", "test.unsaid"):
        entry = record(action, Agency.current(), by=SYSTEM, now=now, reason="they like blue")
        assert render_to_string("cs/timeline.html", {"entries": [entry]}).count("they like blue") == 1


def test_an_action_without_a_sentence_is_still_shown(now):
    assert "unknown.deed" in record("unknown.deed", None, by=SYSTEM, now=now).sentence
