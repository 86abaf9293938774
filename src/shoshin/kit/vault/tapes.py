"""The files of one recording: the parts that arrive, the whole that is kept, and the key that opens either.

Every part is sealed as it arrives, under the key that the whole will have. Parts lie outside of what backups copy.
Recordings of oneself and of others have their keys on two shelves: whoever clears the one never meets the other.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from shoshin.kit.vault import KeyStore, SealedFile, seal

MOST_PARTS = 2000
LARGEST_PART = 4 * 1024 * 1024
OWN, OTHERS = "keys", "keys/others"  # shelves, as folders below the home: of oneself, of somebody else


class AnotherPart(ValueError):
    """A part of this number is here already, with other bytes."""


def key_store(shelf: str = OWN) -> KeyStore:
    """Where the keys of recordings lie: beside the data, and never in a backup."""
    return KeyStore.at(Path(settings.HOME) / shelf, settings.MEDIA_KEY)


def room() -> int:
    """How many bytes are free where recordings are kept."""
    return shutil.disk_usage(settings.HOME).free


def names_made_before(moment: datetime, shelf: str = OWN) -> list[str]:
    """The names of all recordings of a shelf whose keys were made before this moment."""
    return list(key_store(shelf).made_before(moment))


class Tape:
    """The files of one recording, named by its key, which lies on a shelf."""

    def __init__(self, name: UUID | str, shelf: str = OWN):
        home = Path(settings.HOME)
        self.name, self.shelf = str(name), shelf
        self.file = home / "media" / "recordings" / self.name
        self.folder = home / "arriving" / self.name

    def begin(self) -> str:
        """Make the key and the place for the parts. Says which master key wraps the key."""
        store = key_store(self.shelf)
        if not store.holds(self.name):
            store.make(self.name)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return store.id

    def add(self, number: int, part: bytes) -> None:
        """Keep a part. The same part again changes nothing; another one under its number is refused."""
        key, place = key_store(self.shelf).open(self.name), self._place(number)
        if place.exists():
            with SealedFile(place, key, self._about(number)) as kept:
                if b"".join(kept.read()) != part:
                    raise AnotherPart(f"Part {number} is here already, and it is another one.")
            return
        seal([part], place, key, self._about(number))

    def held(self) -> list[int]:
        """The numbers of the parts that are here."""
        return sorted(int(path.name) for path in self.folder.glob("[0-9]*")) if self.folder.exists() else []

    def missing(self, count: int) -> list[int]:
        """Which of the parts 0 to `count` - 1 have not arrived."""
        return sorted(set(range(count)) - set(self.held()))

    def arrived_size(self) -> int:
        """The bytes that the parts take up."""
        return sum(self._place(number).stat().st_size for number in self.held())

    def arrived(self, count: int) -> Iterator[bytes]:
        """The plain bytes of the first `count` parts, in order."""
        key = key_store(self.shelf).open(self.name)
        for number in range(count):
            with SealedFile(self._place(number), key, self._about(number)) as kept:
                yield from kept.read()

    def digest(self, count: int) -> str:
        """SHA-256 of all parts together, in hexadecimal letters."""
        whole = hashlib.sha256()
        for part in self.arrived(count):
            whole.update(part)
        return whole.hexdigest()

    def keep(self, plain: Iterable[bytes]) -> int:
        """Seal the whole recording. Returns its size as played."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return seal(plain, self.file, key_store(self.shelf).open(self.name), f"recording {self.name}")

    def play(self) -> SealedFile:
        """The whole recording, open for reading."""
        return SealedFile(self.file, key_store(self.shelf).open(self.name), f"recording {self.name}")

    def is_whole(self) -> bool:
        """Whether key and file are both here."""
        return self.file.exists() and key_store(self.shelf).holds(self.name)

    def has_key(self) -> bool:
        """Whether its key is here: without it there is no recording, whatever files there are."""
        return key_store(self.shelf).holds(self.name)

    def forget_parts(self) -> None:
        """Take the parts away, once the whole is kept or refused."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def destroy(self) -> None:
        """The key first, which makes every copy unreadable; then the files. Twice does no harm."""
        key_store(self.shelf).destroy(self.name)
        self.file.unlink(missing_ok=True)
        self.forget_parts()

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:06}"

    def _about(self, number: int) -> str:
        return f"part {number} of {self.name}"


@dataclass(frozen=True)
class PlainCopy:
    """One recording that can be taken along, opened while it goes out. `name` is a file's name."""

    name: str
    tape: Tape

    def played(self) -> Iterator[bytes]:
        """The plain bytes, for as long as there is a key: what is removed meanwhile ends there."""
        if not self.tape.is_whole():
            return
        with self.tape.play() as whole:
            for part in whole.read(0, whole.size):
                if not self.tape.has_key():
                    return
                yield part
