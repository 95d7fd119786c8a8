"""What stands in an address or a hidden field: anybody may have written anything there."""


def whole_number(text: str, otherwise: int = 0, *, digits: int = 9) -> int:
    """The number `text` says in at most `digits` plain digits; `otherwise` for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else otherwise
