"""How `make faults` judges what it counted. That it counts is seen by running it: its short form is part of .ci/run."""

import sys
from pathlib import Path

import pytest
from django.conf import settings

sys.path.append(str(settings.BASE_DIR / "scripts"))

from trials import figures
from trials.mail_server import LIFELIKE, MODES, Handler, MailServer
from trials.scenarios import SCENARIOS


def test_every_scenario_is_played_once():
    folder = settings.BASE_DIR / "scripts" / "trials" / "scenarios"
    assert sorted(SCENARIOS) == sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (figures.exactly("lost", 0, 0), True),
        (figures.exactly("lost", 1, 0), False),
        (figures.at_most("minutes", 5, 5), True),
        (figures.at_most("minutes", 5.1, 5), False),
        (figures.at_least("doubts", 3, 3), True),
        (figures.at_least("doubts", 2, 3), False),
        (figures.told("seconds", 999), True),
    ],
)
def test_what_is_not_as_wanted_is_missed(figure, ok):
    assert figure.ok is ok
    assert ("missed" in figures.table([("scenario", figure)])) is not ok


def test_the_mail_server_misbehaves_as_it_is_told(tmp_path: Path):
    server = MailServer(tmp_path / "mail")
    handler = Handler(server.folder)
    assert handler.mode_of("reader@client.example") == "accept"
    server.behave({"421": 100})
    assert handler.mode_of("reader@client.example") == "421"
    assert [handler.mode_of("drop-1@client.example") for _try in range(3)] == ["drop", "drop", "accept"]
    assert set(LIFELIKE) == set(MODES)


def test_what_was_taken_is_on_file_before_anybody_is_told(tmp_path: Path):
    server = MailServer(tmp_path / "mail")
    Handler(server.folder).take("reader@client.example", "<1@agency.example>", "drop")
    assert [(taken.to, taken.message_id, taken.mode) for taken in server.taken()] == [
        ("reader@client.example", "<1@agency.example>", "drop")
    ]
    server.forget()
    assert server.taken() == []
