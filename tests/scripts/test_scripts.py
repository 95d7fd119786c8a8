"""What make's targets stand on: one clear sentence when something is in the way, and nothing left behind."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

SCRIPTS = settings.BASE_DIR / "scripts"


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    merged = os.environ | environment
    return subprocess.run(list(map(str, command)), env=merged, capture_output=True, text=True, timeout=120, check=False)


def listens(url: str) -> bool:
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_taken_port_is_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(sys.executable, SCRIPTS / "run", PORT=str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Countersign can't start: port {port} is taken")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_a_malformed_port_is_one_sentence(port):
    done = run(sys.executable, SCRIPTS / "run", PORT=port)
    assert done.returncode == 1
    assert done.stderr == f"Countersign can't start: PORT must be a number between 1 and 65535, not {port!r}.\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_one_sentence(tmp_path):
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPTS / "setup", tmp_path / "scripts")
    tmp_path.chmod(0o555)
    done = run(sys.executable, tmp_path / "scripts" / "setup")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Set-up stopped: it may not write in {tmp_path}.")


#: Instead of pip and uv: each says on a line what it was asked, and fails where the test says so.
PIP = """#!/bin/sh
echo "pip $@" >> asked
case "$*" in *requirements-uv.txt*) exit $UV_INSTALLS;; *) exit 0;; esac
"""
UV = """#!/bin/sh
echo "uv $@" >> asked
exit 2
"""


@pytest.mark.parametrize(("uv_installs", "uv"), [("0", UV), ("1", None), ("0", "no program"), ("0", UV.replace("2", "0"))])
def test_pip_installs_the_lock_where_uv_cannot(tmp_path, uv_installs, uv):
    """No wheel of uv for this machine; one that doesn't run, or finds no way to the index."""
    for folder in ("scripts", ".venv/bin", "var"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(SCRIPTS / "setup", tmp_path / "scripts")
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        (tmp_path / name).write_text(name)
    for name, program in (("python", PIP), ("uv", uv)):
        if program:
            (tmp_path / ".venv/bin" / name).write_text(program)
            (tmp_path / ".venv/bin" / name).chmod(0o755)
    install = f"import runpy; runpy.run_path('{tmp_path}/scripts/setup')['install_requirements'](develop=False)"
    done = run(sys.executable, "-c", install, UV_INSTALLS=uv_installs)
    assert done.returncode == 0, done.stderr
    last = (tmp_path / "asked").read_text().splitlines()[-1]
    if uv and uv.endswith("exit 0\n"):
        assert last.startswith("uv pip sync --require-hashes")
    else:
        assert last.startswith("pip -m pip install --quiet --require-hashes --no-deps -r ")
        assert last.endswith("/requirements.txt")
    assert (tmp_path / ".venv/requirements-stamp").exists()


@pytest.mark.servers
def test_servers_live_as_long_as_the_command_and_its_code_comes_back():
    tell = "import os; print(os.environ['DATABASE_URL'], os.environ['CELERY_BROKER_URL']); raise SystemExit(7)"
    done = run(sys.executable, SCRIPTS / "with_servers", sys.executable, "-c", tell)
    assert done.returncode == 7, done.stderr
    database, broker = done.stdout.split()
    assert database.startswith("postgres://")
    assert broker.startswith("redis://")
    assert not listens(database)
    assert not listens(broker)


@pytest.mark.servers
def test_servers_answer_while_the_command_runs():
    ask = (
        "import os, psycopg2, redis;"
        "print(psycopg2.connect(os.environ['DATABASE_URL']).server_version >= 150000, redis.from_url(os.environ['CELERY_BROKER_URL']).ping())"
    )
    done = run(sys.executable, SCRIPTS / "with_servers", sys.executable, "-c", ask)
    assert (done.returncode, done.stdout) == (0, "True True\n"), done.stderr


@pytest.mark.parametrize(
    ("font", "text"),
    [
        ("NotoSans-Regular", "Ünïcödé ñ ¿Qué? Привет № €£¥ “—”"),
        ("NotoSans-Bold", "Ünïcödé ñ ¿Qué? Привет № €£¥ “—”"),
        ("NotoSans-Italic", "Ünïcödé ñ ¿Qué? Привет № €£¥"),
        ("NotoSansSC-Regular", "签字确认,。《》¥ 堃喆祎镕 2026年3月"),
        ("IBMPlexSansArabic-Regular", "مرحبا بالعالم ،؟ ١٢٣ 123"),
        ("IBMPlexSansArabic-Bold", "مرحبا بالعالم ،؟ ١٢٣ 123"),
        ("Caveat-Regular", "Ana García Иван Петров"),
    ],
)
def test_every_language_has_its_letters(font, text):
    with TTFont(settings.VAR_DIR / "fonts" / f"{font}.ttf", lazy=True) as built:
        assert "glyf" in built  # TrueType outlines: the others are blank in some readers
        assert "fvar" not in built  # one weight: a variable font doubles the time of a page
        assert not set(text) - set(map(chr, built.getBestCmap()))
