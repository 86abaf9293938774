"""Logs hold no content: no address that opens something, no value that an error carries, no row of a database."""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

from django.core.exceptions import DisallowedHost

SECRET_ADDRESS = re.compile(r"/(f|p|join|accounts/password/reset/key)/[^/\s\"']+")
Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_secrets(text: str) -> str:
    """The text with what follows /f/, /p/, /join/ and the key of a new password left out."""
    return SECRET_ADDRESS.sub(r"/\1/…", text)


class QuietFormatter(logging.Formatter):
    """Writes a record without the addresses that open something; of an error, where it happened and of what kind.

    What an error says is left out, because it quotes: a database names the value that came twice, a parser the text
    that it could not read.
    """

    def format(self, record: logging.LogRecord) -> str:
        quiet = logging.makeLogRecord(record.__dict__ | {"exc_text": None})
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None and not isinstance(fault, DisallowedHost) and record.getMessage() == str(fault):
            quiet.msg, quiet.args = type(fault).__qualname__, ()
        return without_secrets(super().format(quiet))

    def formatException(self, ei: Fault) -> str:
        return "\n".join(_told(ei[1]))


def _told(fault: BaseException | None) -> Iterator[str]:
    """The causes first, as Python tells them: places and kinds, no values."""
    if fault is None:
        return
    earlier = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if earlier is not None:
        yield from _told(earlier)
        yield "  … and from there:"
    yield "Traceback (places only, what the error says is left out):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(fault.__traceback__))
    yield type(fault).__qualname__
