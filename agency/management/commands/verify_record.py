"""manage.py verify_record: is everything there, and is it what it was? For a restored host, and whenever in doubt."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agency.soundness import Tally, checks

MOST = 50


class Command(BaseCommand):
    help = (
        "Check the whole record: chains of evidence, files and their SHA-256, documents, sums, numbers, triggers. "
        "Changes nothing; exits with 1 when anything is wrong. It reads every file once, which takes its time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--skip", action="append", default=[], choices=sorted(checks()), help="leave this out, such as files")

    def handle(self, *args: Any, **options: Any) -> None:
        result = {name: self._run(name) for name in checks() if name not in options["skip"]}
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
        else:
            self._tell(result)
        if any(found["wrong"] for found in result.values()):
            sys.exit(1)

    def _run(self, name: str) -> dict[str, Any]:
        """How many things one check looked at, how many are wrong, and what is wrong with the first of them."""
        tally, wrong, told = Tally(), 0, []
        for sentence in checks()[name](tally):
            wrong += 1
            if wrong <= MOST:
                told.append(sentence)
        return {"seen": tally.seen, "wrong": wrong, "sentences": told}

    def _tell(self, result: dict[str, dict[str, Any]]) -> None:
        for name, found in result.items():
            self.stdout.write(f"{name}: {found['seen']} looked at, {found['wrong'] or 'none'} wrong")
            for sentence in found["sentences"]:
                self.stdout.write(f"  {sentence}")
            if found["wrong"] > MOST:
                self.stdout.write(f"  … and {found['wrong'] - MOST} more")
