"""An archive that goes out in pieces: texts, and recordings that are opened on the way."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shoshin.kit.vault.tapes import PlainCopy


@dataclass(frozen=True)
class Archive:
    """Texts by their name, and recordings that are opened while the archive goes out."""

    at: datetime
    texts: dict[str, str]
    reels: tuple[PlainCopy, ...]

    def __iter__(self) -> Iterator[bytes]:
        """The archive in pieces. What is sealed is opened on the way out, and written down nowhere."""
        outlet = _Outlet()
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, parts, kept in self._files():
                entry = zipfile.ZipInfo(name, self.at.timetuple()[:6])
                entry.compress_type = kept
                with archive.open(entry, "w", force_zip64=True) as file:
                    for part in parts:
                        file.write(part)
                        yield outlet.taken()
                yield outlet.taken()
        yield outlet.taken()

    def _files(self) -> Iterator[tuple[str, Iterable[bytes], int]]:
        for name, text in self.texts.items():
            yield name, [text.encode()], zipfile.ZIP_DEFLATED
        for reel in self.reels:
            yield f"recordings/{reel.name}", reel.played(), zipfile.ZIP_STORED


class _Outlet:
    """Where the archive is written to: what came since it was last asked."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._waiting.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken
