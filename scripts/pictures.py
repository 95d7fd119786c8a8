"""The pictures of docs/: `make pictures`. Takes them of a demo agency of its own, so that nobody's data are shown or touched.

Loads the demo into a database in a temporary folder, serves it on a free port, and writes docs/img/*.png: My day, a job, the
client's page on a phone and the dashboard, light, dark and in Arabic; and what was sealed. Needs Chromium and poppler's pdftoppm.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from servers import fail, free_port

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "img"
PROGRAMS = Path(sys.executable).parent
SCREEN, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TALLEST = 1300  # of a page, in pixels: what is below says nothing new
COLOURS = 256  # a palette of its own for each, at a third of the bytes
START_SECONDS = 60
PATIENCE = 120_000  # milliseconds a page may take on a busy machine


def main() -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if not chromium or not shutil.which("pdftoppm"):
        fail("Chromium and pdftoppm have to be there; scripts/setup --tests installs them.")
    with tempfile.TemporaryDirectory(prefix="countersign-pictures-") as folder:
        site = f"http://127.0.0.1:{free_port()}"
        os.environ |= {
            "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "agency.settings", "SITE_URL": site, "MEDIA_ROOT": f"{folder}/media",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3", "CELERY_BROKER_URL": f"sqla+sqlite:///{folder}/broker.sqlite3",
        }  # fmt: skip
        for command in (["migrate", "-v0"], ["demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
        paths = stage(site)
        with served(site, Path(folder)):
            with chromium_of(chromium) as browser:
                light_and_dark(browser, site, paths)
            read_arabic()
            with chromium_of(chromium) as browser:
                in_arabic(browser, site, paths)


def stage(site: str) -> dict[str, str]:
    """Send a poster to the Arabic client, take the pictures of what was sealed, and say where the rest is."""
    import django

    django.setup()
    from accounts.models import User
    from agency import clock
    from agency.models import OutgoingMail
    from desk.demo.links import client_link, link_in
    from jobsheets.actions import release_version, send_version_to_client
    from jobsheets.models import Version
    from signoffs.actions import Asked
    from signoffs.models import Signatory
    from signoffs.rendering import render_document

    version = Version.objects.filter(deliverable__job__number__startswith="NUR-", sent_at=None).latest("pk")
    job, now = version.deliverable.job, clock.now()
    release_version(version, sha256=version.sha256, by=User.objects.get(email="creative.director@demo.example"), now=now)
    signer = job.account.client.contacts.filter(authorities__kind="deliverable").first()
    asked = send_version_to_client(version, signatories=[Asked(contact=signer)], by=job.owner, now=now)
    render_document(asked.document_id, now=now)
    signatory = Signatory.objects.get(request=asked, contact=signer)
    arabic = link_in(OutgoingMail.objects.get(key=f"sign:{signatory.pk}:{signatory.link_number}"))
    for language in ("en", "ar"):
        picture_of_pdf(language)
    return {
        "link": client_link()[0].removeprefix(site),
        "arabic link": arabic.removeprefix(site),
        "arabic job": job.get_absolute_url(),
    }


def picture_of_pdf(language: str) -> None:
    """The pages of the newest sealed sign-off in this language, side by side."""
    from signoffs.models import SealedDocument

    sealed = SealedDocument.objects.filter(request__document__language=language, request__document__kind="deliverable")
    with sealed.latest("pk").file.file.open("rb") as stored, tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "64", "-png", "-", f"{folder}/page"], input=stored.read(), check=True)
        pages = [Image.open(path).convert("RGB") for path in sorted(Path(folder).glob("*.png"))]
    gap = 12
    sheet = Image.new("RGB", (sum(page.width + gap for page in pages) + gap, pages[0].height + 2 * gap), "#808080")
    left = gap
    for page in pages if language != "ar" else reversed(pages):
        sheet.paste(page, (left, gap))
        left += page.width + gap
    save(sheet, "sealed-pdf" if language == "en" else "sealed-pdf-arabic")


@contextmanager
def served(site: str, folder: Path) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        bind = site.removeprefix("http://")
        command = [str(PROGRAMS / "gunicorn"), "agency.wsgi", "--bind", bind, "--threads", "4", "--no-control-socket"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for(f"{site}/healthz")
            yield
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str) -> None:
    for _second in range(START_SECONDS):
        try:
            urllib.request.urlopen(address)
        except OSError:
            time.sleep(1)
        else:
            return
    fail("the web server didn't come up.")


@contextmanager
def chromium_of(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        here: dict[str, str | float | bool] = {
            name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"
        }  # that one is for our PDFs
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], env=here)
        yield browser
        browser.close()


def light_and_dark(browser: Browser, site: str, paths: dict[str, str]) -> None:
    for look, scheme in (("", "light"), ("-dark", "dark")):
        with visitor(browser, site, scheme, "ae") as page:
            take(page, site + "/", f"my-day{look}")
            take(page, site + "/jobs/CLZ-26-0003/", f"job{look}")
        with visitor(browser, site, scheme, "director") as page:
            take(page, site + "/dashboard/", f"dashboard{look}")
        with visitor(browser, site, scheme, screen=PHONE) as page:
            take(page, site + paths["link"], f"sign-phone{look}")


def read_arabic() -> None:
    """The two colleagues we look over the shoulder of read Arabic from now on."""
    from accounts.models import User

    User.objects.filter(email__in=["ae@demo.example", "director@demo.example"]).update(language="ar")


def in_arabic(browser: Browser, site: str, paths: dict[str, str]) -> None:
    with visitor(browser, site, "light", "ae") as page:
        take(page, site + "/", "my-day-arabic")
        take(page, site + paths["arabic job"], "job-arabic")
    with visitor(browser, site, "light", "director") as page:
        take(page, site + "/dashboard/", "dashboard-arabic")
    with visitor(browser, site, "light", screen=PHONE) as page:
        take(page, site + paths["arabic link"], "sign-phone-arabic")


@contextmanager
def visitor(browser: Browser, site: str, scheme: Any, login: str = "", screen: Any = SCREEN) -> Iterator[Page]:
    """Somebody's browser: a colleague's after they logged in, or a client's."""
    context = browser.new_context(viewport=screen, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    if login:
        page.goto(f"{site}/accounts/login/")
        page.fill("input[name=login]", f"{login}@demo.example")
        page.fill("input[name=password]", "countersign")
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{site}/")
    yield page
    context.close()


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    save(picture.crop((0, 0, picture.width, min(picture.height, TALLEST))), name)


def save(picture: Image.Image, name: str) -> None:
    path = IMAGES / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
