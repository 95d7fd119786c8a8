"""A sender as a process of its own: sends every due mail, one after the other. Something else kills it."""

import django

django.setup()

from agency import clock, outbox  # noqa: E402
from agency.models import OutgoingMail  # noqa: E402

for pk in OutgoingMail.objects.due(clock.now()).order_by("pk").values_list("pk", flat=True):
    outbox.send(pk, now=clock.now())
