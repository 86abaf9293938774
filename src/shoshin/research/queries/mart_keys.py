"""The opaque keys of the outcomes mart, and where the mart lies."""

import hashlib
import hmac
from pathlib import Path

from django.conf import settings

from shoshin.kit.vault import KeyStore

LENGTH = 24  # hexadecimal digits: 96 bits, so that no two rows of any clinic meet


def mart_folder() -> Path:
    """Where the mart of this installation lies unless somebody says otherwise."""
    return Path(settings.HOME) / "mart"


def mart_secret() -> bytes:
    """What keys are made with: kept outside of the database and of its backups."""
    return KeyStore.at(Path(settings.HOME) / "keys" / "mart", settings.MART_KEY).master


def mart_key(kind: str, name: int | str, secret: bytes | None = None) -> str:
    """The opaque key of one thing (a `client`, a `therapist`). Without the secret nobody can tell what it is of."""
    told = hmac.new(secret or mart_secret(), f"{kind}:{name}".encode(), hashlib.sha256)
    return told.hexdigest()[:LENGTH]
