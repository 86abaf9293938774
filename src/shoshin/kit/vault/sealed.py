"""A sealed file: records of 64 KiB, each encrypted and authenticated by itself, so that any part opens by itself.

AES-256-GCM over records with a counter and a mark on the last one, after the STREAM construction (Hoang, Reyhanitabar,
Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015). Each file is
sealed under a key of its own, derived from the given one, a fresh salt, and what the file is about. So a record that
was changed, moved, left out or added, a file cut off at any place, and one put in the place of another do not open.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shoshin.kit.backup.archive import sync_folder

MAGIC, SALT = b"SHV1", 16
HEADER = len(MAGIC) + SALT
RECORD, TAG = 64 * 1024, 16
SEALED_RECORD = RECORD + TAG


class Tampered(ValueError):
    """A sealed file is not as it was written: changed, cut off, or another one's."""


def seal(plain: Iterable[bytes], to: Path, key: bytes, about: str) -> int:
    """Write a sealed file under a passing name, bring it to the disk, and only then name it. Returns the plain size."""
    salt, size = secrets.token_bytes(SALT), 0
    cipher = _cipher(key, salt, about)
    passing = to.with_name(f".{to.name}.{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(MAGIC + salt)
            for number, (record, is_last) in enumerate(_records(plain)):
                out.write(cipher.encrypt(_nonce(number, is_last), record, MAGIC))
                size += len(record)
            out.flush()
            os.fsync(out.fileno())
        passing.replace(to)
        sync_folder(to.parent)
    finally:
        passing.unlink(missing_ok=True)
    return size


class SealedFile:
    """A sealed file, open for reading. Opening it proves that nothing was cut off."""

    def __init__(self, path: Path, key: bytes, about: str):
        self.path = path
        self._source = path.open("rb")
        try:
            header = self._source.read(HEADER)
            body = path.stat().st_size - HEADER
            if not header.startswith(MAGIC) or body < TAG:
                raise Tampered("This is no whole sealed file.")
            self._cipher = _cipher(key, header[len(MAGIC) :], about)
            self._records = -(-body // SEALED_RECORD)
            self.size = body - self._records * TAG
            self._record(self._records - 1)
        except BaseException:
            self._source.close()
            raise

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The plain bytes from `start` up to, not including, `stop`, a record at a time."""
        stop = self.size if stop is None else min(stop, self.size)
        while start < stop:
            number, within = divmod(start, RECORD)
            part = self._record(number)[within : within + stop - start]
            yield part
            start += len(part)

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> "SealedFile":
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()

    def _record(self, number: int) -> bytes:
        self._source.seek(HEADER + number * SEALED_RECORD)
        sealed, is_last = self._source.read(SEALED_RECORD), number == self._records - 1
        try:
            return self._cipher.decrypt(_nonce(number, is_last), sealed, MAGIC)
        except InvalidTag:
            raise Tampered(f"Record {number} is not as it was written.") from None


def _cipher(key: bytes, salt: bytes, about: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=about.encode()).derive(key))


def _nonce(number: int, is_last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4) + bytes([is_last])


def _records(plain: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The plain bytes in records of one size, each with whether it is the last. Nothing at all is one empty record."""
    waiting = bytearray()
    for part in plain:
        waiting += part
        while len(waiting) > RECORD:
            yield bytes(waiting[:RECORD]), False
            del waiting[:RECORD]
    yield bytes(waiting), True
