"""Links of papers that wait for a client, for those who measure the page behind them."""

from collections.abc import Iterator

from django.utils import timezone

from signoffs.links import token_of
from signoffs.models import Signatory


def open_links(most: int = 20) -> Iterator[tuple[Signatory, str]]:
    """Signatories who are waited for, newest first, each with the raw token of their link in force: the page is /s/<token>/.

    A token stands in no table; it follows from LINK_KEY, so this works where the seed ran with the same key.
    """
    waiting = Signatory.objects.waiting().filter(contact__isnull=False, request__expires_at__gt=timezone.now())
    for signatory in waiting.select_related("request__document").order_by("-pk")[:most]:
        yield signatory, token_of(signatory.pk, signatory.link_number)
