"""`manage.py verify_document FILE`: is this PDF ours and unchanged? A JSON verdict; exit code 0 only if it is."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from signoffs.evidence import iso
from signoffs.sealing.verify import verify_bytes


class Command(BaseCommand):
    help = "Judge a sealed PDF: prints a JSON verdict, exits with 0 only when it is ours and unchanged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from None
        verdict = verify_bytes(data)
        self.stdout.write(
            json.dumps(
                {
                    "ok": verdict.status == "unchanged",
                    "status": verdict.status,
                    "sha256": verdict.sha256,
                    "seal_intact": verdict.seal_intact,
                    "covers_whole_file": verdict.covers_whole_file,
                    "certificate": verdict.certificate,
                    "title": verdict.title,
                    "reference": verdict.reference,
                    "outcome": verdict.outcome,
                    "sealed_at": iso(verdict.sealed_at) if verdict.sealed_at else None,
                    "signatures": [
                        {"name": s.name, "answer": s.answer, "at": iso(s.decided_at)} for s in verdict.signatures if s.decided_at
                    ],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        if verdict.status != "unchanged":
            sys.exit(1)
