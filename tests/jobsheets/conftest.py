"""A job on its way: fixtures that walk there by the actions themselves."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jobsheets import actions
from jobsheets.checklist import CHECKLIST
from jobsheets.models import Deliverable, Job, Version
from tests.cast import NOW, Cast, make_cast

BRIEF = {
    "objective": "Fill the shop on the opening weekend.",
    "audience": "Families within ten minutes' walk.",
    "message": "The light is on.",
}


@pytest.fixture
def cast(db: Any) -> Cast:
    return make_cast()


def picture(colour: str = "red", name: str = "poster.png") -> SimpleUploadedFile:
    """An upload that is a picture; another colour is another file."""
    out = BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def draft_of(cast: Cast, **facts: Any) -> Job:
    values = {"title": "Opening weekend", "due_at": NOW + timedelta(days=10), **BRIEF}
    return actions.create_job(account=cast.account, by=cast.ae, now=NOW, **(values | facts))


@pytest.fixture
def draft(cast: Cast) -> Job:
    job = draft_of(cast)
    actions.add_deliverable(job, title="Poster", specification="50 × 70 cm", by=cast.ae, now=NOW)
    job.refresh_from_db()
    return job


@pytest.fixture
def submitted(cast: Cast, draft: Job) -> Job:
    return actions.submit_for_approval(draft, by=cast.ae, now=NOW)


@pytest.fixture
def opened(cast: Cast, submitted: Job) -> Job:
    """Open, with the creative on it who has acknowledged issue 1."""
    actions.assign(submitted, cast.creative, "layout", by=cast.ae, now=NOW)
    actions.approve(submitted, "strategy", by=cast.planner, now=NOW)
    job = actions.approve(submitted, "creative", by=cast.creative_director, now=NOW)
    actions.acknowledge(job, 1, by=cast.creative, now=NOW)
    return job


@pytest.fixture
def deliverable(opened: Job) -> Deliverable:
    return opened.deliverables.get()


@pytest.fixture
def version(cast: Cast, deliverable: Deliverable) -> Version:
    return actions.upload_version(deliverable, picture(), "First idea.", by=cast.creative, now=NOW)


def all_ok() -> list[dict[str, str]]:
    return [{"key": line.key, "answer": "ok", "note": ""} for line in CHECKLIST]


@pytest.fixture
def released(cast: Cast, version: Version) -> Version:
    actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.teammate, now=NOW)
    actions.release_version(version, sha256=version.sha256, by=cast.creative_director, now=NOW)
    return version
