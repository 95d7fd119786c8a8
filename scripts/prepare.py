"""What `make run` does between set-up and serving, in one process because each start of Django costs a second.

Brings the database up to date. Where it holds nobody, loads the demo agency and walks one job through the whole chain,
printing a line per step.
"""

import sys
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from agency.startup import load_settings

    load_settings()
    django.setup()
    from django.conf import settings

    from desk.demo import ground

    call_command("migrate", verbosity=0, interactive=False)
    if not settings.EMBEDDED:
        return
    try:
        if ground.is_loaded():
            return
    except ground.HalfLoaded as half:
        sys.exit(str(half))
    except ground.Foreign:
        return  # somebody's own agency
    print("Loading the demo agency", flush=True)
    call_command("demo")
    print("Walking one job through the whole chain", flush=True)
    call_command("walk_job")


if __name__ == "__main__":
    main()
