"""A full disk: nothing half-stored, a sentence for the person, and what nobody names any more is cleared up."""

import errno
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.test import Client as Browser

from agency import clock
from agency.errors import Refused
from agency.files import cleaning, make_previews, store_bytes, store_upload
from agency.models import Agency, StoredFile
from tests.agency.test_files import picture
from tests.cast import Cast, make_cast, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every file is cut off in the middle, as a full disk does."""

    def save(self: FileSystemStorage, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[: content.size // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "_save", save)
        yield


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_full_disk_leaves_neither_row_nor_bytes(media: Path, full: None, now: datetime) -> None:
    for store in (
        lambda: store_upload(SimpleUploadedFile("x.png", picture()), now=now),
        lambda: store_bytes(b"%PDF-1.7", "x.pdf", "application/pdf", now=now),
    ):
        with pytest.raises(Refused, match="no room"):
            store()
    assert not StoredFile.objects.exists()
    assert files_in(media) == []


def test_a_preview_that_finds_no_room_is_made_later(media: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = store_upload(SimpleUploadedFile("x.png", picture()), now=now)
    for _minute in range(5):
        with monkeypatch.context() as broken:
            broken.setattr(FileSystemStorage, "_save", lambda *_args: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
            assert not make_previews(StoredFile.objects.get())
    assert make_previews(StoredFile.objects.get())
    assert StoredFile.objects.get().preview
    assert len(files_in(media)) == 3
    assert stored.pk


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("where", ["storage", "spool"])
def test_the_form_comes_back_with_its_text(
    cast: Cast, media: Path, where: str, request: pytest.FixtureRequest, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is the storage that is full, or the folder for what is being uploaded."""
    job = make_job(cast.account, cast.ae)
    made = job.deliverables.create(position=1, title="Poster")
    client.force_login(cast.ae)
    if where == "storage":
        request.getfixturevalue("full")
    else:
        monkeypatch.setattr(TemporaryUploadedFile, "temporary_file_path", lambda self: "/nowhere")
        monkeypatch.setattr(
            TemporaryFileUploadHandler,
            "receive_data_chunk",
            lambda *_args: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")),
        )
    large = picture() + b"\0" * 2_000_000
    answer = client.post(
        f"/deliverables/{made.number}/upload/", {"file": SimpleUploadedFile("poster.png", large), "note": "A lighter sky."}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "no room for files" in page
    assert "A lighter sky." in page
    assert not made.versions.exists()
    assert not StoredFile.objects.exists()
    assert files_in(media) == []


def test_the_public_page_that_verifies_says_so_too(client: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(
        TemporaryFileUploadHandler, "receive_data_chunk", lambda *_args: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full"))
    )
    answer = client.post("/verify/", {"file": SimpleUploadedFile("signed.pdf", b"%PDF-1.7" + b"\0" * 2_000_000)})
    assert answer.status_code == 409
    assert "no room for files" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_a_rolled_back_transaction_left_is_cleared_up_after_a_day(media: Path, now: datetime) -> None:
    kept = store_bytes(b"%PDF-1.7 kept", "kept.pdf", "application/pdf", now=now)
    with transaction.atomic():
        store_bytes(b"%PDF-1.7 lost", "lost.pdf", "application/pdf", now=now)
        transaction.set_rollback(True)
    written = datetime.now(UTC)
    assert len(files_in(media)) == 2
    assert _whole_round(written + timedelta(hours=23)) == 0
    assert _whole_round(written + timedelta(hours=25)) == 1
    assert files_in(media) == [Path(kept.file.path)]


def _whole_round(now: datetime) -> int:
    return sum(cleaning.clean(f"{cleaning.TOP}/{folder:02x}", now=now) for folder in range(cleaning.FOLDERS))


def test_the_sweep_comes_round_and_rests_while_mail_is_held(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(cleaning, "clean", lambda folder, now: seen.append(folder) or 1)
    noon = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
    for quarter in range(cleaning.FOLDERS):
        assert cleaning.orphaned_files(noon + quarter * cleaning.EVERY) == 1
        assert cleaning.orphaned_files(noon + quarter * cleaning.EVERY + timedelta(minutes=1)) == 0
    assert sorted(seen) == [f"files/{n:02x}" for n in range(256)]
    Agency.objects.update_or_create(pk=1, defaults={"mail_held": True})
    assert cleaning.orphaned_files(noon) == 0


def test_pictures_of_a_file_are_not_orphans(media: Path, now: datetime) -> None:
    stored = store_upload(SimpleUploadedFile("x.png", picture()), now=now)
    assert make_previews(stored)
    default_storage.save("files/00/00/0000", ContentFile(b"nobody's"))
    assert _whole_round(clock.now() + timedelta(days=2)) == 1
    assert len(files_in(media)) == 3
