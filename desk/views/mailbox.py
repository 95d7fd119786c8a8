"""The mailbox of embedded mode: every mail as its reader would see it, with working links. Production has no such page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from agency.files import file_response
from agency.mail import filled
from agency.models import OutgoingMail
from agency.paging import page_of


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails of the trial agency, newest first; `to` narrows them to one reader, `q` to words of the subject."""
    mails = OutgoingMail.objects.select_related("client").defer("html", "text")
    reader = request.GET.get("to", "").replace("\x00", "").strip()
    if reader:
        mails = mails.filter(to_email__iexact=reader)
    words = request.GET.get("q", "").replace("\x00", "").strip()
    if words:
        mails = mails.filter(subject__icontains=words)
    page = page_of(mails, request)
    context = {"rows": page.rows, "page": page, "reader": reader, "words": words, "filtered": bool(reader or words)}
    return render(request, "desk/mailbox.html", context)


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(OutgoingMail.objects.select_related("client"), pk=pk)
    context = {"mail": found, "wording": filled(found), "files": found.attachments.all()}
    return render(request, "desk/mailbox_mail.html", context)


@require_safe
@xframe_options_sameorigin
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part in a frame of its own: sandboxed, its inline styles allowed, no script."""
    found = get_object_or_404(OutgoingMail, pk=pk)
    response = HttpResponse(filled(found).html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return response


@require_safe
def attachment(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    found = get_object_or_404(OutgoingMail, pk=pk)
    stored = found.attachments.filter(pk=file_pk).first()
    if stored is None:
        raise Http404
    return file_response(stored, request)
