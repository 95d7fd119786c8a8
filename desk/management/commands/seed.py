"""`manage.py seed --scale N`: fills an empty database with a working agency of any size, for measuring and for looking at."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from agency import clock
from agency.models import AuditEntry
from desk.demo import ground
from desk.demo.people import PASSWORD
from desk.seed.load import seed
from desk.seed.size import Size


class Command(BaseCommand):
    help = (
        "Fill an empty database with an agency of any size (embedded mode only). Scale 1: 100 clients, 5,000 jobs, 20,000 versions, "
        "5,000 meetings, 10,000 invoices. Colleagues log in as those of the demo agency do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1, help="how many times scale 1; 0.1 is a tenth (default: 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = Size.of(options["scale"])
            taken = ground.is_loaded()
        except (ValueError, ground.Foreign) as error:
            raise CommandError(str(error)) from error
        if taken:
            self.refuse_or_agree(size)
            return
        began = time.monotonic()
        made = seed(size, now=clock.now(), say=lambda words: self.say(f"{time.monotonic() - began:6.1f} s  {words}"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # else the planner guesses until the database gets to it
        for name, number in made.items():
            self.stdout.write(f"{number:>10,}  {name}")
        self.stdout.write(f"The agency is seeded at scale {size.scale:g} ({time.monotonic() - began:.0f} s).")
        self.stdout.write(f"Log in as role@demo.example, such as director@demo.example, with the password “{PASSWORD}”.")

    def refuse_or_agree(self, size: Size) -> None:
        """A database that is seeded at this scale already is left as it is; the demo agency, or another scale, is refused."""
        there = AuditEntry.objects.get(action=ground.LOADED).new.get("scale")
        if there != size.scale:
            raise CommandError("This database holds an agency already. Use an empty one (DATABASE_URL).")
        self.stdout.write("The agency is seeded here already.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
