"""Checks of values that several models share."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLIENT_CODE = re.compile(r"[A-Z]{2,5}")


def validate_client_code(value: str) -> None:
    """Two to five capital letters; it begins every number of the client's papers."""
    if not CLIENT_CODE.fullmatch(value):
        raise ValidationError(_("The code must be two to five capital letters from A to Z."))
