"""One part of the bench in a process of its own: `python -m benchmarks.part NAME TARGET.json`."""

import importlib
import sys
from pathlib import Path

import django

from agency.startup import load_settings

from .figures import save


def prepare() -> None:
    load_settings()
    django.setup()


def main(name: str, target: Path) -> None:
    prepare()
    save(importlib.import_module(f"benchmarks.{name}").measure(), target)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
