"""The product's settings in production, at SPEED times its pace; static files are served as they lie, which nothing here tests.

Work isn't faster because the clock is: the time limits of tasks stay as they are.
"""

import os

from agency import settings as product
from agency.settings import *  # noqa: F403 (whatever the product has)

SPEED = int(os.environ["TRIALS_SPEED"])

INSTALLED_APPS = ["trials.fast_clock.FastClock", *product.INSTALLED_APPS]
EMAIL_TIMEOUT = product.EMAIL_TIMEOUT // SPEED


def _seconds(schedule: object) -> float:
    """How often a beat entry rings: seconds as they are; of a crontab the step of its minutes, or hourly."""
    if isinstance(schedule, int | float):
        return float(schedule)
    minutes = sorted(schedule.minute)  # type: ignore[attr-defined]
    return 60.0 * (minutes[1] - minutes[0] if len(minutes) > 1 else 60)


CELERY_BEAT_SCHEDULE = {
    name: {
        **entry,
        "schedule": _seconds(entry["schedule"]) / SPEED,
        "options": {**entry["options"], "expires": entry["options"]["expires"] / SPEED},
    }
    for name, entry in product.CELERY_BEAT_SCHEDULE.items()
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
STORAGES = {**product.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
