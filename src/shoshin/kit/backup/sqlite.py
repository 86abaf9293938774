"""Backups of SQLite: copied page by page in one snapshot, while people go on writing."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoshin.kit.backup import rows
from shoshin.kit.backup.archive import CannotBackUp, sync_folder
from shoshin.kit.backup.manifest import CannotRestore, Manifest
from shoshin.kit.backup.rows import Progress
from shoshin.kit.backup.stores import Snapshot

WAIT = 20.0
JOURNALS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class SqliteStore:
    """One database file."""

    path: Path
    engine: str = "sqlite"

    def copy(self, to: Path, progress: Progress) -> Snapshot:
        import sqlite3

        if not self.path.exists():
            raise CannotBackUp(f"There is no database at {self.path} yet. Check SHOSHIN_HOME, or run shoshin setup.")
        with _opened(self.path, "ro") as source, closing(sqlite3.connect(to)) as copied:
            source.execute("BEGIN")
            migrations = _migrations(source)  # the first reading opens the snapshot that the rest shares
            tables = rows.of_sqlite(source, lambda share: progress(share / 2))
            source.backup(copied)
            source.execute("COMMIT")
        check_file(to, tables, CannotBackUp, lambda share: progress((1 + share) / 2))
        return Snapshot(f"SQLite {sqlite3.sqlite_version}", migrations, tables)

    def refuse_taken(self, *, replace: bool) -> None:
        if self.path.exists() and not replace:
            raise CannotRestore(
                f"{self.path} is there already. Nothing was changed. Restore to another folder with --into, or stop "
                "the server and add --replace: the present database is then kept beside the restored one."
            )

    def put(self, file: Path, manifest: Manifest, set_aside: Callable[[Path], Path]) -> None:
        check_file(file, manifest.tables, CannotRestore)
        if self.path.exists():
            _close_journal(self.path)
        for ending in ("", *JOURNALS):  # a journal that stayed behind would be read into the restored file
            if (present := self.path.with_name(self.path.name + ending)).exists():
                set_aside(present)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        passing = self.path.with_name(f".{self.path.name}.part")  # beside its place, whatever disk that is on
        with file.open("rb") as source, passing.open("wb") as copied:
            passing.chmod(0o600)
            shutil.copyfileobj(source, copied)
            copied.flush()
            os.fsync(copied.fileno())
        passing.replace(self.path)
        sync_folder(self.path.parent)
        self.check(manifest.tables)

    def check(self, tables: dict[str, rows.Table]) -> None:
        check_file(self.path, tables, CannotRestore)


def check_file(
    path: Path, tables: dict[str, rows.Table], cannot: type[ValueError], progress: Progress = rows.ignore
) -> None:
    """Raise where a database file is torn, or where its rows are not those that were recorded."""
    import sqlite3

    try:
        with _opened(path, "ro") as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            wrong = rows.differences(tables, rows.of_sqlite(connection, progress)) if verdict == "ok" else [verdict]
    except sqlite3.DatabaseError as problem:
        wrong = [str(problem)]
    if wrong:
        raise cannot(
            f"The copy at {path.name} is not what was recorded: {'; '.join(wrong)}. It was not taken into use."
        )


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[Any]:
    """A connection of our own, without the settings of the pages' connections."""
    import sqlite3

    address = f"{path.resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)) as connection:
        yield connection


def _migrations(connection: Any) -> tuple[str, ...]:
    import sqlite3

    try:
        found = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    except sqlite3.OperationalError:
        raise CannotBackUp("The database is empty. Nothing was backed up. Run shoshin setup once.") from None
    return tuple(f"{app}.{name}" for app, name in found)


def _close_journal(path: Path) -> None:
    """Bring what stands in the journal into the database file. Fails while a server has it open."""
    import sqlite3

    try:
        with _opened(path, "rw") as connection:
            connection.execute("PRAGMA busy_timeout=500")
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError:
        raise CannotRestore("The present database is in use. Nothing was changed. Stop the server first.") from None
    except sqlite3.DatabaseError:
        return  # torn, which may be why somebody restores: it is kept as it is
