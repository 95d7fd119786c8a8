"""What came of a scenario, beside what was wanted."""

from collections.abc import Iterable
from dataclasses import dataclass

Value = int | float | str


@dataclass(frozen=True)
class Figure:
    name: str
    value: Value
    wanted: str
    ok: bool


def exactly(name: str, value: Value, wanted: Value) -> Figure:
    return Figure(name, value, str(wanted), value == wanted)


def at_most(name: str, value: float, limit: float) -> Figure:
    return Figure(name, value, f"≤ {limit:g}", value <= limit)


def at_least(name: str, value: float, limit: float) -> Figure:
    return Figure(name, value, f"≥ {limit:g}", value >= limit)


def told(name: str, value: Value) -> Figure:
    """Worth knowing; nothing is demanded of it."""
    return Figure(name, value, "", True)


def table(rows: Iterable[tuple[str, Figure]]) -> str:
    """Scenario, figure, value, wanted; what isn't as wanted says so."""
    lines = [("scenario", "figure", "value", "wanted", "")]
    for scenario, figure in rows:
        value = f"{figure.value:.1f}" if isinstance(figure.value, float) else str(figure.value)
        lines.append((scenario, figure.name, value, figure.wanted, "" if figure.ok else "missed"))
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join(f"{text:<{width}}" for text, width in zip(line, [*widths, 0], strict=True)).rstrip() for line in lines
    )
