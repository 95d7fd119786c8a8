"""What browser tests stand on: Debian's Chromium, a person logged in, and axe. Mark such tests `browser`.

    @pytest.mark.browser
    def test_my_day(page_for, live_server, axe):
        page = page_for(user, width=360, theme="dark", language="ar")
        page.goto(f"{live_server.url}/")
        assert axe(page) == []

`page_for` fails a test whose pages wrote an error or a broken content policy to the console, or scroll sideways when told
to look (`assert_fits(page)`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe as AxeScript
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Role, User
from tests.cast import join, make_cast, make_user
from tests.graph import Graph, Team, make_graph, make_side

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What the browser says of answers we meant to give.
EXPECTED = ("the server responded with a status of 4",)
PageFor = Callable[..., Page]
Axe = Callable[..., list[str]]


@pytest.fixture
def graph(settings: Any, live_server: Any) -> Graph:
    """One of everything, of a client called Quokka."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    team = Team.of(make_cast())
    return make_graph(make_side("Quokka", "QKA", team), team, "Quokka")


@pytest.fixture
def reader(graph: Graph) -> User:
    """Somebody on its team who may do everything."""
    user = make_user("all@agency.example", *Role, name="Alma All")
    join(graph.account, user)
    return user


@pytest.fixture
def page_for(chromium: Browser, live_server: Any) -> Iterator[PageFor]:
    """page_for(user=None, width=1280, theme="light", language="en", javascript=True): a page of a browser of its own."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: Any) -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def make(user: Any = None, *, width: int = 1280, theme: str = "light", language: str = "en", javascript: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = {"theme": theme, settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            type(user).objects.filter(pk=user.pk).update(language=language)
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    """axe(page) lists what is wrong by WCAG 2.2 AA, with the element; empty is good. `rules`: these only; `but`: not inside."""
    script = AxeScript().axe_script
    run = "([context, options]) => axe.run(context, options).then(({violations}) => violations)"

    def look(page: Page, rules: Iterable[str] = (), but: Iterable[str] = ()) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
        found = page.evaluate(run, [{"exclude": [[part] for part in but]}, {"runOnly": only, "resultTypes": ["violations"]}])
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    return look


def assert_fits(page: Page) -> None:
    """The page doesn't scroll sideways (WCAG 1.4.10)."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
