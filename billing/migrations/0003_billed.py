"""Jobs learn since when they are billed; the index that helped to find those that aren't goes."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _editor: Any) -> None:
    lines = apps.get_model("billing", "InvoiceLine").objects.filter(
        job=OuterRef("pk"), invoice__kind="invoice", invoice__credited_at=None, invoice__status="issued"
    )
    first = Subquery(lines.order_by("invoice__issued_at").values("invoice__issued_at")[:1])
    apps.get_model("jobsheets", "Job").objects.update(billed_at=first)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_indexes"),
        ("jobsheets", "0003_billed"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="invoice", name="invoice_standing"),
    ]
