"""manage.py sweep: what beat does once a minute."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from agency import clock, sweep


class Command(BaseCommand):
    help = "Pick up whatever is due, as beat does once a minute; prints what was picked up as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(sweep.run(clock.now()), indent=2))
