"""The agency's side: what is out for signature, how it stands, and mending what went wrong."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import create_contact, set_authorities
from accounts.models import Contact, User
from accounts.permissions import may, require
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.errors import NotPermitted, Refused
from agency.models import AuditEntry, OutgoingMail
from agency.paging import page_of
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..evidence import verify_chain
from ..forms import AddressForm, DelegateForm, ReasonForm
from ..models import Delegation, Event, Signatory, SignRequest
from ..signables import signable_for
from ..standing import standing_of
from ..summary import summaries
from .place import app_address, attachment_response, document_response, sealed_response, shown_files

FILTERS = {"": Q(outcome=""), "closed": ~Q(outcome=""), "all": Q()}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _request_or_404(request: HttpRequest, pk: int) -> SignRequest:
    found = SignRequest.objects.select_related(
        "document__file", "document__created_by", "account__client", "account__lead", "requested_by", "sealed__file"
    )
    result: SignRequest = get_visible_or_404(found, _user(request), pk=pk)
    return result


@require_safe
def signrequest_list(request: HttpRequest) -> HttpResponse:
    """What waits for whom; closed ones on demand."""
    user, chosen = _user(request), request.GET.get("show", "")
    chosen = chosen if chosen in FILTERS else ""
    mine, words = request.GET.get("mine") == "1", request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = SignRequest.objects.visible_to(user).filter(FILTERS[chosen])
    if mine:
        found = found.filter(Q(requested_by=user) | Q(account__lead=user))
    if words:
        found = found.filter(
            Q(document__title__icontains=words)
            | Q(document__reference__icontains=words)
            | Q(account__client__name__icontains=words)
        )
    if not chosen:
        found = found.order_by("requested_at", "pk")  # who has waited longest comes first
    found = found.select_related("document", "account__client", "requested_by").prefetch_related(
        Prefetch("signatories", Signatory.objects.select_related("contact"))
    )
    page, now = page_of(found, request), clock.now()
    rows = summaries(page.rows, now=now)
    open_ones = SignRequest.objects.visible_to(user).open().count()
    heading = ngettext("One document is out for signature", "%(n)s documents are out for signature", open_ones)
    return render(
        request,
        "signoffs/list.html",
        {
            "rows": rows, "page": page, "show": chosen, "mine": mine, "q": words, "filtered": bool(words or mine),
            "heading": heading % {"n": open_ones} if open_ones else _("Nothing is out for signature"),
        },
    )  # fmt: skip


@require_safe
def signrequest_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sign-off: who, how it stands, its mails, its evidence, and what can be done about it."""
    sign_request, user, now = _request_or_404(request, pk), _user(request), clock.now()
    signatories = list(sign_request.signatories.select_related("contact__client", "user", "delegated_to", "signature_image"))
    mails = list(OutgoingMail.objects.about(sign_request).defer("text", "html"))
    delegations = Delegation.objects.filter(signatory__request=sign_request).select_related("signatory", "settled_by")
    rows = []
    for signatory in signatories:
        signatory.request = sign_request
        own = [mail for mail in mails if mail.to_email == signatory.email]
        waiting = bool(signatory.invited_at and not signatory.is_copy and sign_request.is_open) and not (
            signatory.decided_at or signatory.delegated_to_id or signatory.revoked_at
        )
        rows.append(
            {"signatory": signatory, "standing": standing_of(signatory, now=now), "mails": own, "waiting": waiting,
             "mine": signatory.user_id == user.pk and waiting}
        )  # fmt: skip
    subject: Any = sign_request.document.subject
    events = list(Event.objects.filter(request=sign_request).order_by("sequence"))
    return render(
        request,
        "signoffs/detail.html",
        {
            "sign_request": sign_request, "document": sign_request.document, "client": sign_request.account.client,
            "kind": signable_for(sign_request.document).name, "rows": rows, "delegations": list(delegations),
            "events": events[::-1], "chain": verify_chain(sign_request, events),
            "sealed": getattr(sign_request, "sealed", None), "may_manage": may(user, "signoffs.manage"),
            "may_confirm": may(user, "signoffs.confirm_delegate"), "history": AuditEntry.objects.for_object(sign_request),
            "subject": subject, "subject_url": subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else "",
            "to_agency": [m for m in mails if m.to_email not in {s.email for s in signatories}],
            "files": shown_files(sign_request.document, app_address(sign_request)),
            "page_template": signable_for(sign_request.document).page_template, "data": sign_request.document.data,
        },
    )  # fmt: skip


def _signatory_or_404(sign_request: SignRequest, signatory: int) -> Signatory:
    found = sign_request.signatories.select_related("contact__client").filter(pk=signatory).first()
    if found is None:
        raise Http404
    return found


@require_POST
def resend(request: HttpRequest, pk: int, signatory: int) -> HttpResponse:
    sign_request = _request_or_404(request, pk)
    require(_user(request), "signoffs.manage")
    row = _signatory_or_404(sign_request, signatory)

    def send_anew() -> str:
        again = actions.resend(row, by=_user(request), now=clock.now())
        return _("Sent to %(email)s again. The link before no longer works.") % {"email": again.email}

    return deed(request, send_anew, sign_request)


@require_POST
def reminders(request: HttpRequest, pk: int, signatory: int) -> HttpResponse:
    sign_request = _request_or_404(request, pk)
    require(_user(request), "signoffs.manage")
    row, paused = _signatory_or_404(sign_request, signatory), request.POST.get("paused") == "1"

    def pause() -> str:
        actions.pause_reminders(row, paused, by=_user(request), now=clock.now())
        words = _("%(name)s gets no more reminders.") if paused else _("%(name)s is reminded again.")
        return words % {"name": row.name}

    return deed(request, pause, sign_request)


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int, signatory: int) -> HttpResponse:
    """A wrong address: correct it and send a new link; the old one is dead."""
    sign_request = _request_or_404(request, pk)
    require(_user(request), "signoffs.manage")
    row = _signatory_or_404(sign_request, signatory)

    def correct(form: AddressForm) -> Done:
        again = actions.correct_address_and_resend(row, form.cleaned_data["email"], by=_user(request), now=clock.now())
        return _("Corrected, and sent to %(email)s.") % {"email": again.email}, sign_request

    form = posted(AddressForm, request, initial={"email": row.email})
    return form_page(request, "signoffs/address.html", form, correct, {"sign_request": sign_request, "signatory": row})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    sign_request = _request_or_404(request, pk)
    require(_user(request), "signoffs.manage")

    def take_back(form: ReasonForm) -> Done:
        actions.withdraw_request(sign_request, reason=form.cleaned_data["reason"], by=_user(request), now=clock.now())
        return _("Withdrawn. Everyone with an open link has been told."), sign_request

    names = [s.name for s in sign_request.signatories.asked().filter(decided_at=None, invited_at__isnull=False)]
    context = {"sign_request": sign_request, "danger": True, "names": names}
    return form_page(request, "signoffs/withdraw.html", posted(ReasonForm, request), take_back, context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, pk: int, delegation: int) -> HttpResponse:
    """ "Not the right person?": confirm who the new signatory is, or refuse."""
    sign_request, user, now = _request_or_404(request, pk), _user(request), clock.now()
    row = Delegation.objects.filter(signatory__request=sign_request).select_related("signatory__request__account__client")
    found = row.filter(pk=delegation).first()
    if found is None:
        raise Http404
    require(user, "signoffs.confirm_delegate")

    def refuse() -> str:
        actions.refuse_delegate(found, by=user, now=now)
        return _("Refused. %(name)s has been asked to answer.") % {"name": found.signatory.name}

    def confirm(form: DelegateForm) -> Done:
        try:
            new = _confirm(found, form, user, now)
        except NotPermitted as error:  # whom to ask about the authority, with what was typed still there
            raise Refused(str(error)) from error
        return _("Confirmed, and sent to %(name)s.") % {"name": new.name}, sign_request

    if request.POST.get("refuse"):
        return deed(request, refuse, sign_request)
    context = {
        "sign_request": sign_request, "delegation": found, "settled": found.settled_at,
        "may_authorise": may(user, "contacts.authorise"),
    }  # fmt: skip
    return form_page(request, "signoffs/delegation.html", posted(DelegateForm, request, delegation=found), confirm, context)


@transaction.atomic
def _confirm(found: Delegation, form: DelegateForm, user: User, now: Any) -> Signatory:
    """The contact chosen or made, their authority entered where that was asked for, then the delegation itself."""
    client, kind = found.signatory.request.account.client, found.signatory.request.document.kind
    contact = form.cleaned_data["contact"]
    if contact is None:
        if Contact.objects.filter(client=client, email__iexact=found.email).exists():
            raise Refused(_("A contact with this address exists already, perhaps archived. Choose it or restore it first."))
        facts = {"full_name": found.name, "email": found.email, "language": found.signatory.language}
        contact = create_contact(client, facts=facts, by=user, now=now)
    if form.cleaned_data["authorise"]:
        held = {line.kind: line.up_to for line in contact.authorities.all()}
        contact = set_authorities(contact, may_sign={kind: None, **held}, by=user, now=now)
    return actions.confirm_delegate(found, contact, by=user, now=now)


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    return document_response(_request_or_404(request, pk).document, request)


@require_safe
def sealed(request: HttpRequest, pk: int) -> HttpResponseBase:
    return sealed_response(_request_or_404(request, pk), request)


@require_safe
def file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    return attachment_response(_request_or_404(request, pk).document, request, file)


@require_safe
def picture(request: HttpRequest, pk: int, file: int, which: Any) -> HttpResponseBase:
    return attachment_response(_request_or_404(request, pk).document, request, file, which)
