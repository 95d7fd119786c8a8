"""A browser without a window: keeps cookies, sends the CSRF token the page's form holds, logs in through the real form."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse


class _Forms(HTMLParser):
    """The hidden fields of each form that is posted, by where it is posted to ("" is the page itself)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("method", "").lower() == "post":
            self.inside = True
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and self.inside and found.get("type") == "hidden" and "name" in found:
            self.forms[-1][1][found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


class Browser:
    """One person's browser on the configured site."""

    def __init__(self) -> None:
        site = urlsplit(settings.SITE_URL)
        self.secure = site.scheme == "https"
        port = str(site.port or (443 if self.secure else 80))
        self.client = Client(
            enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME=site.hostname or "localhost", SERVER_PORT=port,
            HTTP_USER_AGENT="Countersign walk_job", HTTP_REFERER=settings.SITE_URL + "/",
        )  # fmt: skip

    def get(self, path: str, status: int = 200) -> str:
        """The page's text; raises AssertionError for another status."""
        return self._text(self.client.get(path, secure=self.secure), path, status)

    def post(self, path: str, page: str, *, status: int = 200, **fields: Any) -> str:
        """Send the page's own form with these fields, follow where it leads, answer the text."""
        parser = _Forms()
        parser.feed(page)
        hidden = next(hidden for action, hidden in parser.forms if action in ("", path))
        answer = self.client.post(path, {**hidden, **fields}, follow=True, secure=self.secure)
        return self._text(answer, path, status)

    @staticmethod
    def _text(answer: HttpResponseBase, path: str, status: int) -> str:
        text = b"".join(answer).decode("utf-8", "replace")
        if answer.status_code != status:
            raise AssertionError(f"{path} answered {answer.status_code} instead of {status}")
        return text

    def bytes_of(self, path: str) -> bytes:
        """A file as it is downloaded."""
        answer = self.client.get(path, secure=self.secure)
        if answer.status_code != 200:
            raise AssertionError(f"{path} answered {answer.status_code} instead of 200")
        return b"".join(answer)

    def log_in(self, email: str, password: str) -> None:
        """Through the form everybody uses; raises AssertionError when the door stays shut."""
        path = reverse("account_login")
        page = self.get(path)
        self.post(path, page, login=email, password=password)
        if "_auth_user_id" not in self.client.session:
            raise AssertionError(f"{email} could not log in")

    def log_out(self) -> None:
        """Leave no session behind."""
        self.client.session.flush()
