"""The database a backup is taken from or brought back to: a file of SQLite, or a database of PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shoshin.kit.backup.manifest import Manifest
from shoshin.kit.backup.rows import Progress, Table


@dataclass(frozen=True)
class Snapshot:
    """A copy of a database with what stood in the original at the same moment."""

    library: str
    migrations: tuple[str, ...]
    tables: dict[str, Table]


class Store(Protocol):
    """What taking, restoring and trying out need of a database."""

    @property
    def engine(self) -> str:
        """sqlite or postgresql."""

    def copy(self, to: Path, progress: Progress) -> Snapshot:
        """Copy everything into one file, and read the rows' hashes in the same snapshot."""

    def refuse_taken(self, *, replace: bool) -> None:
        """Raise CannotRestore where something would be written over."""

    def put(self, file: Path, manifest: Manifest, set_aside: Callable[[Path], Path]) -> None:
        """Bring the copy in, compared with the manifest before and after."""

    def check(self, tables: dict[str, Table]) -> None:
        """Raise CannotRestore where the rows are not those that were recorded."""


def store_of_settings() -> Store:
    """The database this installation is set to; on PostgreSQL by the role that owns the tables, where one is named."""
    from django.conf import settings

    database = settings.DATABASES.get("owner", settings.DATABASES["default"])
    if "sqlite" in database["ENGINE"]:
        return sqlite_store(Path(database["NAME"]))
    from shoshin.kit.backup.postgres import PostgresStore

    return PostgresStore(database)


def store_named(into: str) -> Store:
    """The database somebody names: an address of PostgreSQL, or a home folder for SQLite."""
    if into.startswith(("postgres://", "postgresql://")):
        import environ

        from shoshin.kit.backup.postgres import PostgresStore

        return PostgresStore(environ.Env.db_url_config(into))
    return sqlite_store(Path(into) / "shoshin.sqlite3")


def sqlite_store(path: Path) -> Store:
    from shoshin.kit.backup.sqlite import SqliteStore

    return SqliteStore(path)
