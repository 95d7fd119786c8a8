"""Versions: made, checked by another, released; files that aren't what they say."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from agency.errors import NotPermitted, Refused, WrongState
from agency.models import OutgoingMail, StoredFile
from jobsheets import actions
from jobsheets.checklist import CHECKLIST
from jobsheets.models import Deliverable, Job, QualityCheck, Release, Version
from jobsheets.states import load_deliverables
from tests.cast import NOW, Cast

from .conftest import all_ok, picture

pytestmark = pytest.mark.django_db


def state(deliverable: Deliverable) -> str:
    row: Any = load_deliverables(Deliverable.objects.filter(pk=deliverable.pk))[0]
    return str(row.state.key)


def letters(name: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(letter=f"jobsheets.{name}").values_list("to_email", flat=True))


def test_a_creative_must_be_on_the_job(cast: Cast, deliverable: Deliverable) -> None:
    with pytest.raises(NotPermitted, match="aren't on this job"):
        actions.upload_version(deliverable, picture(), by=cast.second_creative, now=NOW)
    with pytest.raises(NotPermitted):
        actions.upload_version(deliverable, picture(), by=cast.planner, now=NOW)
    actions.upload_version(deliverable, picture(), by=cast.ae, now=NOW)  # the account side files what came by mail


def test_a_version_is_its_file(cast: Cast, version: Version) -> None:
    assert version.sha256 == version.file.sha256
    assert version.number == 1
    assert letters("check") == [cast.ae.email]  # nobody else is on the job
    for change in ({"sha256": "0" * 64}, {"note": "x"}, {"number": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).delete()


def test_the_same_file_twice_is_a_second_click(cast: Cast, version: Version) -> None:
    with pytest.raises(Refused, match="same file"):
        actions.upload_version(version.deliverable, picture(), by=cast.creative, now=NOW)
    second = actions.upload_version(version.deliverable, picture("blue"), by=cast.creative, now=NOW)
    assert second.number == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("poster.png", b"<html><script>alert(1)</script>"),
        ("poster.pdf", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("poster.png", b""),
        ("poster.exe", b"MZ\x90\x00" + b"\0" * 100),
        ("poster.png", b"\x89PNG\r\n\x1a\n" + b"not really a picture"),
    ],
)
def test_hostile_files_are_refused_and_nothing_is_kept(cast: Cast, deliverable: Deliverable, name: str, data: bytes) -> None:
    files = StoredFile.objects.count()
    with pytest.raises(Refused):
        actions.upload_version(deliverable, SimpleUploadedFile(name, data), by=cast.creative, now=NOW)
    assert not deliverable.versions.exists()
    assert StoredFile.objects.count() == files


def test_the_maker_doesnt_check(cast: Cast, version: Version) -> None:
    with pytest.raises(NotPermitted, match="someone else"):
        actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.creative, now=NOW)
    assert state(version.deliverable) == "check"


def test_a_check_answers_every_line_and_describes_flaws(cast: Cast, version: Version) -> None:
    missing, twice, unknown, vague = all_ok()[1:], [*all_ok()[1:], all_ok()[1]], all_ok(), all_ok()
    unknown[0]["answer"] = "perhaps"
    vague[2] = {"key": CHECKLIST[2].key, "answer": "not_ok", "note": " "}
    for items in (missing, twice, unknown, vague, []):
        with pytest.raises(Refused):
            actions.record_quality_check(version, items, sha256=version.sha256, by=cast.teammate, now=NOW)
    assert not QualityCheck.objects.exists()


def test_a_check_is_bound_to_the_file_and_the_newest_version(cast: Cast, version: Version) -> None:
    with pytest.raises(Refused, match="newer version"):
        actions.record_quality_check(version, all_ok(), sha256="0" * 64, by=cast.teammate, now=NOW)
    actions.upload_version(version.deliverable, picture("blue"), by=cast.creative, now=NOW)
    with pytest.raises(Refused, match="newer version"):
        actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.teammate, now=NOW)


def test_a_flaw_goes_back_to_the_maker(cast: Cast, version: Version) -> None:
    items = all_ok()
    items[1] |= {"answer": "not_ok", "note": "“Valenca” in line 2"}
    check = actions.record_quality_check(version, items, sha256=version.sha256, by=cast.teammate, now=NOW)
    assert not check.passed
    assert state(version.deliverable) == "flawed"
    assert letters("refused") == sorted([cast.creative.email, cast.ae.email])
    assert "“Valenca” in line 2" in OutgoingMail.objects.filter(letter="jobsheets.refused")[0].text
    with pytest.raises(Refused, match="quality check"):
        actions.release_version(version, sha256=version.sha256, by=cast.creative_director, now=NOW)


def test_release_is_the_creative_directors_and_needs_a_check(cast: Cast, version: Version) -> None:
    with pytest.raises(Refused, match="quality check"):
        actions.release_version(version, sha256=version.sha256, by=cast.creative_director, now=NOW)
    actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.teammate, now=NOW)
    assert state(version.deliverable) == "release"
    assert letters("release") == [cast.creative_director.email]
    for user in (cast.ae, cast.director, cast.creative, cast.teammate):
        with pytest.raises(NotPermitted):
            actions.release_version(version, sha256=version.sha256, by=user, now=NOW)
    actions.release_version(version, sha256=version.sha256, by=cast.creative_director, now=NOW)
    assert state(version.deliverable) == "ready"
    assert letters("released") == [cast.ae.email]
    with pytest.raises(Refused, match="already"):
        actions.release_version(version, sha256=version.sha256, by=cast.creative_director, now=NOW)
    assert Release.objects.count() == 1


def test_refusing_needs_a_reason_and_is_told(cast: Cast, version: Version) -> None:
    actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.teammate, now=NOW)
    with pytest.raises(Refused, match="reason"):
        actions.refuse_release(version, "", sha256=version.sha256, by=cast.creative_director, now=NOW)
    actions.refuse_release(version, "The logo is too small.", sha256=version.sha256, by=cast.creative_director, now=NOW)
    assert state(version.deliverable) == "refused"
    assert "The logo is too small." in OutgoingMail.objects.filter(letter="jobsheets.refused")[0].text


def test_a_held_job_takes_no_check_and_no_release(cast: Cast, version: Version) -> None:
    actions.hold(version.deliverable.job, "Holiday", by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.teammate, now=NOW)


def test_ordering_more_issues_the_sheet_again(cast: Cast, opened: Job) -> None:
    card = actions.add_deliverable(opened, title="Card", by=cast.ae, now=NOW)
    assert (card.number, opened.issues.count()) == (f"{opened.number}-D02", 2)
    with pytest.raises(actions.Stale):
        actions.edit_deliverable(
            card, revision=opened.revision, title="A6 card", specification="", due_at=None, by=cast.ae, now=NOW
        )
    opened.refresh_from_db()
    actions.edit_deliverable(card, revision=opened.revision, title="A6 card", specification="", due_at=None, by=cast.ae, now=NOW)
    actions.drop_deliverable(card, "Too dear", by=cast.ae, now=NOW)
    assert opened.issues.count() == 4
    assert state(card) == "dropped"
    assert actions.add_deliverable(opened, title="Flag", by=cast.ae, now=NOW).position == 3  # a number isn't given twice
    with pytest.raises(Refused, match="no longer wanted"):
        actions.upload_version(card, picture(), by=cast.ae, now=NOW)
