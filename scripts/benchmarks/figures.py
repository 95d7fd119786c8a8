"""What was measured against what is allowed: the table, the file and the exit code. Knows nothing about how it is measured."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured number and the most it may be; the unit stands in the name. None: it couldn't be measured, and is missed."""

    name: str
    value: float | None
    limit: float

    @property
    def ok(self) -> bool:
        return self.value is not None and self.value <= self.limit


def table(figures: Iterable[Figure]) -> str:
    """Figure, value and limit in columns; what missed its limit says so."""
    rows = [(figure.name, _number(figure.value), _number(figure.limit), "" if figure.ok else "missed") for figure in figures]
    rows.insert(0, ("figure", "value", "limit", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = (f"{name:<{widths[0]}}  {value:>{widths[1]}}  {limit:>{widths[2]}}  {word}" for name, value, limit, word in rows)
    return "\n".join(line.rstrip() for line in lines)


def _number(value: float | None) -> str:
    if value is None:
        return "none"
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def save(figures: Iterable[Figure], path: Path) -> None:
    """As a list of {"name", "value", "limit", "ok"}."""
    rows = [{**asdict(figure), "ok": figure.ok} for figure in figures]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> list[Figure]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Figure(row["name"], row["value"], row["limit"]) for row in rows]


def exit_code(figures: Iterable[Figure]) -> int:
    """0 when there are figures and all keep to their limits, else 1."""
    judged = [figure.ok for figure in figures]
    return 0 if judged and all(judged) else 1


def growth(small: Iterable[Figure], large: Iterable[Figure], *, ending: str, limit: float, words: str) -> list[Figure]:
    """How much each figure whose name ends with `ending` grew from `small` to `large`; None where one of them is missing."""
    before = {figure.name: figure.value for figure in small}
    grown = []
    for figure in large:
        if not figure.name.endswith(ending):
            continue
        first = before.get(figure.name)
        value = round(figure.value / first, 3) if figure.value and first else None
        grown.append(Figure(f"{figure.name}, {words}", value, limit))
    return grown
