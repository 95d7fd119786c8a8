"""The emailed link and the one-time code: derived from a key that is in no table, so that no table and no log holds them."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse

from .models import OneTimeCode, Signatory

#: A token is 32 bytes in URL-safe base64 without padding.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def _hmac(message: str) -> bytes:
    return hmac.new(settings.LINK_KEY.encode(), message.encode(), hashlib.sha256).digest()


def token_of(signatory_id: int, number: int) -> str:
    """The token of a signatory's `number`-th link (256 bits). Only ever put into a mail that is being sent, or a page's URL."""
    return urlsafe_b64encode(_hmac(f"sign:{signatory_id}:{number}")).rstrip(b"=").decode()


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def current_url(signatory: Signatory) -> str:
    """The address of the signatory's link in force, on the configured site (never on the host of a request)."""
    return settings.SITE_URL + reverse("sign", args=[token_of(signatory.pk, signatory.link_number)])


def renew(signatory: Signatory) -> None:
    """Give the signatory the next link; the one before is dead from now on. Not saved here."""
    signatory.link_number += 1
    signatory.token_digest = digest_of(token_of(signatory.pk, signatory.link_number))


def find(token: str) -> Signatory | None:
    """Whose link this is; None for unknown and malformed ones, and for those of people who have left the client."""
    if not TOKEN.fullmatch(token):
        return None
    return (
        Signatory.objects.filter(token_digest=digest_of(token), contact__archived_at=None, revoked_at=None)
        .select_related(
            "contact__client",
            "delegated_to",
            "signature_image",
            "request__requested_by",
            "request__account__lead",
            "request__account__client",
            "request__document__file",
        )
        .first()
    )


def code_digits(code: OneTimeCode) -> str:
    """The six digits of a code."""
    return f"{int.from_bytes(_hmac(f'code:{code.pk}:{code.nonce}')) % 1_000_000:06d}"


def same_code(code: OneTimeCode, typed: str) -> bool:
    return hmac.compare_digest(code_digits(code).encode(), typed.encode())
