"""Copies of a database that is just migrated: for tests with a server of their own, since migrating takes long."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

FRESH = f"fresh_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def keep_fresh() -> bool:
    """Put this worker's database aside, while nothing stands in it and no wall is raised. Says whether it has one.

    It has none where no test that was chosen touches the database in this process.
    """
    name = str(connection.settings_dict["NAME"])
    connection.close()
    drop_fresh()  # one that an interrupted run left may be of other tables
    if not Path(name).name.startswith("test"):
        return False
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(_file())) as copy:
            source.backup(copy)
    else:
        with _server() as server:
            server.execute(f'create database "{FRESH}" template "{name}"')
    return True


def fresh_file(home: Path) -> None:
    """A home on SQLite finds its database migrated."""
    if _file().exists():
        shutil.copy(_file(), home / "shoshin.sqlite3")


def template() -> str:
    """What a new database of PostgreSQL is copied from."""
    with _server() as server:
        known = server.execute("select 1 from pg_database where datname = %s", [FRESH]).fetchone()
    return FRESH if known else "template1"


def drop_fresh() -> None:
    """Nobody copies an old one."""
    if connection.vendor == "sqlite":
        _file().unlink(missing_ok=True)
    else:
        with _server() as server:
            server.execute(f'drop database if exists "{FRESH}"')


def _file() -> Path:
    return Path(settings.HOME) / f"{FRESH}.sqlite3"


def _server():
    import psycopg

    return psycopg.connect(os.environ["SHOSHIN_DATABASE"], autocommit=True)
