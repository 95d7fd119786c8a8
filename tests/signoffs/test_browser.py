"""The sign page in a real browser: as a client uses it, with and without scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from signoffs.models import Event, Signatory, SignRequest
from tests.cast import Cast

from .helpers import token

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def signatory(sent: Callable[..., SignRequest], monkeypatch: pytest.MonkeyPatch) -> Signatory:
    from datetime import timedelta

    from tests.cast import NOW

    monkeypatch.setattr("agency.clock.now", lambda: NOW + timedelta(hours=1))
    return sent().signatories.get()


def open_page(page: Page, live_server: Any, signatory: Signatory) -> None:
    page.goto(f"{live_server.url}/s/{token(signatory)}/")


def test_approve_by_drawing(phone: Page, live_server: Any, signatory: Signatory) -> None:
    errors: list[str] = []
    phone.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    open_page(phone, live_server, signatory)
    phone.wait_for_load_state("networkidle")
    assert not Event.objects.filter(kind="seen").exists()  # loading, scripts and all, is not seeing
    phone.get_by_label("Approve", exact=False).first.check()
    phone.get_by_label("Draw it").check()
    box = phone.locator("#pad").bounding_box()
    assert box
    assert box["height"] >= 160
    phone.locator("#pad").scroll_into_view_if_needed()
    box = phone.locator("#pad").bounding_box()
    assert box
    phone.mouse.move(box["x"] + 20, box["y"] + 100)
    phone.mouse.down()
    for step in range(8):
        phone.mouse.move(box["x"] + 20 + 30 * step, box["y"] + (60 if step % 2 else 120))
    phone.mouse.up()
    phone.get_by_role("button", name="Check your answer").click()
    assert phone.get_by_role("heading", name="Check your answer").is_visible()
    phone.get_by_role("button", name="Approve Metro panels V1").click()
    phone.wait_for_url("**/s/*/")
    assert phone.get_by_role("heading", name="Your answer is recorded").is_visible()
    signatory.refresh_from_db()
    assert (signatory.answer, signatory.signature_kind) == ("approve", "drawn")
    assert Event.objects.filter(kind="seen").count() == 1
    assert signatory.signature_image
    assert not errors


def test_changes_without_scripts(chromium: Browser, live_server: Any, signatory: Signatory) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    open_page(page, live_server, signatory)
    assert not page.get_by_label("Draw it").is_visible()
    page.get_by_role("button", name="Check your answer").click()
    assert page.title().startswith("Error:")
    page.get_by_label("Changes needed").check()
    page.get_by_label("What should we change?").fill("The logo is too small.")
    page.get_by_role("button", name="Check your answer").click()
    page.get_by_role("button", name="Change something").click()
    assert page.get_by_label("What should we change?").input_value() == "The logo is too small."
    page.get_by_role("button", name="Check your answer").click()
    page.get_by_role("button", name="Send the changes").click()
    assert page.get_by_text("The logo is too small.").is_visible()
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_fits_a_narrow_phone(phone: Page, live_server: Any, signatory: Signatory, cast: Cast, language: str) -> None:
    phone.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for width in (320, 360):
        phone.set_viewport_size({"width": width, "height": 740})
        open_page(phone, live_server, signatory)
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_a_file_is_checked_on_a_phone(phone: Page, live_server: Any, signatory: Signatory) -> None:
    phone.goto(f"{live_server.url}/verify/")
    phone.get_by_label("Signed PDF").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"no PDF at all"})
    phone.get_by_role("button", name="Check the file").click()
    assert phone.get_by_role("heading", name="doesn’t carry the seal").is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
