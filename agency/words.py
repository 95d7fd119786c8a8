"""Moments and spans in words, in the language of the reader: one place for pages, letters and documents.

Django's own formats differ between showing and reading in Arabic and Chinese, and its numbers differ from Babel's; so
everything shown goes through Babel, and inputs stay ISO. English is written the way the trade writes it: day first, 24 hours.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_skeleton, get_datetime_format, get_timezone_name
from babel.lists import format_list
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

DayStyle = Literal["", "short", "weekday", "long", "full", "deadline"]

_LOCALES = {"en": "en_GB", "es": "es", "ru": "ru", "zh-hans": "zh_Hans_CN", "ar": "ar"}
# Babel's skeletons abbreviate the weekday in some languages; a deadline has its day spelt out in all of them.
_DEADLINES = {"en": "EEEE d MMMM", "es": "EEEE d 'de' MMMM", "ru": "EEEE, d MMMM", "zh-hans": "M月d日EEEE", "ar": "EEEE، d MMMM"}
_FULL = {
    "en": "EEEE d MMMM y",
    "es": "EEEE d 'de' MMMM 'de' y",
    "ru": "EEEE, d MMMM y 'г'.",
    "zh-hans": "y年M月d日EEEE",
    "ar": "EEEE، d MMMM y",
}
_SKELETONS = {"": "yMMMd", "short": "MMMd", "weekday": "MMMEd"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def _language(language: str | None) -> str:
    code = language or translation.get_language() or "en"
    return code if code in _LOCALES else code.split("-")[0] if code.split("-")[0] in _LOCALES else "en"


@lru_cache(maxsize=16)
def _parse(code: str) -> Locale:
    return Locale.parse(_LOCALES[code])


def locale(language: str | None = None) -> Locale:
    """Babel's locale for a language of ours (the active one by default)."""
    return _parse(_language(language))


def in_zone(moment: datetime, zone: ZoneInfo | str | None = None) -> datetime:
    """The aware moment on the clock of `zone`, or of the person whose page this is."""
    if isinstance(zone, str):
        zone = ZoneInfo(zone)
    return moment.astimezone(zone or timezone.get_current_timezone())


def day(value: date, style: DayStyle = "", *, language: str | None = None) -> str:
    """27 Nov 2026; short: 27 Nov; weekday: Fri 27 Nov; long: 27 November 2026; full and deadline spell the weekday out."""
    code = _language(language)
    if style == "deadline":
        return format_date(value, _DEADLINES[code], locale=locale(code))
    if style == "full":
        return format_date(value, _FULL[code], locale=locale(code))
    if style == "long":
        return format_date(value, "long", locale=locale(code))
    text: str = format_skeleton(_SKELETONS[style], datetime(value.year, value.month, value.day), locale=locale(code))
    return text


def clock_time(moment: datetime, *, seconds: bool = False) -> str:
    """18:04 or 18:04:31, on the clock the moment carries."""
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def join(day_text: str, time_text: str, *, language: str | None = None) -> str:
    pattern: str = str(get_datetime_format("medium", locale=locale(language)))
    return pattern.replace("{1}", day_text).replace("{0}", time_text)


def zone_city(zone: ZoneInfo, *, language: str | None = None) -> str:
    """The city people say for a zone: Madrid for Europe/Madrid."""
    return city_of(zone.key, locale(language)) or zone.key.split("/")[-1].replace("_", " ")


def city_of(zone_name: str, locale: Locale) -> str:
    """What CLDR calls the city of an IANA zone; nothing where it has no word of its own. It keeps zones by their older names."""
    names = (zone_name, *_older_names().get(zone_name, []))
    return next((str(place["city"]) for name in names if (place := locale.time_zones.get(name)) and "city" in place), "")


@lru_cache(maxsize=1)
def _older_names() -> dict[str, list[str]]:
    """Asia/Kolkata was Asia/Calcutta."""
    found: dict[str, list[str]] = {}
    for older, today in get_global("zone_aliases").items():
        found.setdefault(today, []).append(older)
    return found


def when(moment: datetime, *, language: str | None = None) -> str:
    """27 Nov 2026, 18:04, in the reader's own zone."""
    here = in_zone(moment)
    return join(day(here, language=language), clock_time(here), language=language)


def when_there(moment: datetime, zone: ZoneInfo, *, language: str | None = None) -> str:
    """Friday 27 November 2026, 18:04 (Madrid time): for people whose zone we may not share."""
    there = in_zone(moment, zone)
    text = join(day(there, "full", language=language), clock_time(there), language=language)
    with translation.override(_language(language)):
        return _("%(moment)s (%(city)s time)") % {"moment": text, "city": zone_city(zone, language=language)}


def when_between(start: datetime, end: datetime, zone: ZoneInfo, *, language: str | None = None) -> str:
    """Friday 27 November 2026, 17:00–18:00 (Madrid time)."""
    first, last = in_zone(start, zone), in_zone(end, zone)
    if first.date() != last.date():
        return f"{when_there(start, zone, language=language)} – {when_there(end, zone, language=language)}"
    text = join(day(first, "full", language=language), f"{clock_time(first)}–{clock_time(last)}", language=language)
    with translation.override(_language(language)):
        return _("%(moment)s (%(city)s time)") % {"moment": text, "city": zone_city(zone, language=language)}


def listed(items: Iterable[object]) -> str:
    """Anna, Ben and Carl; Anna, Ben y Carl; Anna、Ben和Carl: several things in a sentence, as the language joins them."""
    return format_list([str(item) for item in items], locale=locale())


def beside(*facts: str) -> str:
    """Ana Ruiz, account director: facts beside each other, parted as the language parts them; empty ones are left out."""
    return pgettext("between facts", ", ").join(filter(None, facts))


def quoted(text: str) -> str:
    """What somebody wrote, in the quotation marks of the reader's language."""
    return _("“%(text)s”") % {"text": text}


def labelled(text: str, label: str) -> str:
    """Total: €1,452.00, with the colon of the reader's language (Chinese has a wide one, and no space)."""
    return _("%(label)s: %(value)s") % {"label": label, "value": text}


def isolated(code: str) -> str:
    """A code in plain text (subjects, titles), kept left to right: Arabic would turn 2026-00009 into 00009-2026."""
    return f"\u2066{code}\u2069" if code and translation.get_language_bidi() else code


def stamp(moment: datetime, zone: ZoneInfo, *, language: str | None = None) -> str:
    """27 November 2026, 18:04:31 CET (UTC+1): for evidence; the short zone name only where it has one."""
    there = in_zone(moment, zone)
    text = join(day(there, "long", language=language), clock_time(there, seconds=True), language=language)
    offset = format_datetime(there, "'UTC'XXX", locale="en").replace("UTCZ", "UTC").replace(":00", "")
    offset = offset.replace("+0", "+").replace("-0", "-")
    name = get_timezone_name(there, "short", locale="en_GB")
    return f"{text} {name} ({offset})" if name.isalpha() and name not in offset else f"{text} ({offset})"


def _span(seconds: int) -> tuple[str, int]:
    if seconds < _HOUR:
        return "minute", max(seconds // _MINUTE, 1)
    if seconds < _DAY:
        return "hour", seconds // _HOUR
    return "day", seconds // _DAY


def span(delta: timedelta) -> str:
    """How long, in one unit rounded down: 38 min, 4 h, 3 days."""
    unit, n = _span(abs(int(delta.total_seconds())))
    if unit == "minute":
        return ngettext("%(n)s min", "%(n)s min", n) % {"n": n}
    if unit == "hour":
        return ngettext("%(n)s h", "%(n)s h", n) % {"n": n}
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def left(moment: datetime, now: datetime) -> str:
    """22 min left, 6 h left, in 3 days; 2 days late once it has passed."""
    ahead = moment >= now
    unit, n = _span(abs(int((moment - now).total_seconds())))
    if unit == "minute":
        text = ngettext("%(n)s min left", "%(n)s min left", n) if ahead else ngettext("%(n)s min late", "%(n)s min late", n)
    elif unit == "hour":
        text = ngettext("%(n)s h left", "%(n)s h left", n) if ahead else ngettext("%(n)s h late", "%(n)s h late", n)
    else:
        text = ngettext("in %(n)s day", "in %(n)s days", n) if ahead else ngettext("%(n)s day late", "%(n)s days late", n)
    return text % {"n": n}


def left_day(due: date, today: date) -> str:
    """due today, due tomorrow, in 3 days; 2 days late."""
    n = (due - today).days
    if n == 0:
        return _("due today")
    if n == 1:
        return _("due tomorrow")
    if n > 1:
        return ngettext("in %(n)s day", "in %(n)s days", n) % {"n": n}
    return ngettext("%(n)s day late", "%(n)s days late", -n) % {"n": -n}


def due_role(due: date, now: datetime) -> str:
    """The colour role of a deadline: late once passed, due within a day, nothing before. Dates end with the reader's day."""
    if not isinstance(due, datetime):
        today = in_zone(now).date()
        return "late" if due < today else "due" if (due - today).days <= 1 else ""
    return "late" if due < now else "due" if due - now <= timedelta(days=1) else ""
