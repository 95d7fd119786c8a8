"""The outbox: what waits, what failed, what is in doubt, and the decisions only a person can make."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may, require
from agency import clock, outbox_actions
from agency.errors import Refused
from agency.models import OutgoingMail
from agency.paging import page_of
from billing.mails import letters_about_money

PAGE = 50
RESENT_SHOWN = timedelta(days=7)
Status = OutgoingMail.Status


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    require(request.user, "outbox.manage")
    now = clock.now()
    mails = OutgoingMail.objects.select_related("client").defer("html", "text")
    waiting = mails.filter(status__in=[Status.QUEUED, Status.CLAIMED])
    stuck = mails.needs_person(now)
    context = {
        "stuck_count": stuck.count(),
        "stuck": page_of(stuck, request, PAGE),
        "resent": list(mails.resent(now - RESENT_SHOWN)[:PAGE]),
        "waiting": list(waiting.order_by("due_at")[:PAGE]),
        "sent": list(mails.filter(status__in=[Status.SENT, Status.SUPPRESSED])[:PAGE]),
    }
    return render(request, "desk/outbox.html", context)


@require_POST
def decide(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    """Retry, resend, take as sent, release or discard one mail. Finance may, where the letter is about money."""
    if not (may(request.user, "chase.manage") and letters_about_money(request.user).filter(pk=pk).exists()):
        require(request.user, "outbox.manage")
    mail = get_object_or_404(OutgoingMail, pk=pk)
    now, all_mail = clock.now(), may(request.user, "outbox.manage")
    try:
        if decision == "retry":
            outbox_actions.retry_mail(mail, by=request.user, now=now)
        elif decision == "resend":
            outbox_actions.resolve_doubt(mail, "resend", by=request.user, now=now)
        elif decision == "sent":
            outbox_actions.resolve_doubt(mail, "sent", by=request.user, now=now)
        elif decision == "release":
            outbox_actions.release_mail(mail, by=request.user, now=now)
        elif decision == "discard":
            outbox_actions.discard_mail(mail, by=request.user, now=now)
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        seen = _("Done. “%(subject)s” has its new state below.") % {"subject": mail.subject}
        messages.success(request, seen if all_mail else _("Done."))
    return redirect("outbox" if all_mail else "chase")
