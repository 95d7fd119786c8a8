"""Countries, currencies and time zones with their names in the reader's language, for selects."""

from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agency import words

Choices = list[tuple[str, str]]
#: How the names of zones begin, with the territory's code in CLDR; it knows no oceans.
_REGIONS: dict[str, str | Promise] = {
    "Africa": "002", "America": "019", "Antarctica": "AQ", "Asia": "142", "Australia": "AU", "Europe": "150",
    "Atlantic": gettext_lazy("Atlantic Ocean"), "Indian": gettext_lazy("Indian Ocean"), "Pacific": gettext_lazy("Pacific Ocean"),
}  # fmt: skip
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


def zones() -> list[tuple[str, Choices]]:
    """IANA zones by part of the world, each by the name of its city, and UTC."""
    regions = [(region, str(name)) for region, name in _REGIONS.items()]
    return [*_zones(str(_locale()), tuple(regions)), (_("Other"), [("UTC", "UTC")])]


@lru_cache(maxsize=16)
def _zones(locale: str, regions: tuple[tuple[str, str], ...]) -> list[tuple[str, Choices]]:
    """`regions`: the first word of a zone's name, and what CLDR calls it; what CLDR doesn't know is its own name."""
    cldr = Locale.parse(locale)
    groups: dict[str, Choices] = {region: [] for region, _name in regions}
    for zone in available_timezones():
        region, _slash, place = zone.partition("/")
        if place and region in groups:
            groups[region].append((zone, words.city_of(zone, cldr) or place.replace("_", " ").replace("/", ", ")))
    return [(cldr.territories.get(name, name), sorted(groups[region], key=lambda pair: pair[1])) for region, name in regions]


def zone_label(zone: str) -> str:
    """A zone as the selects name it: Europe/Madrid is Madrid."""
    return next((label for _region, found in zones() for key, label in found if key == zone), zone)
