"""What stands in a database, as one number for each table: the hash of its rows in order.

Two copies of a database may differ in every byte of their files and still hold the same rows. Rows are what counts.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Progress = Callable[[float], None]
STEADY = "SET LOCAL TimeZone='UTC'; SET LOCAL DateStyle='ISO'; SET LOCAL IntervalStyle='postgres'; "
STEADY += "SET LOCAL extra_float_digits=1; SET LOCAL bytea_output='hex'"
TABLES_OF_POSTGRES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
    ORDER BY c.relname
"""


@dataclass(frozen=True)
class Table:
    """One table of a snapshot."""

    rows: int
    sha256: str


def ignore(_share: float) -> None:
    """Nobody is watching how far it has come."""


def hash_rows(lines: Iterable[bytes]) -> Table:
    """Count and hash rows in the order they come, each closed by its length."""
    digest, count = hashlib.sha256(), 0
    for count, line in enumerate(lines, start=1):  # noqa: B007  the last count is the answer
        digest.update(line + b"\n%d\n" % len(line))
    return Table(count, digest.hexdigest())


def of_sqlite(connection: Any, progress: Progress = ignore) -> dict[str, Table]:
    """Every table of an SQLite database, ordered by its key, because a copy may number its rows anew."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    listed = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name"
    )
    names = [name for (name,) in listed]
    found = {}
    for done, name in enumerate(names, start=1):
        columns = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        key = [column for column in columns if column[5]] or columns
        order = ", ".join(_quoted(column[1]) for column in sorted(key, key=lambda column: column[5]))
        rows = connection.execute(f"SELECT * FROM {_quoted(name)} ORDER BY {order}")  # noqa: S608  names, quoted
        found[name] = hash_rows(repr(tuple(row)).encode() for row in rows)
        progress(done / len(names))
    return found


def of_postgres(connection: Any, progress: Progress = ignore) -> dict[str, Table]:
    """Every table of a PostgreSQL database, inside the transaction that is open on this connection."""
    from psycopg import sql

    connection.execute(STEADY)
    names = [name for (name,) in connection.execute(TABLES_OF_POSTGRES)]
    found = {}
    for done, name in enumerate(names, start=1):
        query = sql.SQL('SELECT t::text AS line FROM {} AS t ORDER BY t::text COLLATE "C"').format(sql.Identifier(name))
        with connection.cursor(name="rows") as cursor:
            cursor.execute(query)
            found[name] = hash_rows(line.encode() for (line,) in cursor)
        progress(done / len(names))
    return found


def differences(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """The names of tables that are not as they were, each with how."""
    wrong = []
    for name in sorted(expected.keys() | found.keys()):
        before, after = expected.get(name), found.get(name)
        if before is None or after is None:
            wrong.append(f"{name} is {'not expected' if before is None else 'missing'}")
        elif before.rows != after.rows:
            wrong.append(f"{name} has {after.rows:,} rows instead of {before.rows:,}")
        elif before != after:
            wrong.append(f"{name} has other rows")
    return wrong


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
