"""The pages for requests that can't be answered: what happened, what to do, no codes, nothing about anyone else."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from agency.errors import NotPermitted


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the thing may be seen but not done. An action's own sentence is shown; Django's and libraries' aren't."""
    refused = str(exception) if isinstance(exception, NotPermitted) else ""
    return render(request, "403.html", {"refused_sentence": refused}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same words for what doesn't exist, what is hidden and what is malformed."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: without the database, the session or the context processors, any of which may be what broke."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


class RefusalMiddleware:
    """Turns an action's NotPermitted, wherever a view let it through, into the 403 page, and an empty 405 into words."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        # After a log-in the browser may open what was a button's address: that needs words, not an empty page.
        if response.status_code == 405 and request.method == "GET" and not response.content and request.user.is_authenticated:
            allowed = response["Allow"]
            response = render(request, "405.html", status=405)
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotPermitted):
            return permission_denied(request, exception)
        return None
