"""A colleague in front of a browser: logged in, patient with a web server that is just being killed."""

import http.client
import re
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .stage import HOST, Stage


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    location: str = ""


@dataclass
class Browser:
    """Over plain HTTP, with the headers a proxy would send."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "198.51.100.7"  # where the proxy says they are

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        for page in ("/", path):
            if "csrftoken" not in self.cookies:
                self.get(page)
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}))

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Answer:
        """A form with one file in it, as `file`."""
        if "csrftoken" not in self.cookies:
            self.get("/")
        mark = secrets.token_hex(16)
        texts = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in texts.items()]
        parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content)
        body = b"".join(f"--{mark}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={mark}")

    def patiently(self, method: str, path: str, *, seconds: float = 60, **fields: str) -> Answer:
        """Again and again until the server answers without an error of its own: what a person does with the reload button."""
        give_up = time.monotonic() + seconds
        while True:
            try:
                answer = self.get(path) if method == "GET" else self.post(path, **fields)
                if answer.status < 500:
                    return answer
            except (OSError, http.client.HTTPException):
                answer = Answer(0, "")
            if time.monotonic() > give_up:
                return answer
            time.sleep(0.5)

    def _ask(
        self, method: str, path: str, body: str | bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": self.address, "Referer": f"https://{HOST}{path}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        if body is not None:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for name, value in re.findall(r"^(\w+)=([^;]*)", "\n".join(answer.headers.get_all("Set-Cookie") or []), re.M):
                self.cookies[name] = value
            return Answer(answer.status, text, answer.headers.get("Location", ""))
        finally:
            connection.close()


def logged_in(stage: Stage, user: object) -> Browser:
    """As after a login with password and second factor."""
    from django.conf import settings
    from django.test import Client

    door = Client()
    door.force_login(user)  # type: ignore[arg-type]
    return Browser(stage.web_port, {settings.SESSION_COOKIE_NAME: door.cookies[settings.SESSION_COOKIE_NAME].value})
