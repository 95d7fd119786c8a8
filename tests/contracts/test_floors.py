"""Imports go down only: the house stands on its kernel, and no floor knows the one above it."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

#: From the ground up. An app may import those before it; meetings and billing share a floor and don't know each other.
FLOORS = [{"agency"}, {"accounts"}, {"signoffs"}, {"jobsheets"}, {"meetings", "billing"}, {"reporting"}, {"desk"}]
#: These name every app, and nobody imports them.
EXEMPT = {"agency/urls.py", "agency/settings.py", "agency/celery.py", "agency/wsgi.py"}


def floor_of(app: str) -> int:
    return next(place for place, apps in enumerate(FLOORS) if app in apps)


def imports(source: Path) -> Iterator[tuple[int, str]]:
    """(line, package) for everything that `source` imports by its full name, wherever in the file."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            yield node.lineno, name.split(".")[0]


def imported_apps(source: Path) -> Iterator[tuple[int, str]]:
    """(line, app) for every app of the house that `source` imports."""
    apps = set().union(*FLOORS)
    return ((line, name) for line, name in imports(source) if name in apps)


@pytest.mark.parametrize("app", sorted(set().union(*FLOORS)))
def test_an_app_needs_only_what_is_installed_with_it(app):
    """What the tests bring along isn't there where the product runs."""
    lock = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", lock, re.MULTILINE)}
    known, wrong = packages_distributions(), []
    for source in (settings.BASE_DIR / app).rglob("*.py"):
        for line, name in imports(source):
            if name in sys.stdlib_module_names or name in set().union(*FLOORS):
                continue
            if not {dist.lower().replace("_", "-") for dist in known.get(name, [])} & locked:
                wrong.append(f"{source.relative_to(settings.BASE_DIR)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("app", sorted(set().union(*FLOORS)))
def test_an_app_imports_only_the_floors_below_it(app):
    wrong = []
    for source in (settings.BASE_DIR / app).rglob("*.py"):
        path = source.relative_to(settings.BASE_DIR).as_posix()
        if path in EXEMPT or "/migrations/" in path:
            continue
        wrong += [
            f"{path}:{line} imports {other}"
            for line, other in imported_apps(source)
            if other != app and floor_of(other) >= floor_of(app)
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("app", sorted(set().union(*FLOORS) - {"desk"}))
def test_nobody_reaches_up_through_a_reverse_accessor(app):
    """A foreign key from a higher floor leaves no name on the lower model, so that no template can climb by it."""
    from django.apps import apps

    wrong = []
    for model in apps.get_app_config(app).get_models():
        for relation in model._meta.related_objects:
            upper = relation.related_model._meta.app_label
            known = any(upper in floor for floor in FLOORS)
            if known and floor_of(upper) > floor_of(app) and relation.get_accessor_name() and not relation.hidden:
                wrong.append(f"{upper}.{relation.related_model.__name__}.{relation.field.name} → {model.__name__}")
    assert not wrong, "\n".join(wrong)
