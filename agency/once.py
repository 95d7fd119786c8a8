"""A form that is sent twice is worked on once: a double click without JavaScript, a browser that repeats itself.

Each page gives its forms a token of its own against forgery. The same token with the same contents at the same address is the same
press of a button: the second waits for the first and gets its answer. What the first refused is tried again.
"""

import hashlib
import time
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

#: How long a press is remembered, and how long its repetition waits, in seconds.
REMEMBERED, WAIT, PAUSE = 60, 10.0, 0.1
UNDER_WAY = "under way"


class OnceMiddleware:
    """Works on what colleagues post once, and answers a repetition with where the first one led."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if not key:
            return self.get_response(request)
        if not cache.add(key, UNDER_WAY, timeout=REMEMBERED) and (answer := _answer(key)):
            return redirect(answer)
        response = self.get_response(request)
        _keep(key, response)
        return response


def _key(request: HttpRequest) -> str:
    """The same for the same press of the same button; empty for what isn't a form of a colleague."""
    if request.method != "POST" or not request.user.is_authenticated or "csrfmiddlewaretoken" not in request.POST:
        return ""
    files = [(name, file.name, file.size) for name, found in request.FILES.lists() for file in found]
    press = f"{request.user.pk} {request.get_full_path()} {request.POST.urlencode()} {files}"
    return "once:" + hashlib.sha256(press.encode()).hexdigest()


def _answer(key: str) -> str:
    """Where the first press led, once it is done; empty when it was refused. One that takes long leads home."""
    until = time.monotonic() + WAIT
    while (answer := cache.get(key)) == UNDER_WAY:
        if time.monotonic() > until:
            return "/"
        time.sleep(PAUSE)
    return answer or ""


def _keep(key: str, response: HttpResponse) -> None:
    if 300 <= response.status_code < 400:
        cache.set(key, response["Location"], timeout=REMEMBERED)
    else:
        cache.delete(key)
