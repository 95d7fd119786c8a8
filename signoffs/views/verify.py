"""The public check: is this PDF ours, and is it as it was sealed? It says nothing about any other document."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agency.errors import Refused
from agency.models import Agency
from agency.proxies import client_address

from ..forms import VerifyForm
from ..limits import allowed
from ..sealing.verify import verify_bytes
from ..standing import said_of
from .public import guard

MOST_BYTES = 25 * 1024 * 1024


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Upload a PDF, read the verdict. The file is not kept."""
    context: dict[str, object] = {"form": VerifyForm(), "agency": Agency.current()}
    status = 200
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
        context["form"] = form
        if not allowed("verify", address=client_address(request)):
            context["too_often"], status = True, 429
        elif not form.is_valid():
            status = 422
        elif form.cleaned_data["file"].size > MOST_BYTES:
            context["too_large"], status = True, 422
        else:
            try:
                verdict = verify_bytes(form.cleaned_data["file"].read())
            except Refused as refusal:  # the server had no room for the upload
                form.add_error("file", str(refusal))
                status = 409
            else:
                context["verdict"] = verdict
                context["signed"] = [(signatory, said_of(signatory)) for signatory in verdict.signatures]
    response = render(request, "signoffs/verify.html", context, status=status)
    guard(response)
    return response
