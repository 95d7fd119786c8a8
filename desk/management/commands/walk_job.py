"""`manage.py walk_job [--json]`: one job from the client's request to the money in the bank, by the project's own doors."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agency import clock
from desk.demo import ground
from desk.demo.load import load_people
from desk.demo.walk import Walk
from desk.demo.walk_steps import STEPS


class Command(BaseCommand):
    help = (
        "Walk one job of the demo agency through the whole chain; prints every step, mail and file. Exit code 1: a step failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not ground.is_loaded():
                load_people(clock.now())
        except ground.Foreign as error:
            raise CommandError(str(error)) from error
        walk = Walk(say=(lambda _line: None) if options["json"] else self.say)
        well = walk.run(STEPS)
        if options["json"]:
            self.stdout.write(json.dumps(walk.as_json(), ensure_ascii=False, indent=2))
        else:
            self.tell(walk)
        if not well:
            self.stderr.write(f"walk_job stopped at “{walk.steps[-1]['name']}”: {walk.steps[-1]['error']}")
            sys.exit(1)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def tell(self, walk: Walk) -> None:
        self.stdout.write("\nMails:")
        for mail in walk.mails():
            self.stdout.write(f"  {mail['status']:<12}  {mail['to']:<34}  {mail['subject']}")
        self.stdout.write("\nFiles:")
        for made in walk.files():
            self.stdout.write(f"  {made['kind']:<13}  {made['path']}\n                 SHA-256 {made['sha256']}")
