"""`python -m trials [--short] [SCENARIO …]`: the scenarios one after the other, a table, and 1 when anything is missed."""

import argparse
import importlib
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

from .figures import Figure, at_least, table, told
from .scenarios import SCENARIOS, SHORT
from .stage import Stage

KEPT = Path(__file__).resolve().parents[2] / "var" / "faults"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/faults", description="What breaks when things break.")
    parser.add_argument("--short", action="store_true", help="kill and stop things on less, in two to three minutes")
    parser.add_argument("scenario", nargs="*", help=f"only these of: {', '.join(SCENARIOS)}")
    options = parser.parse_args()
    if unknown := set(options.scenario) - set(SCENARIOS):
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")

    rows: list[tuple[str, Figure]] = []
    with Stage(short=options.short) as stage:
        for name in options.scenario or (SHORT if options.short else SCENARIOS):
            print(f"{name} …", file=sys.stderr, flush=True)
            began = time.monotonic()
            figures = play(name, stage)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            rows += [(name, figure) for figure in [*figures, told("seconds", round(time.monotonic() - began))]]
            for figure in figures:
                if not figure.ok:
                    print(f"  missed: {figure.name}: {figure.value}, wanted {figure.wanted}", file=sys.stderr, flush=True)
        if not all(figure.ok for _, figure in rows):
            keep_logs(stage)
    print(table(rows))
    return 0 if all(figure.ok for _, figure in rows) else 1


def play(name: str, stage: Stage) -> list[Figure]:
    """One scenario on a fresh stage. What it raises is a miss."""
    try:
        stage.fresh()
        scenario = importlib.import_module(f"trials.scenarios.{name}")
        figures: list[Figure] = scenario.run(stage)
        return figures or [at_least("figures", 0, 1)]
    except Exception as error:
        traceback.print_exc()
        return [Figure("went through", f"{type(error).__name__}: {error}"[:80], "yes", False)]
    finally:
        stage.stop()


def keep_logs(stage: Stage) -> None:
    """What the services wrote, for whoever looks into a miss."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for log in stage.folder.glob("*.log"):
        shutil.copy(log, KEPT)
    shutil.copy(stage.mail.folder / "taken.jsonl", KEPT)
    print(f"What the services wrote is in {KEPT}.", file=sys.stderr)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main())
