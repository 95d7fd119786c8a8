"""The bench itself: what it makes of what it measured, and that it measures every page there is."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

sys.path.insert(0, str(settings.BASE_DIR / "scripts"))

from benchmarks.addresses import PAGES
from benchmarks.figures import Figure, exit_code, growth, load, save, table

KEPT, AT_LIMIT = Figure("jobs: time ÷ bare page", 3.14159, 6.0), Figure("jobs: queries", 15, 15)
MISSED, UNKNOWN = Figure("search: queries", 16, 15), Figure("memory", None, 1.1)


@pytest.mark.parametrize(
    ("figures", "code"),
    [([KEPT, AT_LIMIT], 0), ([KEPT, MISSED], 1), ([KEPT, UNKNOWN], 1), ([], 1)],
)
def test_a_missed_limit_and_a_missing_value_fail_the_run(figures, code):
    assert exit_code(figures) == code


def test_the_table_has_figure_value_and_limit_and_says_what_was_missed():
    lines = table([KEPT, MISSED, UNKNOWN]).splitlines()
    assert lines[0].split() == ["figure", "value", "limit"]
    assert lines[1].split() == ["jobs:", "time", "÷", "bare", "page", "3.14", "6.00"]
    assert lines[2].split() == ["search:", "queries", "16", "15", "missed"]
    assert lines[3].split() == ["memory", "none", "1.10", "missed"]


def test_the_file_is_a_list_of_names_values_limits_and_verdicts(tmp_path):
    path = tmp_path / "var" / "bench.json"
    save([KEPT, MISSED, UNKNOWN], path)
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {"name": "jobs: time ÷ bare page", "value": 3.14159, "limit": 6.0, "ok": True},
        {"name": "search: queries", "value": 16, "limit": 15, "ok": False},
        {"name": "memory", "value": None, "limit": 1.1, "ok": False},
    ]
    assert load(path) == [KEPT, MISSED, UNKNOWN]


def test_growth_compares_figures_of_one_name():
    small = [Figure("jobs: time", 2.0, 6), Figure("jobs: queries", 9, 15), Figure("gone: time", 1.0, 6)]
    large = [
        Figure("jobs: time", 3.0, 6),
        Figure("jobs: queries", 9, 15),
        Figure("new: time", 1.0, 6),
        Figure("lost: time", None, 6),
    ]
    assert growth(small, large, ending="time", limit=1.3, words="10 ÷ 1") == [
        Figure("jobs: time, 10 ÷ 1", 1.5, 1.3),
        Figure("new: time, 10 ÷ 1", None, 1.3),
        Figure("lost: time, 10 ÷ 1", None, 1.3),
    ]


def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif pattern.name:
            found.add(pattern.name)
    return found


def test_every_list_and_detail_page_is_measured():
    every = names(get_resolver().url_patterns)
    measured = {page.name for page in PAGES}
    assert measured <= every
    assert {name for name in every if name.endswith(("_list", "_detail"))} - measured == set()
    assert {"my_day", "dashboard", "search", "sign"} <= measured


def test_help_needs_no_servers():
    told = subprocess.run([settings.BASE_DIR / "scripts" / "bench", "--help"], capture_output=True, text=True, check=True)
    assert "--scale" in told.stdout
