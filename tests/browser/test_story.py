"""One job through everybody's hands, clicked as people click it: from the order to the invoice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from accounts.models import User
from agency import clock, doorbell, sweep
from agency.mail import filled
from agency.models import OutgoingMail
from billing.models import Invoice
from jobsheets.checklist import CHECKLIST
from jobsheets.models import Deliverable, Job, Version
from signoffs.models import Signatory, SignRequest
from tests.browser.conftest import PageFor, assert_fits
from tests.cast import Cast, make_cast
from tests.graph import real_papers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE, POSTER, NOTE = "Opening weekend", "Poster", "Here is the poster we talked about, Marta."
BRIEF = {
    "Background": "Acme opens a shop in Leeds.",
    "Objective": "Fill the shop on the opening weekend.",
    "Audience": "Runners who live within five miles.",
    "Single message": "Run in on Saturday.",
    "Support": "The first hundred pairs are free.",
    "Tone": "Quick, never loud.",
    "Mandatories": "The logo and the address.",
    "Sizes and specifications": "50 × 70 cm, 4/0.",
    "Dates agreed": "Artwork in a week.",
    "Special instructions": "No red.",
}


@dataclass
class Story:
    """The people, each at a browser of their own, and what they are about to do."""

    cast: Cast
    page_for: PageFor
    site: str
    pages: dict[int, Page] = field(default_factory=dict)

    def my_day(self, user: User) -> Page:
        """The colleague begins where everybody does."""
        page = self.pages.get(user.pk) or self.pages.setdefault(user.pk, self.page_for(user))
        page.goto(f"{self.site}/")
        return page

    @property
    def job(self) -> Job:
        return Job.objects.get(title=TITLE)

    @property
    def poster(self) -> Deliverable:
        return Deliverable.objects.get(job__title=TITLE)

    @property
    def version(self) -> Version:
        return Version.objects.get(deliverable__job__title=TITLE)


@pytest.fixture
def story(page_for: PageFor, live_server: Any, settings: Any) -> Iterator[Story]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SITE_URL = live_server.url  # letters lead here
    with real_papers():
        yield Story(make_cast(), page_for, live_server.url)


def run_background() -> None:
    """What a worker does within minutes: papers, pictures, seals, letters; at once, then what counts as late by then."""
    now = clock.now()
    with doorbell.answered():
        for moment in (now, now + timedelta(minutes=5)):
            done = sweep.run(moment)
            assert -1 not in done.values(), done


def press(page: Page, button: Locator) -> None:
    """Click, and wait for the page that answers."""
    with page.expect_navigation(wait_until="load"):
        button.click()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("link", name=name, exact=True)


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def says(page: Page, words: str) -> None:
    """The notice after a deed."""
    expect(page.locator("#messages")).to_contain_text(words)


def artwork() -> bytes:
    out = BytesIO()
    Image.new("RGB", (500, 700), "#1d4ed8").save(out, "PNG")
    return out.getvalue()


def test_from_the_order_to_the_invoice(story: Story) -> None:
    write_the_sheet(story)
    approve_the_sheet(story)
    make_the_poster(story)
    check_and_release(story)
    send_for_sign_off(story)
    client_approves(story)
    everyone_sees_it_is_signed(story)
    bill_it(story)
    invoice_goes_out(story)


def write_the_sheet(story: Story) -> None:
    """Essentials, brief, creative, approval asked for."""
    page, due = story.my_day(story.cast.ae), (clock.now() + timedelta(days=14)).date()
    press(page, page.get_by_role("link", name="New job sheet").first)
    page.get_by_label("Client and account").select_option(label="Acme · Retail")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("group", name="Due").get_by_label("Day").fill(due.isoformat())
    page.get_by_label("What is delivered").fill(f"{POSTER}, 50 × 70 cm")
    press(page, button(page, "Write the brief"))
    assert (story.job.status, story.poster.title, story.poster.specification) == ("draft", POSTER, "50 × 70 cm")
    for label, words in BRIEF.items():
        page.get_by_label(label).fill(words)
    page.get_by_label("Budget").fill("1250.00")
    press(page, button(page, "Save"))
    expect(heading(page)).to_have_text(f"{TITLE} draft")
    assert (story.job.objective, story.job.budget) == (BRIEF["Objective"], Decimal("1250"))

    press(page, page.get_by_role("region", name="People").get_by_role("link", name="Change"))
    page.get_by_label("Colleague").select_option(label=story.cast.creative.full_name)
    page.get_by_label("Does").fill("layout")
    press(page, button(page, "Put on the job"))
    says(page, "Leo Park is on the job.")
    press(page, link(page, "Back to the sheet"))
    press(page, button(page, "Send for approval"))
    expect(heading(page)).to_have_text(f"{TITLE} in approval")
    assert story.job.status == Job.Status.APPROVAL


def approve_the_sheet(story: Story) -> None:
    """Two words open the job: the planner's and the creative director's."""
    for user, side, state in (
        (story.cast.planner, "strategy", "in approval"),
        (story.cast.creative_director, "creative", "open"),
    ):
        page = story.my_day(user)
        press(page, link(page, "Approve or return"))
        expect(page.get_by_role("main")).to_contain_text(BRIEF["Single message"])
        press(page, button(page, "Approve"))
        says(page, "Approved.")
        expect(heading(page)).to_have_text(f"{TITLE} {state}")
        assert story.job.approvals.filter(by=user, side=side, approved=True).count() == 1
    assert story.job.status == Job.Status.OPEN
    assert story.job.issues.count() == 1


def make_the_poster(story: Story) -> None:
    """The creative reads the sheet before handing anything in."""
    page = story.my_day(story.cast.creative)
    press(page, link(page, "Read it"))
    press(page, button(page, "I've read this"))
    assert story.job.assignments.get(user=story.cast.creative).acknowledged_issue == 1
    press(page, link(page, POSTER))
    expect(heading(page)).to_have_text(f"{POSTER} not begun")
    press(page, link(page, "Upload version"))
    page.get_by_label("File").set_input_files({"name": "poster.png", "mimeType": "image/png", "buffer": artwork()})
    page.get_by_label("What changed").fill("First layout.")
    press(page, button(page, "Upload version 1"))
    says(page, "Version 1 is in. It waits for its quality check.")
    expect(heading(page)).to_have_text(f"{POSTER} to be checked")
    expect(link(page, "Check this version")).to_have_count(0)  # not by who made it
    assert (story.version.by, story.version.file.name, story.version.file.width) == (story.cast.creative, "poster.png", 500)
    run_background()


def check_and_release(story: Story) -> None:
    """Another colleague goes through the list; the creative director lets it out."""
    page = story.my_day(story.cast.second_creative)
    press(page, page.get_by_role("navigation").get_by_role("link", name="Jobs").first)
    press(page, link(page, TITLE))
    press(page, link(page, POSTER))
    press(page, link(page, "Check this version"))
    expect(page.get_by_role("img", name=POSTER)).to_be_visible()
    for line in CHECKLIST:
        page.get_by_role("group", name=str(line.label)).get_by_label("in order", exact=True).check()
    press(page, button(page, "Finish the check"))
    says(page, "Checked: everything is in order.")
    expect(heading(page)).to_have_text(f"{POSTER} to be released")
    check = story.version.checks.get()
    assert (check.by, check.passed) == (story.cast.second_creative, True)

    page = story.my_day(story.cast.creative_director)
    press(page, link(page, "Look at it"))
    press(page, button(page, "Release for the client"))
    expect(heading(page)).to_have_text(f"{POSTER} ready to send")
    assert story.version.releases.get().by == story.cast.creative_director


def send_for_sign_off(story: Story) -> None:
    """To whom, with a note; the page shows what the client will see."""
    page = story.my_day(story.cast.ae)
    press(page, link(page, "Send for sign-off"))
    expect(page.get_by_role("region", name="What the client will see").get_by_role("img")).to_be_visible()
    page.get_by_role("group", name="Who approves").get_by_label("Marta Ortega").check()
    page.get_by_label("Personal note").fill(NOTE)
    press(page, button(page, "Send to Acme"))
    says(page, "Sent. The client gets the link as soon as the document is made; tell them within 30 minutes that it is there.")
    expect(heading(page)).to_have_text(f"{POSTER} with the client")
    request = SignRequest.objects.get()
    assert (request.outcome, request.message, request.requested_by) == ("", NOTE, story.cast.ae)
    assert not request.document.file_id
    run_background()
    request.refresh_from_db()
    assert request.sent_at
    assert request.document.file_id


def letter_to_the_client(story: Story, letter: str) -> OutgoingMail:
    mail = OutgoingMail.objects.get(letter=letter, to_email=story.cast.contact.email)
    assert mail.status == OutgoingMail.Status.SENT
    return mail


def client_approves(story: Story) -> None:
    """On a phone, by the mailed link alone."""
    wording = filled(letter_to_the_client(story, "signoffs.request"))
    assert NOTE in wording.text
    found = re.search(rf"{re.escape(story.site)}/s/[\w-]+/", wording.text)
    assert found
    page = story.page_for(width=360)
    page.goto(found[0])
    expect(heading(page)).to_have_text(f"Ana Ruiz asks you to approve “{POSTER}, version 1”")
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(page.get_by_role("img", name=f"{POSTER}, version 1")).to_be_visible()
    assert_fits(page)
    with page.expect_response(re.compile("/seen/$")):  # the first touch says that a person is here
        page.get_by_role("radio", name="Approve We produce it").check()
    expect(page.get_by_label("Your name")).to_have_value("Marta Ortega")
    press(page, button(page, "Check your answer"))
    expect(heading(page)).to_have_text("Check your answer")
    assert Signatory.objects.get().decided_at is None
    assert_fits(page)
    press(page, button(page, f"Approve “{POSTER}, version 1”"))
    expect(heading(page)).to_have_text("Your answer is recorded")
    expect(page.get_by_role("status")).to_contain_text("Approved.")
    signed = Signatory.objects.get()
    assert (signed.contact, signed.answer, signed.typed_name) == (story.cast.contact, "approved", "Marta Ortega")
    assert signed.request.outcome == "approved"
    run_background()
    page.reload()
    expect(page.get_by_text("Sealed. Nobody can change it unnoticed.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the signed PDF").click()
    sealed = PdfReader(download.value.path())
    assert [name for name, one in (sealed.get_fields() or {}).items() if one.get("/FT") == "/Sig"]
    assert_fits(page)


def everyone_sees_it_is_signed(story: Story) -> None:
    page = story.my_day(story.cast.ae)
    press(page, link(page, f"Bill “{TITLE}”"))
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=POSTER, exact=True))
    expect(row).to_contain_text("signed off")
    expect(page.get_by_role("region", name="Deliverables")).to_contain_text("1 of 1 signed off")
    expect(page.get_by_role("region", name="Sign-offs")).to_contain_text("signed")
    assert story.poster.signed_off_at
    assert story.version.answer == "approved"
    assert SignRequest.objects.get().sealed.file_id


def bill_it(story: Story) -> None:
    """The AE asks, the manager approves, finance issues: three hands."""
    page = story.pages[story.cast.ae.pk]
    press(page, link(page, "Request billing"))
    expect(page.get_by_role("group", name="Line 1").get_by_label("Price, net")).to_have_value("1250.00")
    press(page, button(page, "Save the draft"))
    press(page, button(page, "Request billing"))
    expect(heading(page)).to_have_text("€1,512.50 to Acme billing requested")
    assert Invoice.objects.get().requested_by == story.cast.ae

    page = story.my_day(story.cast.manager)
    press(page, link(page, "Check and approve"))
    press(page, button(page, "Approve"))
    expect(heading(page)).to_have_text("€1,512.50 to Acme approved")

    page = story.my_day(story.cast.finance)
    press(page, link(page, "Check and issue"))
    expect(heading(page)).to_have_text("Issue €1,512.50 to Acme?")
    expect(page.get_by_role("main")).to_contain_text("marta@acme.example")
    press(page, button(page, "Issue and send"))
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.issued_by, invoice.gross) == ("issued", story.cast.finance, Decimal("1512.50"))
    expect(heading(page)).to_have_text(f"Invoice {invoice.number} over €1,512.50 issued")
    expect(page.get_by_text("The PDF is being made")).to_be_visible()


def invoice_goes_out(story: Story) -> None:
    """The paper, its letter, and the chain as the AE sees it in the end."""
    run_background()
    page, invoice = story.pages[story.cast.finance.pk], Invoice.objects.get()
    page.reload()
    expect(page.get_by_text("The PDF is being made")).to_have_count(0)
    behind = page.locator("section").filter(has=page.get_by_role("heading", name="Signed sign-offs behind it"))
    expect(behind).to_contain_text("Marta Ortega")
    with page.expect_download() as download:
        link(page, "Download PDF").click()
    assert invoice.number
    assert invoice.number in download.value.suggested_filename
    text = "\n".join(one.extract_text() for one in PdfReader(download.value.path()).pages)
    assert invoice.number in text
    assert "1,512.50" in text
    mails = OutgoingMail.objects.filter(letter__startswith="billing.", to_email=story.cast.contact.email)
    assert [(mail.status, mail.attachments.get().pk) for mail in mails] == [(OutgoingMail.Status.SENT, invoice.file_id)]

    page = story.my_day(story.cast.ae)
    press(page, page.get_by_role("navigation").get_by_role("link", name="Jobs").first)
    press(page, link(page, TITLE))
    expect(page.get_by_role("list", name="The chain")).to_contain_text(invoice.number)
    expect(page.get_by_role("region", name="Invoices").get_by_role("link", name=invoice.number)).to_be_visible()
