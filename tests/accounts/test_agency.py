"""The agency's profile and its logo."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from accounts.forms import AgencyForm
from agency.models import Agency, AuditEntry
from tests.cast import Cast


@pytest.fixture
def admin(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.admin)
    return browser


def answers(**changed: Any) -> dict[str, Any]:
    form = AgencyForm(instance=Agency.current())
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)} | changed


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def test_an_administrator_changes_the_profile_and_everyone_sees_the_logo(admin: Browser) -> None:
    answer = admin.post(reverse("agency_profile"), answers(name="Studio Nord", logo_file=picture()))
    assert answer.status_code == 302
    assert Agency.current().name == "Studio Nord"
    logo = Browser().get(reverse("agency_logo"))
    assert logo.status_code == 200
    assert logo["Content-Type"].startswith("image/")
    assert b"Studio Nord" in Browser().get(reverse("account_login")).content
    assert AuditEntry.objects.get(action="agency.edited").new["name"] == "Studio Nord"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("logo.png", b"MZ\x90"),
        ("paper.pdf", b"%PDF-1.7\n"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused_and_nothing_is_changed(admin: Browser, name: str, content: bytes) -> None:
    answer = admin.post(
        reverse("agency_profile"), answers(name="Changed", logo_file=SimpleUploadedFile(name, content, "image/png"))
    )
    assert answer.status_code == 409
    assert Agency.current().name != "Changed"
    assert Browser().get(reverse("agency_logo")).status_code == 404


def test_hours_that_end_before_they_begin_are_refused(admin: Browser) -> None:
    assert admin.post(reverse("agency_profile"), answers(opens="18:00", closes="09:00")).status_code == 422


def test_only_administrators_may(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.director)
    assert browser.post(reverse("agency_profile"), answers(name="Mine")).status_code == 403
    assert Agency.current().name != "Mine"
