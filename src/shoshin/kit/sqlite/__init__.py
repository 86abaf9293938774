"""Which SQLite carries the data, and with which settings.

SQLite before 3.51.3 can corrupt a write-ahead log when a checkpoint meets a reset; such a library gets the older
rollback journal with full directory syncs. Where `pysqlite3` is installed its newer library takes the place of the
system's, before Django looks.
"""

import sys

FIRST_SAFE_WAL = (3, 51, 3)
FULL, EXTRA = 2, 3  # of synchronous
IN_MEMORY = 2  # of temp_store


def prefer_newer_library() -> None:
    """Let `pysqlite3`, when installed and newer, stand in for the standard library's `sqlite3`."""
    try:
        import pysqlite3
    except ImportError:
        return
    import sqlite3

    if pysqlite3.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def wanted() -> dict[str, str | int]:
    """What every connection is set to, and what is read back before anybody is served: durable first, fast second."""
    import sqlite3

    safe_wal = sqlite3.sqlite_version_info >= FIRST_SAFE_WAL
    return {
        "journal_mode": "wal" if safe_wal else "delete",
        "synchronous": FULL if safe_wal else EXTRA,
        "foreign_keys": 1,
        "busy_timeout": 0,  # waiting is done outside of SQLite: see base.py
        "temp_store": IN_MEMORY,
        "secure_delete": 1,  # what is deleted is written over
        "trusted_schema": 0,  # a schema that somebody brought may not call functions with effects
    }


def pragmas() -> str:
    """The statements each connection begins with."""
    return " ".join(f"PRAGMA {name}={value};" for name, value in wanted().items())
