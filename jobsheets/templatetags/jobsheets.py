"""Tags of this app's pages, letters and documents. Load with {% load jobsheets %}."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agency import words
from agency.money import format_money

from .. import issues
from ..actions.work import flaws as flaws_of
from ..models import Approval, Deliverable, Job, Version
from ..sheetpdf import sections

register = template.Library()


@register.simple_tag
def job_facts(job: Job) -> list[tuple[str, Any]]:
    """(label, value) pairs of a job for a letter: number, client, due, account executive."""
    return [
        (_("Job"), job.number),
        (_("Client"), f"{job.account.client.name} · {job.account.name}"),
        (_("Due"), words.when(job.due_at)),
        (_("Account executive"), job.owner.full_name),
    ]


@register.simple_tag
def version_facts(version: Version) -> list[tuple[str, Any]]:
    """(label, value) pairs of a version for a letter."""
    deliverable = version.deliverable
    job = deliverable.job
    return [
        (_("Deliverable"), deliverable.number),
        (_("Job"), job.title),
        (_("Client"), f"{job.account.client.name} · {job.account.name}"),
        (_("File"), f"{version.file.name} ({filesizeformat(version.file.size)})"),
        (_("Due"), words.when(deliverable.due_at or job.due_at)),
    ]


@register.filter
def due_of(deliverable: Deliverable) -> Any:
    """By when it is wanted: its own date, or the job's."""
    return deliverable.due_at or deliverable.job.due_at


@register.filter(needs_autoescape=True)
def shown(value: Any, autoescape: bool = True) -> Any:
    """A value of the sheet as people read it: moments in words, people by name, the rest as it is."""
    if isinstance(value, datetime):
        return words.when(value)
    return value if value is not None else ""


@register.simple_tag
def sheet_facts(job: Job) -> list[tuple[str, Any]]:
    """(label, value) pairs of a job's sheet."""
    client = job.account.client
    return [
        (_("Client"), f"{client.name} · {job.account.name}"),
        (_("Brand"), job.account.brand.name if job.account.brand else ""),
        (_("Kind"), job.get_kind_display()),
        (_("Due"), words.when(job.due_at)),
        (_("Account executive"), job.owner.full_name),
        (_("Client's order number"), job.client_order),
        (_("Budget"), format_money(job.budget, client.currency) if job.budget is not None else ""),
        (_("Copied from"), job.copied_from.number if job.copied_from else ""),
    ]


@register.simple_tag
def frozen_facts(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """(label, value) pairs of a frozen sheet, by the client's clock."""
    due, budget = issues.shown("due_at", data), data.get("budget")
    where = data.get("zone") or None
    return [
        (_("Client"), f"{data['client']} · {data['account']}"),
        (_("Brand"), data.get("brand")),
        (_("Kind"), issues.shown("kind", data)),
        (_("Due"), words.when_there(due, ZoneInfo(where)) if due and where else ""),
        (_("Account executive"), data.get("owner")),
        (_("Client's order number"), data.get("client_order")),
        (_("Budget"), format_money(Decimal(budget), data["currency"]) if budget else ""),
    ]


@register.simple_tag
def frozen_sections(data: dict[str, Any]) -> list[tuple[Any, str]]:
    """The parts of a frozen brief that say something."""
    return sections(data)


def _moment(iso: str, zone: str) -> str:
    moment = parse_datetime(iso)
    return words.stamp(moment, ZoneInfo(zone)) if moment else ""


def _by(who: str, iso: str, zone: str, *more: str) -> SafeString:
    """A hand and its moment, each on a line of its own: names and dates of two directions don't mix in one."""
    first = format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in (who, *more) if part))
    return format_html("{}<br><bdi>{}</bdi>", first, _moment(iso, zone))


@register.simple_tag
def version_document_facts(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """(label, value) pairs of a version's sign-off sheet."""
    zone, checked, released = data["zone"], data["checked"], data["released"]
    return [
        (_("File"), data["file"]["name"]),
        (_("Format"), data["deliverable"]["specification"]),
        (_("Size"), filesizeformat(data["file"]["size"])),
        (_("Made"), _by(data["made"]["name"], data["made"]["at"], zone)),
        (_("Checked"), _by(checked["name"], checked["at"], zone, _("%(n)s of %(of)s lines") % {"n": checked["count"], "of": checked["of"]})),
        (_("Released"), _by(released["name"], released["at"], zone, released["title"])),
        (_("Sent"), _moment(data["sent_at"], zone)),
    ]  # fmt: skip


@register.simple_tag
def version_page_facts(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """The same for the client's page, without what it shows already."""
    return [(_("Job"), f"{data['job']['title']} ({data['job']['number']})"), *version_document_facts(data)[1:]]


@register.filter
def answer_word(value: str) -> Any:
    return dict(Version.Answer.choices).get(value, value)


@register.filter
def side_word(value: str) -> Any:
    return dict(Approval.Side.choices).get(value, value)


@register.filter
def flaws(version: Version) -> str:
    """What its last check or the creative director found."""
    check, word = next(iter(version.checks.all()), None), next(iter(version.releases.all()), None)
    if word and not word.released and (check is None or word.at >= check.at):
        return word.reason
    return flaws_of(check) if check else ""
