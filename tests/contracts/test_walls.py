"""The walls, for every page there is (the table is tests/contracts/urls.py).

1. A page nobody listed, or a row without a page, fails. What needs no login is a list of its own.
2. Whoever isn't logged in is sent to the login.
3. Each of the ten roles gets the very same 404 for a thing of another client as for one that doesn't exist, and changes
   nothing, however it asks (GET, HEAD, POST, a fragment, a part of a file). Those who see all ask with another client in the room.
4. Each role gets in, or a 403.
5. Whatever belongs to a client has `visible_to`, and forms offer only what the person may see.
"""

import re
from collections.abc import Iterator
from importlib import import_module, util
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import models as accounts
from accounts.models import Role, User
from accounts.models.users import SEES_ALL
from accounts.permissions import PERMISSIONS
from desk.room import OPEN
from tests.cast import join, make_user

from .urls import PAGES, PUBLIC, Page
from .world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OUR_APPS = ("agency", "accounts", "signoffs", "jobsheets", "meetings", "billing", "reporting")
#: Models that belong to no client, or that only their parent's queryset is asked about; each with its reason.
NOT_A_CLIENTS: dict[str, str] = {
    "agency.Agency": "the agency itself",
    "agency.Counter": "numbers without names, read by no page",
    "agency.Heartbeat": "of processes",
    "agency.StoredFile": "reached through what it hangs on, never by itself",
    "agency.MailAttachment": "reached through its mail",
    "agency.AuditEntry": "accounts.visibility decides: shown beside its object, or to who sees all",
    "agency.PaperTry": "shown beside its paper",
    "agency.OutgoingMail": "shown beside its object, or to who sees all",
    "accounts.User": "colleagues know each other",
    "accounts.RoleGrant": "of colleagues",
    "billing.ChaseStep": "the agency's plan",
    "signoffs.Delegation": "reached through its signatory",
    "signoffs.OneTimeCode": "reached through its signatory; digests only",
    "signoffs.Event": "reached through its sign request",
    "signoffs.SealedDocument": "reached through its sign request",
}


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the URL conf with its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


LISTED = sorted({pattern.name for _route, pattern in patterns() if pattern.name in PAGES})


@pytest.fixture
def world(settings: Any) -> World:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return make_world()


def browser(user: User | None = None, room: accounts.Client | None = None) -> Client:
    """A browser in which `user` is logged in, with a client in the room."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    if room:
        session = client.session
        session["room"] = room.pk
        session.save()
    return client


def ask(client: Client, url: str, method: str = "GET") -> HttpResponse:
    """One request whose changes are taken back."""
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url)
        transaction.set_rollback(True)
    return response


def url_of(name: str, world: World, *, unknown: bool = False) -> str:
    row = PAGES[name]
    return reverse(name, args=row.unknown if unknown else row.args(world) if row.args else ())


# 1. The table is whole


def test_every_page_is_listed() -> None:
    unlisted = sorted(f"{route} ({pattern.name})" for route, pattern in patterns() if pattern.name not in PAGES)
    assert not unlisted, f"List these pages in tests/contracts/urls.py: {unlisted}"


def test_every_row_has_a_page() -> None:
    assert sorted(set(PAGES) - {pattern.name for _route, pattern in patterns()}) == [], "Take these rows out of the table"


def test_no_name_is_given_to_two_views() -> None:
    views: dict[str, set[Any]] = {}
    for _route, pattern in patterns():
        views.setdefault(str(pattern.name), set()).add(pattern.callback)
    assert {name for name, found in views.items() if len(found) > 1} == set()


def test_public_pages_are_those_in_the_pinned_list() -> None:
    open_views = {pattern.name for _route, pattern in patterns() if not getattr(pattern.callback, "login_required", True)}
    assert open_views <= PUBLIC, f"These ask for no login and aren't pinned as public: {sorted(open_views - PUBLIC)}"
    assert {name for name in LISTED if PAGES[name].public} == open_views


def test_pages_name_actions_that_exist() -> None:
    assert {row.may for row in PAGES.values() if row.may} <= set(PERMISSIONS)


# 2. The door


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_logged_in_is_sent_to_the_login(world: World, method: str) -> None:
    client, wrong = browser(), []
    for name in LISTED:
        if PAGES[name].public:
            continue
        for unknown in (False, True) if PAGES[name].args else (False,):
            response = ask(client, url_of(name, world, unknown=unknown), method)
            if response.status_code != 302 or not response["Location"].startswith(reverse("account_login")):
                wrong.append((name, response.status_code))
    assert not wrong


# 3. The wall between clients


def body(response: HttpResponse, url: str) -> str:
    """The page without what differs at every request: tokens, nonces and its own address."""
    text = getattr(response, "content", b"").decode()
    text = re.sub(r'"[A-Za-z0-9]{64}"', '"token"', text)
    text = re.sub(r'nonce="[^"]+"', 'nonce="…"', text)
    return text.replace(f'value="{url}"', 'value="/address/"')


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
    }


def outsider(world: World, role: str) -> Client:
    """The browser of somebody with this role who works for the rival; whoever sees all has the rival in the room."""
    if role in SEES_ALL:
        return browser(world.by_role()[role], room=world.rival)
    user = make_user(f"other.{role}@agency.example", role)
    join(world.rival_account, user)
    return browser(user)


#: Ways of asking: method and headers.
WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "page": ("get", {}),
    "button": ("post", {}),
    "head": ("head", {}),
    "fragment": ("get", {"HX-Request": "true"}),
    "part of a file": ("get", {"Range": "bytes=0-99"}),
}


def differences(client: Client, world: World, way: str) -> list[tuple[str, ...]]:
    """The walled pages that don't answer a hidden thing as they answer an unknown one: 404, the same headers, the same body."""
    (method, headers), wrong = WAYS[way], []
    ask_for = getattr(client, method)
    for name in LISTED:
        row = PAGES[name]
        if not row.walled or row.public or (method != "post" and row.post):
            continue
        hidden_url, unknown_url = url_of(name, world), url_of(name, world, unknown=True)
        hidden, unknown = ask_for(hidden_url, headers=headers), ask_for(unknown_url, headers=headers)
        codes = (hidden.status_code, unknown.status_code)
        if codes == (405, 405):  # a page that takes no POST says so before looking at anything
            continue
        if codes != (404, 404):
            wrong.append((name, *map(str, codes)))
        elif body(hidden, hidden_url) != body(unknown, unknown_url):
            wrong.append((name, "the bodies differ"))
        elif set(hidden.headers) != set(unknown.headers):
            wrong.append((name, "the headers differ"))
    return wrong


@pytest.mark.parametrize("role", sorted(Role.values))
def test_each_role_gets_the_same_404_for_hidden_and_unknown(world: World, role: str) -> None:
    client, before = outsider(world, role), snapshot()
    assert not differences(client, world, "page")
    assert not differences(client, world, "button")
    assert snapshot() == before


@pytest.mark.parametrize("way", ["head", "fragment", "part of a file"])
@pytest.mark.parametrize("role", ["ae", "director"])
def test_other_ways_of_asking_find_the_same_wall(world: World, role: str, way: str) -> None:
    client, before = outsider(world, role), snapshot()
    assert not differences(client, world, way)
    assert snapshot() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_while_a_client_is_in_the_room_only_the_pages_named_for_it_exist(world: World, method: str) -> None:
    """In the room of Acme itself: what belongs to no client (people, the agency, the outbox) is closed to everybody."""
    client, before, unknown = browser(world.director, room=world.acme), snapshot(), "/nothing-is-here/"
    nothing = body(client.get(unknown), unknown)
    for name in LISTED:
        if name in OPEN or (method == "get" and PAGES[name].post):
            continue
        url = url_of(name, world)
        response = getattr(client, method)(url)
        assert response.status_code == 404, name
        assert body(response, url) == nothing, name
    assert set(OPEN) <= {str(pattern.name) for _route, pattern in patterns()}
    assert snapshot() == before


# 4. Roles


def expected(row: Page, user: User) -> bool:
    return not row.may or not user.roles.isdisjoint(PERMISSIONS[row.may])


@pytest.mark.parametrize("role", sorted(Role.values))
def test_each_role_gets_in_or_a_403(world: World, role: str) -> None:
    user = world.by_role()[role]
    client, wrong = browser(user), {}
    for name in LISTED:
        row = PAGES[name]
        if row.public:
            continue
        code = ask(client, url_of(name, world), "POST" if row.post else "GET").status_code
        right = code in {200, 302} | row.also if expected(row, user) else code == 403
        if not right:
            wrong[name] = code
        if "_auth_user_id" not in client.session:  # the page ended the session, as a change of one's own roles does
            client.force_login(user)
    assert not wrong


# 5. Models and forms


def our_models() -> list[type[models.Model]]:
    return [model for app in OUR_APPS for model in apps.get_app_config(app).get_models()]


def owned_models() -> list[type[models.Model]]:
    return [model for model in our_models() if model._meta.label not in NOT_A_CLIENTS]


def test_whatever_belongs_to_a_client_has_visible_to() -> None:
    labels = {model._meta.label for model in our_models()}
    assert not set(NOT_A_CLIENTS) - labels, "an exception without a model"
    without = [model._meta.label for model in owned_models() if not hasattr(model._default_manager.all(), "visible_to")]
    assert not without, f"visible_to is missing, or say in NOT_A_CLIENTS why not: {without}"


def test_visible_to_keeps_acme_from_the_outsider_and_shows_it_to_its_team(world: World) -> None:
    seen_by_team = 0
    for model in owned_models():
        rows: Any = model._default_manager.all()
        ours, theirs = (set(rows.visible_to(user).values_list("pk", flat=True)) for user in (world.ae, world.outsider))
        assert not ours & theirs, model._meta.label
        seen_by_team += bool(ours)
    assert seen_by_team >= 12, "the world holds too little to prove anything"


def test_who_has_left_sees_nothing(world: World) -> None:
    for user in (world.ae, world.director):
        user.is_active = False
        for model in owned_models():
            assert not model._default_manager.all().visible_to(user).exists(), (user, model._meta.label)  # type: ignore[attr-defined]


def form_classes() -> set[type[forms.BaseForm]]:
    """Every form of ours, wherever a module named forms defines it."""
    found: set[type[forms.BaseForm]] = set()
    pending: list[type[forms.BaseForm]] = [forms.BaseForm]
    for app in (*OUR_APPS, "desk"):
        if util.find_spec(f"{app}.forms"):
            import_module(f"{app}.forms")
    while pending:
        for child in pending.pop().__subclasses__():
            pending.append(child)
            if child.__module__.split(".")[0] in (*OUR_APPS, "desk"):
                found.add(child)
    return found


def test_no_form_offers_a_clients_things_before_it_is_told_for_whom() -> None:
    owned = set(owned_models())
    wrong = [
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in form_classes()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField)
        and field.queryset is not None
        and field.queryset.model in owned
        and not field.queryset.query.is_empty()
    ]
    assert not wrong, f"Declare these with queryset=….none() and scope them in __init__: {wrong}"


def forms_in(context: Any) -> Iterator[forms.BaseForm]:
    """Every form in the context of a rendered page."""
    contexts = context if isinstance(context, list) else [context] if context is not None else []
    for layer in (layer for one in contexts for layer in one.dicts):
        for value in layer.values():
            if isinstance(value, forms.BaseForm):
                yield value
            elif isinstance(value, forms.BaseFormSet):
                yield from [*value.forms, value.empty_form]


def test_forms_offer_only_what_the_person_may_see(world: World) -> None:
    owned, looked_at, wrong = set(owned_models()), 0, []
    for who in (world.stranger, world.manager, world.ae):
        client = browser(who)
        for name in LISTED:
            row = PAGES[name]
            if row.public or row.post:
                continue
            response: Any = ask(client, url_of(name, world))
            for form in forms_in(getattr(response, "context", None)):
                for field_name, field in form.fields.items():
                    if isinstance(field, forms.ModelChoiceField) and field.queryset.model in owned:
                        looked_at += 1
                        offered = set(field.queryset.values_list("pk", flat=True))
                        if not offered <= set(field.queryset.model._default_manager.visible_to(who).values_list("pk", flat=True)):
                            wrong.append((name, who.full_name, field_name))
    assert not wrong
    assert looked_at, "no page showed a form with a choice of a client's things"


def test_settings_ask_for_a_login_by_default() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
