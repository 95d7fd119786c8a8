"""How every program of ours starts: with its settings, or with one sentence about what is wrong with them."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: gunicorn takes this code of a worker to mean that trying again is no use.
CANT_START = 3


def load_settings() -> None:
    """Read the environment now. Ends the process when a variable is missing or malformed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 (the first look at any setting reads them all)
    except ImproperlyConfigured as problem:
        sys.stderr.write(f"Countersign can't start: {problem}\n")
        sys.exit(CANT_START)
