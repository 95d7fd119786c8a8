"""What may stand in a log: no emailed link and no filled-in secret."""

import logging
import re

LINK = re.compile(r"(/s/)[^/\s\"'?#]+")
SECRET = re.compile(r"\[\[.*?\]\]", re.DOTALL)


def mask(text: str) -> str:
    """The text without the token of an emailed link and without anything in [[double brackets]]."""
    return SECRET.sub("[[…]]", LINK.sub(r"\1…", text))


class MaskLinks(logging.Filter):
    """Keeps emailed links out of the log: in the message, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask(message)
        if masked != message:
            record.msg, record.args = masked, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        return True
