"""Without a mouse: every stop of the Tab key can be seen, nothing holds the focus, and it comes back from where it was sent."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, User
from agency import clock
from billing.models import Invoice
from meetings.models import Meeting
from signoffs.models import Signatory, SignRequest
from signoffs.rendering import render_document
from tests.browser import test_story
from tests.browser.conftest import PageFor
from tests.browser.keyboard import check, choose, press, to_the_fault, told, uncheck, walk, write, write_day, write_hour
from tests.browser.test_story import Story, button, heading, link, story  # noqa: F401
from tests.cast import PASSWORD, make_cast, make_user
from tests.graph import Graph, quick_papers, token

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_bad_stop_is_noticed(page_for: PageFor) -> None:
    """What the walks below go by."""
    page = page_for()
    page.set_content("""
        <style>
            form { display: grid } :focus-visible { outline: 2px solid } #first { order: 2 } #third { outline: none }
            #over { position: fixed; inset-block-start: 0; inset-inline: 0; block-size: 9rem; background: white }
            form { padding-block-start: 10rem } a { position: absolute; inset-block-start: 0 }
        </style>
        <form><button id="first">First</button><button>Second</button><button id="third">Third</button></form>
        <a href="#">Under</a><div id="over"></div>
    """)
    assert list(walk(page)) == [
        ("button First", ""),
        ("button Second", "lies above button First"),
        ("button Third", "has no outline"),
        ("a Under", "is covered or out of sight"),
    ]


@pytest.mark.parametrize("width", [1280, 360])
def test_every_stop_is_seen(graph: Graph, reader: User, page_for: PageFor, live_server: Any, width: int) -> None:
    page, wrong = page_for(reader, width=width), {}
    for address in (
        reverse("job_detail", args=[graph.job.number]),
        reverse("job_edit", args=[graph.draft_job.number]),
        reverse("minutes_edit", args=[graph.meeting.serial]),
        reverse("invoice_list"),
        reverse("sign", args=[graph.tokens["open"]]),
    ):
        page.goto(live_server.url + address)
        stops = list(walk(page))
        assert len(stops) > 5, address
        wrong |= {f"{address} {words}": fault for words, fault in stops if fault}
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
    assert not wrong


def test_past_the_frame_and_to_the_search_box(graph: Graph, reader: User, page_for: PageFor, live_server: Any) -> None:
    page = page_for(reader)
    page.goto(live_server.url + reverse("job_list"))
    page.keyboard.press("Tab")
    expect(page.locator(".cs-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.keyboard.press("Control+KeyK")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("Opening")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=Opening")
    expect(page.get_by_role("main").get_by_role("link", name="Opening weekend Quokka").first).to_be_visible()


def test_the_focus_comes_back_from_menus(reader: User, page_for: PageFor, live_server: Any) -> None:
    page = page_for(reader)
    page.goto(live_server.url + reverse("profile"))
    me = page.locator(".cs-me")
    me.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".dropdown-item:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(me).to_be_focused()
    page.set_viewport_size({"width": 360, "height": 800})
    menu = page.locator("[data-bs-toggle=offcanvas]")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#side:focus, #side :focus")).to_have_count(1)  # the drawer is open, and holds the focus
    for _stop in range(30):  # round and round inside the drawer
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#side').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    expect(menu).to_be_focused()


# Whole stories. Each form is sent wrong first: the summary gets the focus, and leads to what is missing.


def test_bring_a_client_into_the_room_and_leave_it(page_for: PageFor, live_server: Any) -> None:
    cast, boss = make_cast(), make_user("boss@agency.example", Role.DIRECTOR, name="Bea Boss", password=PASSWORD)
    page = page_for(boss)
    page.goto(live_server.url + reverse("client_detail", args=[cast.acme.code]))
    press(page, page.get_by_role("banner").get_by_role("link", name="Client in the room"))
    write(page.get_by_label("Name or code of the client"), "")
    press(page, button(page, "Show this client only"))
    to_the_fault(page, "Enter the name or the code of the client.", page.get_by_label("Name or code of the client"))
    write(page.get_by_label("Name or code of the client"), cast.acme.code)
    press(page, button(page, "Show this client only"))
    expect(page).to_have_title("In the room: Acme · Acme · Countersign")

    assert not [fault for _words, fault in walk(page) if fault]
    press(page, page.get_by_role("link", name="Show everything again"))
    write(page.get_by_label("Password"), "not this one")
    press(page, button(page, "Show everything again"))
    to_the_fault(page, "Incorrect password", page.get_by_label("Password"))
    write(page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")
    told(page, "You see everything again.")


def test_record_a_payment_and_credit_an_invoice(graph: Graph, reader: User, page_for: PageFor, live_server: Any) -> None:
    page, invoice = page_for(reader), graph.invoice
    page.goto(live_server.url + invoice.get_absolute_url())
    press(page, link(page, "Record a payment"))
    amount = page.get_by_label(f"Amount for {invoice.number} (EUR)")
    write(amount, "")
    press(page, button(page, "Record the payment"))
    to_the_fault(page, "Enter the amount that came in.", amount)
    write(amount, "200.50")
    write_day(page.get_by_label("Received on"), clock.now().date() - timedelta(days=1))
    write(page.get_by_label("Bank reference"), "Transfer 7")
    press(page, button(page, "Record the payment"))
    told(page, "The payment is recorded.")
    assert invoice.allocations.latest("pk").amount == Decimal("200.50")

    for wrong_first in (True, False):
        press(page, link(page, "Reverse").first)
        if wrong_first:
            press(page, button(page, "Reverse the payment"))
            to_the_fault(page, "Enter the reason.", page.get_by_label("Why it is reversed"))
        write(page.get_by_label("Why it is reversed"), "Meant for another invoice")
        press(page, button(page, "Reverse the payment"))
        told(page, "The payment is reversed.")

    press(page, link(page, "Credit"))
    press(page, button(page, "Issue the credit note"))
    to_the_fault(page, "Enter the reason.", page.get_by_label("Why it is credited"))
    write(page.get_by_label("Why it is credited"), "Billed twice")
    press(page, button(page, "Issue the credit note"))
    expect(heading(page)).to_contain_text("Credit note")
    assert Invoice.objects.get(credits=invoice).credit_reason == "Billed twice"
    press(page, link(page, "Open the invoice"))
    expect(heading(page)).to_contain_text(invoice.number)


@pytest.mark.full
def test_write_minutes_and_have_them_confirmed(graph: Graph, reader: User, page_for: PageFor, live_server: Any) -> None:
    """From the meeting's page to the client, who objects to a line, and confirms what is amended."""
    meeting, page, due = Meeting.objects.get(title__startswith="Call"), page_for(reader), clock.now() + timedelta(days=2)
    page.goto(live_server.url + meeting.get_absolute_url())
    press(page, button(page, "Write the minutes"))
    line, step = page.get_by_role("group", name="Line 3"), page.get_by_role("group", name="Step 1")
    for place, words in enumerate(("A lighter sky", "Twenty seconds", "As it is"), start=1):
        write(page.get_by_role("group", name=f"Line {place}").get_by_label("Agreed"), words)
    press(page, button(page, "Save"))
    to_the_fault(page, "Enter the topic of this line.", line.get_by_label("Topic"))
    write(line.get_by_label("Topic"), "Leaflet")
    write(step.get_by_label("What"), "Send the poster")
    choose(step.get_by_label("Who"), "Ana Ruiz")
    write_day(step.get_by_label("By"), due.date())
    write_hour(step.get_by_label("At", exact=True), due.time().replace(minute=30, second=0, microsecond=0))
    press(page, button(page, "Save"))
    told(page, "The minutes are saved.")
    send_minutes(page)

    client = page_for()
    asked = open_link(client, live_server.url)
    expect(heading(client)).to_contain_text("asks you to confirm the minutes")
    assert not [fault for _words, fault in walk(client) if fault]
    check(client.get_by_role("radio", name="Something is wrong"))
    press(client, button(client, "Check your answer"))
    to_the_fault(client, "Tell us what to change, in at least 10 characters.", client.locator("#id_text"))
    write(client.locator("#id_text"), "The sky was to be darker.")
    write(client.get_by_label("3. Leaflet"), "A darker sky")
    press(client, button(client, "Check your answer"))
    press(client, button(client, "Send your objections"))
    expect(client.locator(".cs-result")).to_be_focused()
    asked.refresh_from_db()
    assert (asked.answer, asked.line_texts) == ("wrong", {"3": "A darker sky"})

    page.goto(live_server.url + meeting.get_absolute_url())
    press(page, button(page, "Amend"))
    write(line.get_by_label("Agreed"), "A darker sky")
    send_minutes(page)
    open_link(client, live_server.url)
    check(client.get_by_role("radio", name="Confirm"))
    press(client, button(client, "Check your answer"))
    press(client, button(client, "Confirm the minutes"))
    expect(client.locator(".cs-result")).to_be_focused()
    assert meeting.newest_minutes().status == "confirmed"


def send_minutes(page: Page) -> None:
    """What the editor shows, past the preview, to Marta alone."""
    press(page, button(page, "Preview and send"))
    signers = page.get_by_role("group", name="Who signs")
    uncheck(signers.get_by_label("Marta"))
    uncheck(signers.get_by_label("Sam"))
    press(page, button(page, "Send to be signed"))
    to_the_fault(page, "Choose who signs the minutes for the client.", signers.get_by_label("Marta"))
    check(signers.get_by_label("Marta"))
    press(page, button(page, "Send to be signed"))
    told(page, "The minutes are on their way to the client, who confirms them or objects line by line.")


def open_link(page: Page, site: str) -> Signatory:
    """The client opens the link of what was sent last, once it is made."""
    sent = SignRequest.objects.latest("pk")
    with quick_papers():
        render_document(sent.document_id, now=clock.now())
    asked = sent.signatories.asked().get()
    page.goto(site + reverse("sign", args=[token(asked)]))
    return asked


def test_a_client_approves(graph: Graph, page_for: PageFor, live_server: Any) -> None:
    page = page_for()
    page.goto(live_server.url + reverse("sign", args=[graph.tokens["open"]]))
    press(page, button(page, "Check your answer"))
    to_the_fault(page, "Select your answer.", page.locator("#id_answer_0"))
    page.keyboard.press("Space")
    press(page, button(page, "Check your answer"))
    expect(heading(page)).to_have_text("Check your answer")
    press(page, page.locator("button[value=confirm]"))
    expect(page.locator(".cs-result")).to_be_focused()
    assert Signatory.objects.get(pk=graph.open_signatory.pk).answer == "approved"


@pytest.mark.full
def test_from_the_order_to_the_invoice(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """All that test_story.py clicks, and all that it asserts."""
    monkeypatch.setattr(test_story, "press", press)
    monkeypatch.setattr(Locator, "check", check)
    test_story.test_from_the_order_to_the_invoice(story)
