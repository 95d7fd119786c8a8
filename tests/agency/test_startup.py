"""A missing or malformed variable of the environment stops every program of ours with one sentence that names it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "a-key-for-tests-that-is-longer-than-fifty-characters-0123456789",
    "LINK_KEY": "another-key-for-tests-longer-than-fifty-characters-0123456789",
    "SITE_URL": "https://sign.agency.example",
    "ALLOWED_HOSTS": "sign.agency.example",
    "DATABASE_URL": "postgres://user:password@127.0.0.1:5432/countersign",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:587",
    "DEFAULT_FROM_EMAIL": "approvals@agency.example",
    "MEDIA_ROOT": "/tmp/media",
    "SEAL_PKCS12": "/tmp/seal.p12",
    "SEAL_PASSPHRASE": "countersign",
}


def start(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python in production; a change to "" takes the variable away."""
    environment = PRODUCTION | changes
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # .env must not help out: an empty value of the environment wins over it and counts as missing
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=kept | environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DEBUG"])
def test_a_missing_variable_is_named(name):
    done = start("from agency.startup import load_settings; load_settings()", **{name: ""})
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SITE_URL", "sign.agency.example"),
        ("SITE_URL", "http://sign.agency.example"),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3"),
        ("CELERY_BROKER_URL", "amqp://127.0.0.1"),
        ("UPLOAD_MAX_MB", "much"),
        ("TRUSTED_PROXIES", "-1"),
        ("EMAIL_URL", "mail.agency.example"),
        ("DEBUG", "perhaps"),
    ],
)
def test_a_malformed_variable_is_named(name, value):
    done = start("from agency.startup import load_settings; load_settings()", **{name: value})
    assert done.returncode == 3, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert name in done.stderr


@pytest.mark.parametrize("program", ["agency.wsgi", "agency.celery"])
def test_web_and_worker_say_it_too(program):
    done = start(f"import {program}", SECRET_KEY="")
    assert done.returncode == 3
    assert done.stderr.startswith("Countersign can't start: SECRET_KEY")


def test_production_starts_with_all_of_them():
    done = start("import agency.wsgi")
    assert done.returncode == 0, done.stderr
