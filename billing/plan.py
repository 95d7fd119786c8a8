"""The agency's chase plan: money within 45 days of the invoice date, arrears never over one month past due (mission.md)."""

from typing import Any

from .models import ChaseStep

#: (anchor, days after it, letter). The last word comes before a month past due is full.
DEFAULT = [
    (ChaseStep.Anchor.DUE, -5, ChaseStep.Letter.BEFORE_DUE),
    (ChaseStep.Anchor.DUE, 3, ChaseStep.Letter.AFTER_DUE),
    (ChaseStep.Anchor.DUE, 14, ChaseStep.Letter.AFTER_DUE),
    (ChaseStep.Anchor.ISSUED, 45, ChaseStep.Letter.ESCALATION),
    (ChaseStep.Anchor.DUE, 28, ChaseStep.Letter.AFTER_DUE),
]


def seed_plan(using: str = "default", **_signal: Any) -> None:
    """post_migrate: give an agency without a plan the default one; a plan that exists is left as it is."""
    steps = ChaseStep.objects.using(using)
    if not steps.exists():
        steps.bulk_create(
            (
                ChaseStep(position=place, anchor=anchor, days=days, letter=letter)
                for place, (anchor, days, letter) in enumerate(DEFAULT, start=1)
            ),
            ignore_conflicts=True,
        )
