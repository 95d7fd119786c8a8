"""What may stand in a log."""

import logging


class MaskLinks(logging.Filter):
    """Keeps emailed links out of the log."""
