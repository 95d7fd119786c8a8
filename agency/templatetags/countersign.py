"""Template tags and filters every template has (builtin).

Filters that make HTML (`<time>`, `<bdi>`) make plain text instead where autoescape is off: so the same words serve
pages, documents and the text part of letters. docs/look.md says when to use which.
"""

import re
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import format_decimal, format_percent
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import template
from django.template import Context
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from agency import clock, icons, selects, words
from agency.money import format_money

register = template.Library()

#: The numbers people say aloud: a job's and its children's, minutes', an invoice's.
_NUMBERS = re.compile(r"\b(?:(?:[A-Z]{2,5}-(?:M-)?|M-)\d{2}-\d{4}(?:-[DQ]\d{2})?(?: V\d+)?|\d{4}-(?:R-)?\d{5}|\d{4}-W\d{2})\b")


def _now() -> datetime:
    return clock.now()


def _moment(value: datetime | str) -> datetime:
    """Frozen data keeps moments as ISO texts; they go through the same filters."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: date | str) -> date:
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)


def _time(iso: str, text: str, html: bool, wraps: bool = False) -> str:
    if not html:
        return text
    return format_html('<time datetime="{}"{}>{}</time>', iso, mark_safe(' class="wraps"') if wraps else "", text)


@register.filter(needs_autoescape=True)
def money(amount: Decimal | None, currency: str = "", autoescape: bool = True) -> str:
    """{{ invoice.total|money:invoice.currency }}: the amount as the reader's language writes it; nothing for None."""
    if amount is None or amount == "":
        return ""
    text = format_money(Decimal(amount), str(currency))
    return format_html('<bdi class="cs-money">{}</bdi>', text) if autoescape else text


@register.filter
def options(choices: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """{{ clients|options:client }}: the options of a long select, of codes and labels."""
    return selects.options(choices, {chosen or ""})


@register.filter
def figure(value: Decimal | int | str | None) -> str:
    """{{ line.quantity|figure }}: a number as the reader's language writes it; no zeros at its end."""
    return "" if value in (None, "") else format_decimal(Decimal(str(value)), locale=words.locale())


@register.filter
def whole(value: Decimal) -> str:
    """{{ total|whole }}: an amount in whole units, where the currency stands beside it and the cents say nothing."""
    return format_decimal(value.quantize(Decimal(1), rounding=ROUND_HALF_UP), locale=words.locale())


@register.filter
def percent(value: Decimal | int | str | None) -> str:
    """{{ line.tax_rate|percent }}: 21 (a rate in percent) as the reader's language writes 21 %."""
    if value in (None, ""):
        return ""
    return format_percent(Decimal(str(value)) / 100, format=_percent_pattern(), locale=words.locale())


def _percent_pattern() -> str:
    pattern: str = words.locale().percent_formats[None].pattern
    return pattern.replace("#,##0", "#,##0.##")


@register.filter
def listed(items: Iterable[object] | None) -> str:
    """{{ names|listed }}: Anna, Ben and Carl, as the reader's language joins them."""
    return words.listed(items or ())


@register.filter
def quoted(text: str | None) -> str:
    """{{ message|quoted }}: in the quotation marks of the reader's language; nothing for nothing."""
    return words.quoted(text) if text else ""


@register.filter
def labelled(text: object, label: str) -> str:
    """{{ invoice.number|number|labelled:_("Reference") }}: Reference: 2026-00042, for the text of letters."""
    return words.labelled(str(text), label)


@register.filter
def one_line(text: str | None) -> str:
    """{{ agency.address|one_line }}: the lines of an address after one another."""
    return ", ".join(line.strip(" ,") for line in (text or "").splitlines() if line.strip(" ,"))


@register.simple_tag
def page_counters() -> dict[str, SafeString]:
    """Two places the style sheet of documents fills with the page's number and the number of pages."""
    return {"page": mark_safe('<span class="page"></span>'), "pages": mark_safe('<span class="pages"></span>')}


@register.filter(needs_autoescape=True)
def when(moment: datetime | str | None, zone: Any = None, autoescape: bool = True) -> str:
    """{{ at|when }}: 27 Nov 2026, 18:04 in the reader's zone. {{ at|when:client.zone }}: with weekday and named zone."""
    if not moment:
        return ""
    moment = _moment(moment)
    if not zone:
        return _time(moment.isoformat(), words.when(moment), autoescape)
    there = words.in_zone(moment, zone)
    return _time(there.isoformat(), words.when_there(moment, there.tzinfo), autoescape, wraps=True)  # type: ignore[arg-type]


@register.simple_tag(takes_context=True)
def when_between(context: Context, start: datetime | str, end: datetime | str, zone: Any) -> str:
    """{% when_between meeting.starts_at meeting.ends_at zone %}: Friday 27 November 2026, 17:00–18:00 (Madrid time)."""
    first = _moment(start)
    there = words.in_zone(first, zone)
    text = words.when_between(first, _moment(end), there.tzinfo)  # type: ignore[arg-type]
    return _time(there.isoformat(), text, context.autoescape, wraps=True)


@register.filter(needs_autoescape=True)
def stamp(moment: datetime | str | None, zone: Any = None, autoescape: bool = True) -> str:
    """{{ at|stamp:zone }}: 27 November 2026, 18:04:31 CET (UTC+1); for evidence and signature pages."""
    if not moment:
        return ""
    moment = _moment(moment)
    there = words.in_zone(moment, zone)
    text = words.stamp(moment, there.tzinfo)  # type: ignore[arg-type]
    return _time(there.isoformat(), text, autoescape, wraps=True)


@register.filter(needs_autoescape=True)
def day(value: date | str | None, style: str = "", autoescape: bool = True) -> str:
    """{{ due|day }}: 27 Nov 2026. Styles: short, weekday, long, full, deadline (Friday 27 November)."""
    if not value:
        return ""
    value = _day(value)
    local = words.in_zone(value) if isinstance(value, datetime) else value
    iso = local.date().isoformat() if isinstance(local, datetime) else local.isoformat()
    return _time(iso, words.day(local, style), autoescape, wraps=style in ("full", "deadline"))  # type: ignore[arg-type]


@register.filter(needs_autoescape=True)
def clock_time(moment: datetime | str | None, zone: Any = None, autoescape: bool = True) -> str:
    """{{ meeting.starts_at|clock_time }}: 11:00 in the reader's zone, or in `zone`."""
    if not moment:
        return ""
    moment = _moment(moment)
    there = words.in_zone(moment, zone)
    return _time(there.isoformat(), words.clock_time(there), autoescape)


@register.filter(needs_autoescape=True)
def age(moment: datetime | str | None, autoescape: bool = True) -> str:
    """{{ sent_at|age }}: how long ago in one unit: 38 min, 4 h, 3 days."""
    if not moment:
        return ""
    moment = _moment(moment)
    return _time(moment.isoformat(), words.span(_now() - moment), autoescape)


@register.filter(needs_autoescape=True)
def due(value: date | str | None, autoescape: bool = True) -> str:
    """{{ job.due_at|due }}: 6 h left, in 3 days, due today, 2 days late; for moments and for dates."""
    if not value:
        return ""
    value = _day(value)
    if isinstance(value, datetime):
        return _time(value.isoformat(), words.left(value, _now()), autoescape)
    return _time(value.isoformat(), words.left_day(value, words.in_zone(_now()).date()), autoescape)


@register.filter
def due_role(value: date | None) -> str:
    """The role of a deadline for a badge: late, due or nothing."""
    return words.due_role(value, _now()) if value else ""


@register.simple_tag(takes_context=True)
def due_badge(context: Context, value: date | None) -> str:
    """{% due_badge job.due_at %}: the words of `due` in a badge of the right role; nothing without a deadline."""
    if not value:
        return ""
    return _badge(due(value, autoescape=context.autoescape), words.due_role(value, _now()), context.autoescape)


@register.filter(needs_autoescape=True)
def number(code: Any, autoescape: bool = True) -> str:
    """{{ job.number|number }}: a code people say aloud, set apart, left to right in every language."""
    if code in (None, ""):
        return ""
    return format_html('<bdi dir="ltr" class="cs-number">{}</bdi>', code) if autoescape else words.isolated(str(code))


@register.filter
def numbered(text: str) -> SafeString:
    """{{ entry.sentence|numbered }}: a sentence with its numbers set apart, so that none breaks at a line's end or turns in Arabic."""
    return mark_safe(_NUMBERS.sub(r'<bdi dir="ltr" class="cs-number">\g<0></bdi>', escape(text)))  # noqa: S308


@register.filter
def in_groups(sha256: str | None) -> str:
    """{{ file.sha256|in_groups }}: a hash in groups of eight, so that people can compare it and lines can break."""
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8)) if sha256 else ""


@register.filter(needs_autoescape=True)
def person(who: Any, autoescape: bool = True) -> str:
    """{{ contact|person }}: a person's or company's name, kept together in mixed directions."""
    name = getattr(who, "full_name", "") or getattr(who, "name", "") or ("" if who is None else str(who))
    return format_html("<bdi>{}</bdi>", name) if autoescape else str(name)


@register.filter(needs_autoescape=True)
def said(text: str | None, autoescape: bool = True) -> str:
    """{{ answer.text|said }}: what a person wrote, in its own direction, with its line breaks; always escaped."""
    if not text:
        return ""
    if not autoescape:
        return str(text)
    return format_html('<div class="cs-said" dir="auto">{}</div>', mark_safe(linebreaks(text, autoescape=True)))  # noqa: S308


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """{% icon "sign" %}: an inline icon by our own name (agency/icons.py); give a label when no word stands beside it."""
    return icons.svg(name, extra, str(label))


def _badge(word: Any, role: str, html: bool) -> str:
    if not html:
        return str(word)
    return format_html('<span class="cs-state{}">{}</span>', f" {role}" if role else "", word)


@register.simple_tag(takes_context=True)
def badge(context: Context, word: Any, role: str = "") -> str:
    """{% badge word role %}: a word with a dot. Roles: done, due, late, client, now, or none."""
    return _badge(word, role, context.autoescape)


@register.simple_tag(takes_context=True)
def state(context: Context, obj: Any) -> str:
    """{% state job %}: the object's own state: `state_word` (else get_status_display) in the colour of `state_role`."""
    word = getattr(obj, "state_word", None)
    if word is None:
        word = obj.get_status_display()
    return _badge(word, getattr(obj, "state_role", ""), context.autoescape)


@register.simple_tag
def bar(value: Any, maximum: Any, label: Any, role: str = "") -> SafeString:
    """{% bar spent planned label %}: a bar that also says itself; over the maximum it is full and late."""
    over = bool(maximum) and value > maximum
    return format_html(
        '<progress class="cs-bar{}" value="{}" max="{}" aria-label="{}">{}</progress>',
        " late" if over else f" {role}" if role else "",
        min(value or 0, maximum or 1),
        maximum or 1,
        label,
        label,
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """{% query page=2 %}: this page's query string with changes; None takes a key away. Begins with "?"."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = value
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def sort_link(context: Context, key: str, label: Any) -> SafeString:
    """{% sort_link "due" _("Due") %}: a column heading that sorts by ?sort=due, and again by ?sort=-due."""
    current = context["request"].GET.get("sort", "")
    arrow = {key: "↑", f"-{key}": "↓"}.get(current, "")
    target = query(context, sort=f"-{key}" if current == key else key, page=None)
    mark = format_html(' <span aria-hidden="true">{}</span>', arrow) if arrow else ""
    return format_html('<a href="{}">{}</a>{}', target, label, mark)


@register.simple_tag(takes_context=True)
def fields(context: Context, form: Any, plain: Any = False) -> SafeString:
    """{% fields form %}: the form's fields by its crispy layout (or one after the other), without <form>, token or buttons.

    `plain` leaves out hints and placeholders, for forms of libraries whose words we don't choose.
    """
    if plain:
        for field in form.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
    helper = copy(getattr(form, "helper", None)) or FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    helper.inputs = []
    return mark_safe(render_crispy_form(form, helper, context))  # noqa: S308 (crispy escapes)


@register.filter
def first_control(field: Any) -> str:
    """The id an error summary links to: the first choice of radios and checkboxes, else the control itself."""
    return field[0].id_for_label if field.use_fieldset and len(field) else field.id_for_label or field.auto_id


@register.simple_tag
def stored_image(stored: Any, size: str = "preview") -> str:
    """In documents: {% stored_image version.file "preview" %} is an address the PDF maker can read; nothing else can."""
    return f"countersign-file:{stored.pk}/{size}" if stored else ""
