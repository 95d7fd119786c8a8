import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import SigningAuthority
from signoffs import signables
from signoffs.actions import Asked, freeze_document, send_for_signature
from signoffs.models import Document, Signatory, SignRequest
from signoffs.rendering import render_document
from tests.cast import NOW, Cast, make_cast, make_job

from .probe import Probe

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def seal_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("seal") / "seal.p12"
    subprocess.run([sys.executable, "scripts/make_seal.py", str(target)], check=True, cwd=HERE.parents[1])
    return str(target)


@pytest.fixture(autouse=True)
def engine(settings: Any, tmp_path: Path, seal_file: str) -> Iterator[None]:
    """The probe registered, its templates found, files in a folder of the test, one seal for the session."""
    from signoffs.sealing import seal

    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [HERE / "templates", *settings.TEMPLATES[0]["DIRS"]]}]
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CELERY_BROKER_URL = "memory://"
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE = seal_file, "countersign"
    seal.signer.cache_clear()
    signables.register(Probe())
    Probe.current, Probe.newer, Probe.heard = True, None, []
    cache.clear()
    yield
    signables._kinds.pop("probe", None)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    for contact in (cast.contact, cast.rival_contact):
        SigningAuthority.objects.create(contact=contact, kind="probe")
    return cast


@pytest.fixture
def frozen(cast: Cast) -> Callable[..., Document]:
    """Freezes a probe, its bytes not made yet."""
    job = make_job(cast.account, cast.ae)

    def freeze(**facts: Any) -> Document:
        values: dict[str, Any] = {
            "account": cast.account, "language": "en", "title": "Metro panels V1", "reference": "ACM-26-0001-D01 V1",
            "data": {"text": "Light opens.", "facts": [["Size", "120 × 176 cm"]], "hands": [
                {"name": "Leo Park", "role": "designer", "what": "Checked", "at": "2026-11-23T16:40:10+00:00", "how": "signed in"}
            ]},
            "by": cast.ae, "now": NOW,
        }  # fmt: skip
        return freeze_document("probe", job, **(values | facts))

    return freeze


@pytest.fixture
def sent(cast: Cast, frozen: Callable[..., Document], fake_bytes: None) -> Callable[..., SignRequest]:
    """A probe sent out to sign: to Marta alone, unless told otherwise. Its bytes are a stand-in for speed."""

    def send(*asked: Asked, document: dict[str, Any] | None = None, **facts: Any) -> SignRequest:
        paper = frozen(**(document or {}))
        request = send_for_signature(
            paper, signatories=asked or [Asked(contact=cast.contact)], by=facts.pop("by", cast.ae), now=NOW, **facts
        )
        render_document(paper.pk, now=NOW)
        request.refresh_from_db()
        return request

    return send


@pytest.fixture
def fake_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendering a real PDF takes a tenth of a second; most tests only need bytes with a hash."""
    from signoffs import rendering

    monkeypatch.setattr(rendering, "_bytes_of", lambda document: b"%PDF-1.7\n" + document.title.encode())


@pytest.fixture
def only(sent: Callable[..., SignRequest]) -> Signatory:
    """The one signatory of a plain request: Marta."""
    return sent().signatories.get()
