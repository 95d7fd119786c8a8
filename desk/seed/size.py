"""How large an agency is at a scale; scale 1 is an agency of some sixty people with a hundred clients."""

from dataclasses import dataclass

from ..demo.people import COLLEAGUES, COMPANIES

#: How far back the oldest job goes.
DAYS = 4 * 365


@dataclass(frozen=True)
class Size:
    """What is made. Audit entries follow from the rest: one for each milestone, some 100,000 at scale 1."""

    scale: float
    colleagues: int
    clients: int
    jobs: int
    versions: int
    meetings: int
    invoices: int

    @classmethod
    def of(cls, scale: float) -> "Size":
        """Ten times the scale is ten times the agency; people and clients never fall below the demo agency's. Raises ValueError."""
        if not 0.002 <= scale <= 100:
            raise ValueError("The scale must lie between 0.002 and 100.")

        def times(number: int) -> int:
            return round(number * scale)

        return cls(
            scale, max(times(60), len(COLLEAGUES)), max(times(100), len(COMPANIES)), times(5_000), times(20_000), times(5_000),
            times(10_000),
        )  # fmt: skip
