"""The list of contents of a backup: what was copied, when, by which version, and how it can be told to be whole."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shoshin.kit.backup.rows import Table

FORMAT = 1
NAME = "manifest.json"
DATABASE = "database"


class CannotRestore(ValueError):
    """The backup is not whole, or may not go where it should; the message says which and what is safe."""


@dataclass(frozen=True)
class File:
    """One file of the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything a restored copy is compared with."""

    version: str
    engine: str
    library: str
    taken_at: datetime
    migrations: tuple[str, ...]
    tables: dict[str, Table]
    files: dict[str, File]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> bytes:
        plain: dict[str, Any] = {"format": FORMAT, **asdict(self), "taken_at": self.taken_at.isoformat()}
        return json.dumps(plain, indent=1, sort_keys=True).encode()


def read_manifest(raw: bytes) -> Manifest:
    """A manifest from its bytes; anything that is none is refused."""
    try:
        plain = json.loads(raw)
        if plain.pop("format") != FORMAT:
            raise CannotRestore("This backup has a format that this version of Shoshin does not know. Update first.")
        taken_at = datetime.fromisoformat(plain.pop("taken_at"))
        tables = {name: Table(**table) for name, table in plain.pop("tables").items()}
        files = {name: File(**file) for name, file in plain.pop("files").items()}
        manifest = Manifest(
            **{**plain, "migrations": tuple(plain["migrations"])}, taken_at=taken_at, tables=tables, files=files
        )
        if taken_at.tzinfo is None or DATABASE not in files or not all(_is_plain(name) for name in files):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        if isinstance(problem, CannotRestore):
            raise
        raise CannotRestore(
            "The backup's list of contents cannot be read. Nothing was changed. Take another file."
        ) from None
    return manifest


def _is_plain(name: str) -> bool:
    """Whether a member's name stays inside the folder it is unpacked to."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and not any(part in ("", ".", "..") for part in parts)
