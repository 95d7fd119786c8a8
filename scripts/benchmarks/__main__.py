"""`make bench`: seed, measure, print figure, value and limit, write var/bench.json, exit 1 when a limit is missed.

Started by scripts/bench beside a PostgreSQL and a Redis of its own. The database is seeded once at scale 1 (100 clients); with
`--scale 10` a second one of ten times that is measured too, for how the pages grow.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from servers import free_port

from .figures import Figure, exit_code, growth, load, save, table

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "var" / "bench.json"
#: The parts in their order: the later ones add rows that the earlier ones needn't meet.
PARTS = ("pages", "weight", "sealing", "weekly", "chasing")
SEED_SECONDS = {1: 90, 10: 900}
GROWTH = 1.3


def say(words: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {words}", file=sys.stderr, flush=True)


def production(folder: Path) -> dict[str, str]:
    """What production sets, with everything it keeps in `folder`."""
    return {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LINK_KEY": secrets.token_urlsafe(48),
        "SITE_URL": "https://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "DEFAULT_FROM_EMAIL": "approvals@agency.example",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "SEAL_PKCS12": str(folder / "seal.p12"),
        "SEAL_PASSPHRASE": "bench",
        "TRUSTED_PROXIES": "1",
    }


def run(*command: str | Path, **environment: str) -> None:
    """Raises CalledProcessError when it fails; it has said itself why."""
    subprocess.run(
        [sys.executable, *map(str, command)], cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL,
        stdout=sys.stderr, check=True,
    )  # fmt: skip


def new_database(scale: int) -> None:
    """A database of its own for each scale, named in DATABASE_URL from now on."""
    url, name = os.environ["DATABASE_URL"], f"scale_{scale}"
    server = psycopg2.connect(url)
    server.autocommit = True
    server.cursor().execute(f"CREATE DATABASE {name}")
    server.close()
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def seed(scale: int) -> list[Figure]:
    new_database(scale)
    run("manage.py", "migrate", "--verbosity", "0")
    say(f"seeding at scale {scale}")
    began = time.monotonic()
    run("manage.py", "seed", "--scale", str(scale), DEBUG="1")
    took = round(time.monotonic() - began, 1)
    tidy()
    return [Figure(f"seed --scale {scale} (seconds)", took, SEED_SECONDS[scale])]


def tidy() -> None:
    """What PostgreSQL does by itself within minutes."""
    server = psycopg2.connect(os.environ["DATABASE_URL"])
    server.autocommit = True
    server.cursor().execute("VACUUM ANALYZE")
    server.close()


def part(name: str, folder: Path) -> list[Figure]:
    """A part that fails has no figures, and is missed as a whole."""
    say(f"measuring {name}")
    target = folder / f"{name}.json"
    try:
        run("-m", "benchmarks.part", name, target)
    except subprocess.CalledProcessError as error:
        return [Figure(f"{name}: failed with exit code {error.returncode}", None, 0)]
    return load(target)


def measure(scale: int, parts: Sequence[str], folder: Path) -> list[Figure]:
    os.environ.update(production(folder))
    run("scripts/make_seal.py", os.environ["SEAL_PKCS12"])
    run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    found = seed(1)
    measured = {name: part(name, folder) for name in parts}
    for figures in measured.values():
        found += figures
    if scale > 1:
        found += at_scale(scale, measured.get("pages", []), folder)
    return found


def at_scale(scale: int, small: Sequence[Figure], folder: Path) -> list[Figure]:
    """The pages once more in a larger database, and how much each has grown; their other limits are the same."""
    found = seed(scale)
    large = part("pages", folder)
    words = f"scale {scale} ÷ scale 1"
    grown = growth(small, large, ending="bare page", limit=GROWTH, words=words)
    grown += growth(small, large, ending="queries", limit=1.0, words=words)
    return found + [Figure(f"{one.name}, scale {scale}", one.value, one.limit) for one in large] + grown


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--scale", type=int, choices=SEED_SECONDS, default=1, help="10 measures a second, ten times larger agency too"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part (may be given more than once)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
        figures = measure(options.scale, options.only or PARTS, Path(folder))
    save(figures, TARGET)
    print(table(figures))
    return exit_code(figures)


if __name__ == "__main__":
    sys.exit(main())
