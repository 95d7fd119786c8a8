"""Search jumps on exact numbers, lists by words, and never shows what the searcher may not see."""

import pytest
from django.db import connection
from django.db.models import Q

from billing.models import Invoice
from desk import search
from jobsheets.models import Deliverable
from tests.cast import NOW, Cast, make_cast, make_contact, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_an_exact_number_jumps_to_the_job(client, cast):
    job = make_job(cast.account, cast.ae)
    client.force_login(cast.ae)
    response = client.get("/search/", {"q": f" {job.number.lower()} "})
    assert response.status_code == 302
    assert response.url == job.get_absolute_url()


def test_a_client_code_jumps_to_the_client(client, cast):
    client.force_login(cast.ae)
    assert client.get("/search/", {"q": "acm"}).url == cast.acme.get_absolute_url()


def test_the_outsider_finds_nothing_by_the_same_number(client, cast):
    job = make_job(cast.account, cast.ae)
    client.force_login(cast.outsider)
    response = client.get("/search/", {"q": job.number})
    assert response.status_code == 200
    assert not response.context["groups"]
    assert job.title not in response.content.decode()


def test_words_find_jobs_contacts_and_clients_of_ours_only(client, cast):
    make_job(cast.account, cast.ae, title="Spring window display")
    make_job(cast.rival_account, cast.outsider, title="Spring window secret")
    make_contact(cast.acme, "spring@acme.example", "Wendy Spring")
    client.force_login(cast.ae)
    response = client.get("/search/", {"q": "spring"})
    shown = {hit.title for group in response.context["groups"] for hit in group.hits}
    assert shown == {"Spring window display", "Wendy Spring"}


def test_words_find_deliverables_still_wanted_with_their_job_and_client(client, cast):
    job = make_job(cast.account, cast.ae, title="Opening")
    Deliverable.objects.create(job=job, position=1, title="Metro panels")
    Deliverable.objects.create(job=job, position=2, title="Metro leaflet", dropped_at=NOW)
    rival = make_job(cast.rival_account, cast.outsider, title="Opening")
    Deliverable.objects.create(job=rival, position=1, title="Metro secret")
    client.force_login(cast.ae)
    (group,) = client.get("/search/", {"q": "metro"}).context["groups"]
    assert [(hit.title, hit.number, hit.under) for hit in group.hits] == [("Metro panels", f"{job.number}-D01", "Acme · Opening")]


def test_a_job_found_says_how_it_stands(client, cast):
    make_job(cast.account, cast.ae, title="Spring window", status="held")
    client.force_login(cast.ae)
    assert "on hold" in client.get("/search/", {"q": "spring"}).content.decode()


def test_invoices_are_found_by_those_who_may_see_them(client, cast):
    job = make_job(cast.account, cast.ae)
    facts = {
        "number": "2026-00042",
        "issued_on": NOW.date(),
        "due_on": NOW.date(),
        "issued_at": NOW,
        "net": 1,
        "tax": 0,
        "gross": 1,
    }
    Invoice.objects.create(
        account=job.account, status="issued", currency="EUR", created_by=cast.ae, created_at=NOW, frozen={}, **facts
    )
    client.force_login(cast.creative)
    for query in ("2026-00042", "00042"):
        assert not client.get("/search/", {"q": query}).context["groups"]
    client.force_login(cast.ae)
    assert client.get("/search/", {"q": "2026-00042"}).url == "/invoices/2026-00042/"
    assert client.get("/search/", {"q": "00042"}).context["groups"]


def test_every_word_must_match(client, cast):
    make_job(cast.account, cast.ae, title="Spring window display")
    client.force_login(cast.ae)
    assert not client.get("/search/", {"q": "spring radio"}).context["groups"]


@pytest.mark.parametrize("few", [0, search.FEW])
def test_a_word_may_stand_in_the_clients_name_and_another_in_the_title(client, cast, monkeypatch, few):
    monkeypatch.setattr(search, "FEW", few)
    job = make_job(cast.account, cast.ae, title="Spring window display")
    make_job(cast.account, cast.ae, title="Radio spot")
    make_job(cast.rival_account, cast.outsider, title="Spring window secret")
    client.force_login(cast.director)
    (group,) = client.get("/search/", {"q": "window acme"}).context["groups"]
    assert [hit.number for hit in group.hits] == [job.number]
    client.force_login(cast.ae)
    assert not client.get("/search/", {"q": "window rival"}).context["groups"]


@pytest.mark.servers
def test_postgresql_finds_words_of_each_kind_by_an_index(cast):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite reads all rows")
    named = search.clients_named(["acme"], cast.director)["acme"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind in search.KINDS:
            words = search.somewhere("acme", kind.fields) | (named if kind.by_client else Q())
            model = kind.queryset(cast.director).model
            assert f"{model._meta.db_table}_words" in model._default_manager.filter(words).order_by().explain(), kind.name


@pytest.mark.parametrize("query", ["%", "_", "a" * 5000, "'; DROP TABLE", "\x00", "ACM-99-9999", "<script>alert(1)"])
def test_odd_queries_get_an_answer(client, cast, query):
    client.force_login(cast.ae)
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
