"""The pair of keys of backups. The server knows the public part only, so that whoever takes it can read no backup."""

import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from shoshin.kit.backup.archive import CannotBackUp
from shoshin.kit.backup.manifest import CannotRestore

PRIVATE = "AGE-SECRET-KEY-"


def make_key(file: Path, home: Path, at: datetime) -> str:
    """Write a new private key to a file of its own, readable by its owner only, and return the public part."""
    from pyrage import x25519

    if file.resolve().is_relative_to(home.resolve()):
        raise CannotBackUp(
            f"{file} lies beside the data it protects. Name a place outside {home}, such as a USB stick."
        )
    if file.exists():
        raise CannotBackUp(f"{file} is there already and was left as it is: an older backup may need it.")
    pair = x25519.Identity.generate()
    public = str(pair.to_public())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"# Made by Shoshin on {at:%Y-%m-%d}. Keep it away from the server, twice.\n")
        out.write(f"# public key: {public}\n{pair}\n")
    return public


def recipients(texts: Iterable[str]) -> list[Any]:
    """The public keys a backup is encrypted to; each of them alone opens it."""
    import pyrage

    found = []
    for text in filter(None, (text.strip() for text in texts)):
        if text.upper().startswith(PRIVATE):
            raise CannotBackUp("That is the private part of a backup key. The server needs the one that begins age1.")
        try:
            found.append(pyrage.x25519.Recipient.from_str(text))
        except pyrage.RecipientError:
            raise CannotBackUp(
                f"“{text}” is no backup key. It begins with age1; make one: shoshin backup-key"
            ) from None
    if not found:
        raise CannotBackUp("Backups need a key: make one with shoshin backup-key, and set SHOSHIN_BACKUP_KEY to it.")
    return found


def identities(file: str) -> list[Any]:
    """The private keys in a file, or on the standard input where the name is a hyphen."""
    import pyrage

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text()
        lines = (line.strip() for line in text.splitlines())
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise CannotRestore(
            "There is no private backup key in what you named. It is the file that shoshin backup-key wrote; "
            "its last line begins with AGE-SECRET-KEY-1."
        )
    return found
