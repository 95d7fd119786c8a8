"""What `make run` does between set-up and serving, in one process because each start of Django costs a second.

Brings the database up to date. Where it holds nobody, loads the demo agency and walks one job through the whole chain,
printing a line per step.
"""

import os
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        sys.exit(f"Countersign can't start: {problem}")
    from django.conf import settings
    from django.contrib.auth import get_user_model

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if settings.EMBEDDED and not get_user_model().objects.exists():
        print("Loading the demo agency", flush=True)
        call_command("demo")
        print("Walking one job through the whole chain", flush=True)
        call_command("walk_job")


if __name__ == "__main__":
    main()
