"""Bringing a client into the room, and leaving with the password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms.login import ReauthenticateForm
from agency import clock

from .. import room
from ..forms import RoomForm

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def choose(request: HttpRequest) -> HttpResponse:
    """Ask which client, without listing any: whoever asks may be looked at already."""
    form = RoomForm(request.POST if request.method == "POST" else None, user=request.user, initial=request.GET.dict())
    if not form.is_valid():
        return render(request, "desk/room.html", {"form": form}, status=422 if form.is_bound else 200)
    client = form.cleaned_data["client"]
    actions.enter_room(client, by=request.user, now=clock.now())
    response = redirect(client)
    room.enter(request, response, client)
    return response


@get_or_post
def leave(request: HttpRequest) -> HttpResponse:
    """The password opens everything again; wrong ones are counted as those of the log-in are."""
    client = request.user.room
    if client is None:
        return redirect("my_day")
    form = ReauthenticateForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.is_valid():
        return render(request, "desk/room_leave.html", {"form": form}, status=422 if form.is_bound else 200)
    actions.leave_room(client, by=request.user, now=clock.now())
    response = redirect("my_day")
    room.leave(request, response)
    messages.success(request, _("You see everything again."))
    return response
