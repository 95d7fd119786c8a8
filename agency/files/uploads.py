"""Large uploads on a full disk: the rest of the form comes through, and the person is told when the file is taken in."""

import io
import logging
from contextlib import suppress
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .storing import no_room

logger = logging.getLogger(__name__)


class _Nothing(io.RawIOBase):
    """Bytes that could not be kept: whoever wants to read them gets the sentence for the person (Refused)."""

    def _refuse(self, *_args: Any) -> NoReturn:
        raise no_room()

    read = readinto = seek = tell = _refuse


class UploadHandler(TemporaryFileUploadHandler):
    """Django's handler of large files, but a full disk costs the file alone and not the whole answer."""

    is_lost = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._lose()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._lose()

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_lost:
            try:
                return super().file_complete(file_size)
            except OSError:
                self._lose()
        return UploadedFile(_Nothing(), self.file_name, self.content_type, file_size)  # type: ignore[arg-type]

    def _lose(self) -> None:
        """Give back what room the half of the file took."""
        logger.exception("An upload could not be kept.")
        self.is_lost = True
        with suppress(OSError):
            self.file.close()
