"""The client in the room: while one looks at the screen, the whole session is narrowed to that client.

The session knows who is in the room; a signed cookie of the same browser remembers it beyond the session, so that a log-in in the
middle of a meeting doesn't show everything at once: only leaving with the password ends it. `user.room` tells everyone else:
`accounts_for` narrows what is seen, `may` what is done. Pages open one by one (OPEN): what isn't named there doesn't exist.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.models import Client, User

KEY = COOKIE = "room"
SALT = "desk.room"

#: The pages there are while a client is in the room: what one looks at together, and the work one does together.
OPEN = frozenset(
    {
        # the mode itself, the door, the look, one's own profile
        "room_leave", "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
        "account_set_password", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
        "account_reset_password_from_key_done", "mfa_authenticate", "mfa_reauthenticate", "mfa_index", "mfa_activate_totp",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
        "profile", "set_theme", "set_language", "agency_logo", "healthz", "readyz",
        # gathered
        "my_day", "dashboard", "search", "client_list", "client_detail", "contact_detail", "account_detail", "user_detail",
        # jobs: the client's orders and what was released for them
        "job_list", "job_detail", "job_sheet", "sheet_pdf", "sheet_send", "job_create", "job_edit", "job_copy", "job_due", "job_submit",
        "job_take_back", "reference_file", "reference_thumbnail", "deliverable_add", "deliverable_detail", "deliverable_edit",
        "deliverable_drop", "deliverable_reopen", "version_file", "version_preview", "version_thumbnail", "version_send",
        # signing, by colleagues here and by the client's links
        "signrequest_list", "signrequest_detail", "signoff_document", "signoff_sealed", "signoff_file", "signoff_picture",
        "signoff_sign", "signoff_seen", "signoff_decline", "signoff_withdraw", "signoff_resend", "signoff_address",
        "signoff_reminders", "signoff_delegation", "sign", "sign_seen", "sign_decline", "sign_pass_on", "sign_document",
        "sign_sealed", "sign_file", "sign_picture",
        # meetings
        "meeting_list", "meeting_create", "meeting_detail", "meeting_edit", "meeting_cancel", "agenda_send", "minutes_start",
        "minutes_edit", "minutes_send", "minutes_amend", "minutes_pdf", "step_list", "step_done",
        # what was billed, and reports
        "invoice_list", "invoice_detail", "invoice_pdf", "invoice_preview", "receivables",
        "report_list", "report_detail", "report_refresh", "report_send", "report_pdf",
    }
)  # fmt: skip


def enter(request: HttpRequest, response: HttpResponse, client: Client) -> None:
    """Narrow this browser to `client`; what was said about other clients isn't said any more."""
    list(messages.get_messages(request))
    request.session[KEY] = client.pk
    response.set_signed_cookie(
        COOKIE, f"{request.user.pk}:{client.pk}", salt=SALT, max_age=settings.SESSION_COOKIE_AGE, secure=settings.HTTPS,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    _forget_pages(response)


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """Open everything again."""
    request.session.pop(KEY, None)
    response.delete_cookie(COOKIE, samesite="Lax")
    _forget_pages(response)


def _forget_pages(response: HttpResponse) -> None:
    """Have the browser drop the pages and pictures it kept: the Back button must not bring them up."""
    response.headers["Clear-Site-Data"] = '"cache"'


def who(request: HttpRequest, user: User) -> Client | None:
    """The client in the room with this browser, if there is one."""
    pk = request.session.get(KEY) or _remembered(request, user)
    if pk is None:
        return None
    request.session.setdefault(KEY, pk)
    return Client.objects.filter(pk=pk).first()


def _remembered(request: HttpRequest, user: User) -> int | None:
    """Whom the cookie names, if it is this colleague's."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=settings.SESSION_COOKIE_AGE) or ""
    colleague, _colon, client = value.partition(":")
    return int(client) if value and int(colleague) == user.pk else None


class RoomMiddleware:
    """Tells the person behind the request who is in the room, closes what isn't for them, and lets nothing be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            user.room = who(request, user)
        response = self.get_response(request)
        if isinstance(user, User):
            # Whoever presses Back after a client came in finds no page that was kept from before.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if getattr(request.user, "room", None) and (match is None or match.url_name not in OPEN):
            raise Http404
        return None
