"""The site for gunicorn, telling with each answer how long it took and how many queries it asked."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from agency.wsgi import application as site

Start = Callable[..., Any]


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    queries = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        milliseconds = (time.perf_counter() - began) * 1000
        told = ("Server-Timing", f"app;dur={milliseconds:.3f}, queries;dur={queries}")
        return start_response(status, [*headers, told], *more)

    began = time.perf_counter()
    with connection.execute_wrapper(counted):
        answer: Iterable[bytes] = site(environ, start)
    return answer
