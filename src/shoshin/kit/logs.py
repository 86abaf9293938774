"""Logs never hold the address of a form link or of a client's own page: whoever reads a log could open it."""

import logging
import re

SECRET_ADDRESS = re.compile(r"/(f|p)/[^/\s\"']+")


def without_secrets(text: str) -> str:
    """The text with what follows /f/ and /p/ left out."""
    return SECRET_ADDRESS.sub(r"/\1/…", text)


class QuietFormatter(logging.Formatter):
    """Writes a record, its traceback included, without the addresses that open something."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
