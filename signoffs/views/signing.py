"""The page on which a document is read and answered, step by step: answer, check, confirm, result."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from agency.errors import Refused

from .. import actions
from ..actions.delegating import MOST_TIMES, times_passed_on
from ..consent import consent
from ..forms import DeclineForm, PassOnForm, SignForm
from ..links import current_url
from ..models import Delegation, Signatory
from ..signables import answer_of, signable_for
from ..standing import approves, said_of, stage_of
from .place import Place


def answering(request: HttpRequest, place: Place, *, now: datetime, code_passed: bool) -> HttpResponse:
    """The sign page. GET shows; POST checks (step=check), goes back (step=change) or records (step=confirm)."""
    stage = stage_of(place.signatory, now=now)
    if request.method != "POST":
        return show(request, place, stage, now=now)
    if stage == "answered":
        return redirect(place.address("page"))
    if stage != "open":
        return show(request, place, stage, now=now, status=409)
    form = SignForm(request.POST, request.FILES, document=place.document)
    if request.POST.get("step") == "change":
        form = SignForm(initial=request.POST.dict(), document=place.document)
        return show(request, place, stage, now=now, form=form)
    if not form.is_valid():
        return show(request, place, stage, now=now, form=form, status=422)
    if request.POST.get("step") != "confirm":
        return _check(request, place, form)
    return _confirm(request, place, form, now=now, code_passed=code_passed)


def _check(request: HttpRequest, place: Place, form: SignForm) -> HttpResponse:
    """Everything once more before it counts: what, as whom, and a button that says what it does. Nothing is stored yet."""
    answer = answer_of(place.document, form.cleaned_data["answer"])
    assert answer
    lines = [(words, form.line_texts()[key]) for key, words in form.lines if key in form.line_texts()]
    return render(
        request,
        "signoffs/sign/check.html",
        frame(place)
        | {
            "form": form,
            "answer": answer,
            "button": str(answer.button) % {"title": place.document.title},
            "lines": lines,
            "carried": form.carried(),
            "shown_sha256": request.POST.get("document", ""),
            "picture": next((value for name, value in form.carried() if name == "picture"), ""),
            "consent": consent(_language()),
        },
    )


def _language() -> str:
    return get_language() or "en"


def _confirm(request: HttpRequest, place: Place, form: SignForm, *, now: datetime, code_passed: bool) -> HttpResponse:
    data = form.cleaned_data
    given = actions.Given(
        answer=data["answer"],
        shown_sha256=request.POST.get("document", ""),
        signature=actions.Signature(data["typed_name"], data["signature"], data["image"]),
        text=data["text"],
        line_texts=form.line_texts(),
        language=_language(),
        code_passed=code_passed,
    )
    try:
        actions.record_decision(place.signatory, given, origin=place.origin(request), now=now)
    except Refused as error:
        return refused(request, place, error, form=form, now=now)
    return redirect(place.address("page"))


def refused(request: HttpRequest, place: Place, error: Refused, *, now: datetime, form: Any = None) -> HttpResponse:
    """An answer that couldn't be recorded: the page as things stand now, with the sentence; what was typed is kept."""
    place.signatory.refresh_from_db()
    stage = stage_of(place.signatory, now=now)
    return show(request, place, stage, now=now, form=form, status=409, refused=str(error))


def show(
    request: HttpRequest, place: Place, stage: str, *, now: datetime, form: Any = None, status: int = 200, refused: str = ""
) -> HttpResponse:
    context = frame(place) | {"stage": stage, "refused": refused}
    if stage == "open":
        context |= _open_context(place, form)
        return render(request, "signoffs/sign/page.html", context, status=status)
    context |= _state_context(place, stage)
    return render(request, "signoffs/sign/state.html", context, status=status)


def frame(place: Place) -> dict[str, Any]:
    """What each of these pages needs."""
    signatory, document = place.signatory, place.document
    sign_request = signatory.request
    signable = signable_for(document)
    return {
        "place": place,
        "layout": "layouts/public.html",
        "signatory": signatory,
        "sign_request": sign_request,
        "document": document,
        "data": document.data,
        "client": sign_request.account.client,
        "who": sign_request.requested_by,
        "zone": signatory.zone,
        "kind": signable.name,
        "ask": signable.ask(document),
        "at": place.addresses(),
    }


def _open_context(place: Place, form: Any) -> dict[str, Any]:
    signatory, document = place.signatory, place.document
    form = form or SignForm(document=document, initial={"typed_name": signatory.name, "signature": "typed"})
    return {
        "form": form,
        "page_template": signable_for(document).page_template,
        "files": place.files(),
        "proposed": Delegation.objects.filter(signatory=signatory, settled_at=None).first() if place.public else None,
        "others": list(signatory.request.signatories.asked().exclude(pk=signatory.pk).values_list("name", flat=True)),
    }


def _state_context(place: Place, stage: str) -> dict[str, Any]:
    signatory, document = place.signatory, place.document
    sign_request = signatory.request
    context: dict[str, Any] = {"sealed": getattr(sign_request, "sealed", None)}
    if stage in ("answered", "copy"):
        context["page_template"] = signable_for(document).page_template
        context["files"] = place.files()
    if stage == "answered":
        context |= {"said": said_of(signatory), "approves": approves(signatory)}
        context["waiting"] = list(sign_request.signatories.asked().filter(decided_at=None).values_list("name", flat=True))
    if stage == "superseded":
        context["newer_url"] = _newer_url(place)
    return context


def _newer_url(place: Place) -> str:
    """The same person's link to the newer version, if it was sent to the same address."""
    newer = signable_for(place.document).newer_request(place.document)
    mine = place.signatory
    if newer is None or not mine.contact_id or newer.account_id != mine.request.account_id:
        return ""
    found = Signatory.objects.filter(request=newer, contact=mine.contact_id, email=mine.email, token_digest__isnull=False)
    signatory = found.filter(delegated_to=None, revoked_at=None).first()
    return current_url(signatory) if signatory else ""


def declining(request: HttpRequest, place: Place, *, now: datetime, code_passed: bool) -> HttpResponse:
    """ "I can't sign this": a reason, a name, one button that says what it does."""
    stage = stage_of(place.signatory, now=now)
    if stage != "open":
        return redirect(place.address("page"))
    form = DeclineForm(request.POST if request.method == "POST" else None, initial={"typed_name": place.signatory.name})
    if request.method == "POST" and form.is_valid():
        signature = actions.Signature(form.cleaned_data["typed_name"])
        given = actions.Given(
            "",
            request.POST.get("document", ""),
            signature,
            form.cleaned_data["text"],
            language=_language(),
            code_passed=code_passed,
        )
        try:
            actions.decline(place.signatory, given, origin=place.origin(request), now=now)
        except Refused as error:
            return refused(request, place, error, now=now)
        return redirect(place.address("page"))
    context = frame(place) | {"form": form, "consent": consent(_language())}
    return render(request, "signoffs/sign/decline.html", context, status=422 if form.errors else 200)


def passing_on(request: HttpRequest, place: Place, *, now: datetime) -> HttpResponse:
    """ "Not the right person?": who is, and why; the agency confirms it."""
    signatory = place.signatory
    if stage_of(signatory, now=now) != "open":
        return redirect(place.address("page"))
    form, sentence = PassOnForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_delegate(signatory, **form.cleaned_data, origin=place.origin(request), now=now)
            return redirect(place.address("page"))
        except Refused as error:
            sentence = str(error)
    status = 422 if form.errors else 409 if sentence else 200
    context = frame(place) | {"form": form, "refused": sentence, "times_left": MOST_TIMES - times_passed_on(signatory)}
    return render(request, "signoffs/sign/pass_on.html", context, status=status)
