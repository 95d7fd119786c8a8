"""`manage.py demo`: loads the demo agency into an empty database. `--links`: who can log in, and a client's link to try."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agency import clock
from desk.demo import ground, links
from desk.demo.load import load


class Command(BaseCommand):
    help = "Load the demo agency into an empty database (embedded mode only); with it there already, nothing happens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--links", action="store_true", help="print who can log in and one live client link; load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = ground.is_loaded()
        except ground.Foreign as error:
            if options["links"]:
                return  # not ours to introduce
            raise CommandError(str(error)) from error
        if options["links"]:
            if loaded:
                self.stdout.write("\n".join(links.lines()))
        elif loaded:
            self.stdout.write("The demo agency is here already.")
        else:
            began = time.monotonic()
            load(clock.now())
            self.stdout.write(f"The demo agency is loaded ({time.monotonic() - began:.0f} s).")
