"""One key a file, wrapped by a master key, in a folder that no backup copies.

What is destroyed here is gone in every backup too: they hold the sealed files, and neither keys nor wrapped keys.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shoshin.kit.backup.archive import sync_folder

MAGIC, ID_LENGTH, NONCE_LENGTH, KEY_LENGTH = b"SHK1", 8, 12, 32
SHORTEST_SECRET = 40
MASTER, ENDING = "master", ".key"


class KeyIsGone(ValueError):
    """There is no key of this name that the master key opens: what it sealed is gone, or waits for its master key."""


@dataclass(frozen=True)
class KeyStore:
    """A folder of wrapped keys, with the master key that opens them."""

    folder: Path
    master: bytes

    @classmethod
    def at(cls, folder: Path, secret: str = "") -> "KeyStore":
        """The store in this folder. Without the operator's `secret` a master key lies beside the wrapped ones."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if secret:
            if len(secret) < SHORTEST_SECRET:
                raise ValueError(f"A master key of your own needs {SHORTEST_SECRET} random characters or more.")
            hkdf = HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=None, info=b"shoshin media master key")
            return cls(folder, hkdf.derive(secret.encode()))
        return cls(folder, _master_in(folder / MASTER))

    @property
    def id(self) -> str:
        """Which master key this is, in 16 letters that do not tell the key."""
        return self._id.hex()

    @property
    def _id(self) -> bytes:
        return hashlib.sha256(b"which master key" + self.master).digest()[:ID_LENGTH]

    def make(self, name: str) -> bytes:
        """A new key under this name, on the disk before anything is sealed with it."""
        key, nonce = secrets.token_bytes(KEY_LENGTH), secrets.token_bytes(NONCE_LENGTH)
        wrapped = AESGCM(self.master).encrypt(nonce, key, _about(name, self._id))
        _write_once(self._path(name), MAGIC + self._id + nonce + wrapped)
        return key

    def open(self, name: str) -> bytes:
        """The key under this name."""
        try:
            kept = self._path(name).read_bytes()
        except FileNotFoundError:
            raise KeyIsGone(f"The key of {name} is gone.") from None
        start = len(MAGIC) + ID_LENGTH
        nonce, wrapped = kept[start : start + NONCE_LENGTH], kept[start + NONCE_LENGTH :]
        try:
            return AESGCM(self.master).decrypt(nonce, wrapped, _about(name, kept[len(MAGIC) : start]))
        except (InvalidTag, ValueError):
            raise KeyIsGone(f"This master key does not open the key of {name}.") from None

    def holds(self, name: str) -> bool:
        """Whether there is a key under this name."""
        return self._path(name).exists()

    def destroy(self, name: str) -> None:
        """Overwrite the wrapped key and take it away. Twice does no harm."""
        path = self._path(name)
        try:
            with path.open("r+b") as kept:
                kept.write(bytes(path.stat().st_size))
                kept.flush()
                os.fsync(kept.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        sync_folder(self.folder)

    def made_before(self, moment: datetime) -> Iterator[str]:
        """The names of all keys that were made before this moment."""
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                yield path.name.removesuffix(ENDING)

    def _path(self, name: str) -> Path:
        if not name or not all(letter.isalnum() or letter == "-" for letter in name):
            raise ValueError("A key's name has letters, digits and hyphens.")
        return self.folder / f"{name}{ENDING}"


def _about(name: str, which: bytes) -> bytes:
    return MAGIC + which + name.encode()


def _master_in(path: Path) -> bytes:
    """The master key in this file, made on the first look; of two processes that look first, one makes it."""
    if not path.exists():
        passing = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        _write_once(passing, secrets.token_bytes(KEY_LENGTH))
        try:
            os.link(passing, path)
        except FileExistsError:
            pass
        finally:
            passing.unlink()
        sync_folder(path.parent)
    return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(path.parent)
