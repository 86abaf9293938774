"""A clinic with people in it, a pair of keys, and empty places a backup can be brought back to."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from shoshin.kit.backup import keys
from shoshin.kit.backup.archive import scratch, unpack
from shoshin.kit.backup.restore import restore
from shoshin.kit.backup.stores import sqlite_store, store_of_settings
from shoshin.kit.backup.take import take_backup
from tests.cast import NOW


@dataclass
class Rig:
    """Everything one test of a backup needs."""

    folder: Path
    store: Any
    public: list[Any]
    private: list[Any]
    made: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "live"

    def take(self, name: str = "backups", at=NOW):
        return take_backup(self.store, home=self.home, folder=self.folder / name, keys=self.public, at=at)

    def empty_place(self):
        """A database of the same kind with nothing in it."""
        name = f"shoshin_test_{secrets.token_hex(4)}"
        if self.store.engine == "sqlite":
            return sqlite_store(self.folder / name / "shoshin.sqlite3")
        with store_of_settings().connect(autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        self.made.append(name)
        return self.store.named(name)

    def bring_back(self, file: Path, place=None, private=None):
        """Restore to an empty place, as on a new machine."""
        home = self.folder / f"home-{secrets.token_hex(4)}"
        return restore(file, private or self.private, place or self.empty_place(), home=home, at=NOW)

    def look_inside(self, file: Path, into: Path):
        """The manifest of a backup, and its files unpacked."""
        into.mkdir(parents=True)
        with scratch(into):
            return unpack(file, self.private, into)

    def put_away(self):
        for name in self.made:
            with store_of_settings().connect(autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "stick" / "shoshin.key"
    file.parent.mkdir()
    keys.make_key(file, tmp_path / "live", NOW)
    return file


@pytest.fixture
def rig(transactional_db, cast, measures_loaded, tmp_path, key_file):
    (tmp_path / "live" / "media").mkdir(parents=True)
    for name in ("first", "second"):
        (tmp_path / "live" / "media" / f"{name}.webm").write_bytes(name.encode() * 5000)
    private = keys.identities(str(key_file))
    connections.close_all()
    rig = Rig(tmp_path, store_of_settings(), [one.to_public() for one in private], private)
    yield rig
    rig.put_away()
