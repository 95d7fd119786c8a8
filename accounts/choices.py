"""Countries, currencies and time zones with their names in the reader's language, for selects."""

from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Choices = list[tuple[str, str]]
_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
#: What Babel lists beside countries: unions, tests, unknown.
_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def _locale() -> Locale:
    return Locale.parse((get_language() or "en").replace("-", "_"), sep="_")


def countries() -> Choices:
    """Two-letter code and name, by name."""
    return _countries(str(_locale()))


@lru_cache(maxsize=16)
def _countries(locale: str) -> Choices:
    names = Locale.parse(locale).territories
    found = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRY]
    return sorted(found, key=lambda pair: pair[1])


def currencies() -> Choices:
    """The currencies in use today: code and name, by code."""
    return _currencies(str(_locale()))


@lru_cache(maxsize=16)
def _currencies(locale: str) -> Choices:
    names = Locale.parse(locale).currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in sorted(_in_use())]


@lru_cache(maxsize=1)
def _in_use() -> frozenset[str]:
    today = date.today()
    return frozenset(code for country, _name in _countries("en") for code in get_territory_currencies(country, today))


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, Choices]]:
    groups: dict[str, Choices] = {region: [] for region in _REGIONS}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region in groups:
            groups[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    return [(region, places) for region, places in groups.items() if places]


def zone_label(zone: str) -> str:
    """A zone as the selects name it: Europe/Madrid is Madrid."""
    return next((label for _region, found in zones() for key, label in found if key == zone), zone)


def zones() -> list[tuple[str, Choices]]:
    """IANA zones by part of the world, and UTC."""
    return [*_zones(), (_("Other"), [("UTC", "UTC")])]
