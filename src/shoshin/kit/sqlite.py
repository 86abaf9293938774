"""Which SQLite carries the data, and with which settings.

SQLite before 3.51.3 can corrupt a write-ahead log when a checkpoint meets a reset; such a library gets the older
rollback journal with full directory syncs. Where `pysqlite3` is installed its newer library takes the place of the
system's, before Django looks.
"""

import sys

FIRST_SAFE_WAL = (3, 51, 3)


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


def pragmas() -> str:
    """The statements each connection begins with: durable first, fast second."""
    import sqlite3

    safe_wal = sqlite3.sqlite_version_info >= FIRST_SAFE_WAL
    journal = (
        "journal_mode=WAL; PRAGMA synchronous=FULL" if safe_wal else "journal_mode=DELETE; PRAGMA synchronous=EXTRA"
    )
    return f"PRAGMA {journal}; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000; PRAGMA temp_store=MEMORY;"
