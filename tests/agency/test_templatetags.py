"""The words templates show: dates, money, spans and names, in five languages, as HTML and as plain text."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from agency import clock, icons, words
from agency.paging import page_of

MOMENT = datetime(2026, 11, 27, 17, 4, 31, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
LANGUAGES = ["en", "es", "ru", "zh-hans", "ar"]


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An English reader in Madrid, on Tuesday 24 November 2026, 10:00."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    with translation.override("en"), timezone.override(MADRID):
        yield


def show(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def plain(source: str, **context: Any) -> str:
    return Template(source).render(Context(context, autoescape=False))


DAYS = {
    "en": ("27 Nov 2026", "27 Nov", "27 November 2026", "Friday 27 November 2026", "Friday 27 November"),
    "es": ("27 nov 2026", "27 nov", "27 de noviembre de 2026", "viernes 27 de noviembre de 2026", "viernes 27 de noviembre"),
    "ru": ("27 нояб. 2026 г.", "27 нояб.", "27 ноября 2026 г.", "пятница, 27 ноября 2026 г.", "пятница, 27 ноября"),
    "zh-hans": ("2026年11月27日", "11月27日", "2026年11月27日", "2026年11月27日星期五", "11月27日星期五"),
    "ar": ("27 نوفمبر 2026", "27 نوفمبر", "27 نوفمبر 2026", "الجمعة، 27 نوفمبر 2026", "الجمعة، 27 نوفمبر"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_in_words(language: str) -> None:
    styles = ("", "short", "long", "full", "deadline")
    said = tuple(words.day(date(2026, 11, 27), style, language=language).replace("\u202f", " ") for style in styles)  # type: ignore[arg-type]
    assert said == DAYS[language]


def test_a_moment_is_in_the_readers_zone() -> None:
    assert show("{{ at|when }}", at=MOMENT) == '<time datetime="2026-11-27T17:04:31+00:00">27 Nov 2026, 18:04</time>'
    assert plain("{{ at|when }}", at=MOMENT) == "27 Nov 2026, 18:04"
    with timezone.override("Asia/Shanghai"):
        assert plain("{{ at|when }}|{{ at|clock_time }}|{{ at|day }}", at=MOMENT) == "28 Nov 2026, 01:04|01:04|28 Nov 2026"


def test_a_client_reads_the_weekday_and_whose_clock_it_is() -> None:
    assert plain("{{ at|when:zone }}", at=MOMENT, zone=MADRID) == "Friday 27 November 2026, 18:04 (Madrid time)"
    assert "Riyadh" in plain("{{ at|when:'Asia/Riyadh' }}", at=MOMENT)


@pytest.mark.parametrize(
    ("zone", "tail"),
    [
        ("Europe/Madrid", "18:04:31 CET (UTC+1)"),
        ("Asia/Shanghai", "01:04:31 (UTC+8)"),
        ("Asia/Kolkata", "22:34:31 (UTC+5:30)"),
        ("America/Bogota", "12:04:31 (UTC-5)"),
        ("UTC", "17:04:31 (UTC)"),
        ("Etc/GMT+10", "07:04:31 (UTC-10)"),
    ],
)
def test_evidence_names_the_offset(zone: str, tail: str) -> None:
    assert plain("{{ at|stamp:zone }}", at=MOMENT, zone=zone).endswith(tail)


def test_frozen_data_keeps_moments_as_text() -> None:
    assert plain("{{ at|stamp:'Europe/Madrid' }}", at=MOMENT.isoformat()) == "27 November 2026, 18:04:31 CET (UTC+1)"
    assert plain("{{ on|day }} {{ at|when }}", on="2026-11-27", at=MOMENT.isoformat()) == "27 Nov 2026 27 Nov 2026, 18:04"


@pytest.mark.parametrize(
    "tag", ["when", "stamp", "day", "clock_time", "age", "due", "money:'EUR'", "said", "number", "person", "figure"]
)
def test_nothing_is_nothing(tag: str) -> None:
    assert show("{{ x|" + tag + " }}", x=None) in ("", "<bdi></bdi>")


@pytest.mark.parametrize(
    ("ahead", "words_", "role"),
    [
        (timedelta(minutes=22, seconds=30), "22 min left", "due"),
        (timedelta(hours=6), "6 h left", "due"),
        (timedelta(days=3, hours=4), "in 3 days", ""),
        (-timedelta(seconds=5), "1 min late", "late"),
        (-timedelta(hours=2), "2 h late", "late"),
        (-timedelta(days=2), "2 days late", "late"),
    ],
)
def test_deadlines_say_how_long(ahead: timedelta, words_: str, role: str) -> None:
    moment = clock.now() + ahead
    assert plain("{{ at|due }}/{{ at|due_role }}", at=moment) == f"{words_}/{role}"
    assert f'class="cs-state{" " + role if role else ""}"' in show("{% due_badge at %}", at=moment)


def test_dates_end_with_the_readers_day() -> None:
    today = date(2026, 11, 24)
    said = [plain("{{ d|due }}/{{ d|due_role }}", d=today + timedelta(days=n)) for n in (-2, -1, 0, 1, 2)]
    assert said == ["2 days late/late", "1 day late/late", "due today/due", "due tomorrow/due", "in 2 days/"]


def test_ages() -> None:
    at = clock.now()
    assert [plain("{{ at|age }}", at=at - span) for span in (timedelta(0), timedelta(minutes=38), timedelta(hours=4), timedelta(days=3))] == [
        "1 min", "38 min", "4 h", "3 days",
    ]  # fmt: skip


def test_money_and_figures() -> None:
    assert plain("{{ a|money:'EUR' }}", a=Decimal("1234.5")) == "€1,234.50"
    assert show("{{ a|money:'EUR' }}", a="12") == '<bdi class="cs-money">€12.00</bdi>'
    assert plain("{{ a|whole }} {{ b|whole }}", a=Decimal("1234567.50"), b=Decimal(0)) == "1,234,568 0"
    assert plain("{{ 12.50|figure }} {{ 21|percent }} {{ '5.50'|percent }}") == "12.5 21% 5.5%"
    with translation.override("es"):
        assert (
            plain("{{ a|money:'EUR' }} {{ '1234.5'|figure }} {{ 21|percent }}", a=Decimal("1234.5")).replace("\xa0", " ")
            == "1.234,50 € 1.234,5 21 %"
        )


@pytest.mark.parametrize(
    ("text", "set_apart"),
    [
        ("sent CLZ-26-0003-D02 V1 to Marta", ["CLZ-26-0003-D02 V1"]),
        ("the minutes M-26-0001 and ACM-M-26-0007 V2", ["M-26-0001", "ACM-M-26-0007 V2"]),
        ("invoice 2026-00042, credited by 2026-R-00007", ["2026-00042", "2026-R-00007"]),
        ("sent the status report Casa Luz: Retail 2026-W47", ["2026-W47"]),
        ("on 2026-11-22, in 26-0042 ways", []),
    ],
)
def test_numbers_within_a_sentence_are_set_apart(text: str, set_apart: list[str]) -> None:
    html = show("{{ t|numbered }}", t=text)
    assert re.findall(r'<bdi dir="ltr" class="cs-number">([^<]+)</bdi>', html) == set_apart
    assert re.sub(r"<[^>]+>", "", html) == text
    assert "<b>" not in show("{{ t|numbered }}", t="<b>ACM-26-0001")


def test_names_and_numbers_are_isolated_and_escaped() -> None:
    assert show("{{ n|number }}", n="CLZ-26-0042") == '<bdi dir="ltr" class="cs-number">CLZ-26-0042</bdi>'
    assert show("{{ who|person }}", who=SimpleNamespace(full_name="<b>نور</b>")) == "<bdi>&lt;b&gt;نور&lt;/b&gt;</bdi>"
    assert show("{{ t|said }}", t="<script>\nsecond") == '<div class="cs-said" dir="auto"><p>&lt;script&gt;<br>second</p></div>'
    assert plain("{{ t|said }}", t="a <b> & c") == "a <b> & c"
    assert show("{% badge w 'late' %}", w="<i>") == '<span class="cs-state late">&lt;i&gt;</span>'


def test_a_state_is_the_models_own_word() -> None:
    job = SimpleNamespace(get_status_display=lambda: "open", state_role="now")
    assert show("{% state job %}", job=job) == '<span class="cs-state now">open</span>'
    job.state_word = "overdue"
    assert plain("{% state job %}", job=job) == "overdue"


def test_a_bar_says_itself_and_never_overflows() -> None:
    assert show("{% bar 62 96 'Hours' %}") == '<progress class="cs-bar" value="62" max="96" aria-label="Hours">Hours</progress>'
    assert 'class="cs-bar late" value="96" max="96"' in show("{% bar 120 96 'Hours' %}")
    assert 'value="0" max="1"' in show("{% bar 0 0 'Hours' %}")


@pytest.mark.parametrize("name", sorted(icons.NAMES))
def test_every_icon_exists(name: str) -> None:
    assert icons.svg(name).startswith('<svg aria-hidden="true"')


def test_an_icon_alone_has_a_name() -> None:
    assert 'role="img" aria-label="Send &quot;V1&quot;"' in show("{% icon 'send' label=l %}", l='Send "V1"')


def test_query_keeps_what_else_is_asked() -> None:
    request = RequestFactory().get("/jobs/?q=a+b&page=3&sort=due")
    assert show("{% query page=4 %}", request=request) == "?q=a+b&amp;page=4&amp;sort=due"
    assert show("{% query page=None %}", request=request) == "?q=a+b&amp;sort=due"
    assert 'href="?q=a+b&amp;sort=-due"' in show("{% sort_link 'due' 'Due' %}", request=request)


@pytest.mark.parametrize(
    ("asked", "number", "rows", "more"),
    [("", 1, 50, True), ("3", 3, 20, False), ("0", 1, 50, True), ("-1", 1, 50, True), ("x", 1, 50, True), ("²", 1, 50, True), ("99999999999", 1, 50, True), ("9", 9, 0, False)],
)  # fmt: skip
def test_pages_without_counting(asked: str, number: int, rows: int, more: bool) -> None:
    page = page_of(range(120), RequestFactory().get("/", {"page": asked}))
    assert (page.number, len(page), page.has_next, page.has_previous) == (number, rows, more, number > 1)


class Sample(forms.Form):
    name = forms.CharField(help_text="What everyone says.", error_messages={"required": "Enter the name"})
    kind = forms.ChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, error_messages={"required": "Select the kind"}
    )
    note = forms.CharField(required=False)
    agree = forms.BooleanField(help_text="All of it.", error_messages={"required": "Say yes"})
    paper = forms.FileField(help_text="A PDF.", error_messages={"required": "Choose a file"})


def test_a_field_is_label_hint_error_control() -> None:
    html = show("{% fields form %}", form=Sample({}))
    order = [html.index(part) for part in ("Name", "What everyone says.", "Enter the name", 'name="name"')]
    assert order == sorted(order)
    assert "(optional)" in html[html.index("Note") : html.index('name="note"')]
    assert "*" not in html
    assert "<form" not in html


@pytest.mark.parametrize("data", [None, {}])
def test_every_described_by_exists(data: dict[str, str] | None) -> None:
    import re

    html = show("{% fields form %}", form=Sample(data))
    named = {name for ids in re.findall(r'aria-describedby="([^"]+)"', html) for name in ids.split()}
    assert named <= set(re.findall(r'\sid="([^"]+)"', html))
    assert {"id_name_helptext", "id_agree_helptext", "id_paper_helptext"} <= named
    assert (data is None) == ("cs-error" not in html)


def test_the_summary_leads_to_the_first_control() -> None:
    html = show('{% include "cs/errors.html" %}', form=Sample({}), refused="The job is closed.")
    assert "<li>The job is closed.</li>" in html
    assert '<a href="#id_kind_0">Select the kind</a>' in html
    assert '<a href="#id_name">Enter the name</a>' in html
    assert show('{% include "cs/errors.html" %}', form=Sample()).strip() == ""


def test_codes_keep_their_order_in_arabic_plain_text() -> None:
    with translation.override("ar"):
        assert plain('{{ "2026-00009"|number }}') == "\u20662026-00009\u2069"
        assert show('{{ "2026-00009"|number }}') == '<bdi dir="ltr" class="cs-number">2026-00009</bdi>'
    assert plain('{{ "2026-00009"|number }}') == "2026-00009"


def test_from_when_until_when() -> None:
    facts = {"start": MOMENT, "end": MOMENT + timedelta(hours=1), "zone": "Europe/Madrid"}
    source = "{% when_between start end zone %}"
    assert plain(source, **facts) == "Friday 27 November 2026, 18:04–19:04 (Madrid time)"
    assert show(source, **facts).startswith('<time datetime="2026-11-27T18:04:31+01:00" class="wraps">Friday 27 November')
    overnight = plain(source, **(facts | {"end": MOMENT + timedelta(hours=8)}))
    assert "Friday 27 November 2026, 18:04 (Madrid time) – Saturday 28 November 2026, 02:04" in overnight


def test_a_hash_in_groups() -> None:
    assert show("{{ hash|in_groups }}", hash="0123456789abcdef01") == "01234567 89abcdef 01"
    assert show("{{ hash|in_groups }}", hash="") == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Anna, Ben and Carl"),
        ("es", "Anna, Ben y Carl"),
        ("ru", "Anna, Ben и Carl"),
        ("zh-hans", "Anna、Ben和Carl"),
        ("ar", "Anna وBen وCarl"),
    ],
)
def test_several_names_are_joined_as_the_language_joins_them(language: str, text: str) -> None:
    with translation.override(language):
        assert show("{{ names|listed }}", names=["Anna", "Ben", "Carl"]) == text
        assert show("{{ names|listed }}", names=["Anna"]) == "Anna"
        assert show("{{ names|listed }}", names=[]) == ""


@pytest.mark.parametrize(("language", "text"), [("en", "Reference: 2026-00042"), ("zh-hans", "转账附言：2026-00042")])
def test_a_label_has_the_colon_of_the_language(language: str, text: str) -> None:
    with translation.override(language):
        assert show('{{ number|labelled:_("Reference") }}', number="2026-00042") == text


@pytest.mark.parametrize(
    ("language", "facts", "names"),
    [
        ("en", "Anna, planner", "Anna, Ben"),
        ("es", "Anna, planner", "Anna, Ben"),
        ("ru", "Anna, planner", "Anna, Ben"),
        ("zh-hans", "Anna，planner", "Anna、Ben"),
        ("ar", "Anna، planner", "Anna، Ben"),
    ],
)
def test_facts_and_names_are_parted_by_the_language_s_comma(language: str, facts: str, names: str) -> None:
    with translation.override(language):
        assert words.beside("Anna", "planner") == facts
        assert words.beside("Anna", "") == "Anna"
        assert plain('Anna{% translate ", " context "between names" %}Ben') == names


def test_a_number_in_an_error_keeps_its_direction() -> None:
    html = render_to_string("cs/errors.html", {"refused": "2026-00042 is credited already."})
    assert '<bdi dir="ltr" class="cs-number">2026-00042</bdi> is credited already.' in html


def test_names_in_a_list_are_escaped() -> None:
    assert show("{{ names|listed }}", names=["<b>"]) == "&lt;b&gt;"
