"""Django's own SQLite backend, with one difference: who has to wait for another writer waits here, not inside SQLite.

SQLite's busy handler sleeps with the connection's mutex held. When Python's garbage collector meanwhile frees a cursor
of that connection in the thread that holds the write lock, that thread waits for the mutex with the interpreter's lock
held, and the whole process stands still until the busy timeout ends (decision 18). So the busy timeout is nought, and
a statement that finds the file locked is asked again every millisecond. The lock and its guarantees are SQLite's own.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction

LONGEST_WAIT = 20.0  # seconds
LOOK_AGAIN = 0.001


def patiently(ask: Callable[..., Any], *args: Any) -> Any:
    """What SQLite answers once the file is free; OperationalError where another writer keeps it for too long."""
    until = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return ask(*args)
        except sqlite3.OperationalError as problem:
            if str(problem) != "database is locked" or time.monotonic() >= until:
                raise
        time.sleep(LOOK_AGAIN)


class PatientCursor(base.SQLiteCursorWrapper):
    """A cursor that waits its turn. One that failed lets go of its statement at once, in the thread it belongs to."""

    def execute(self, query: str, params: Any = None) -> Any:
        """Django's own, asked again while the file is locked."""
        return self._ask(super().execute, query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Django's own, asked again while the file is locked."""
        return self._ask(super().executemany, query, list(param_list))

    def _ask(self, ask: Callable[..., Any], *args: Any) -> Any:
        try:
            return patiently(ask, *args)
        except sqlite3.Error:
            self.close()
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose statements begin as soon as the writer before them is done, and whose cursors end with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: WeakSet[PatientCursor] = WeakSet()

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that waits its turn."""
        cursor = self.connection.cursor(factory=PatientCursor)
        self._cursors.add(cursor)
        return cursor

    def _close(self) -> None:
        cursors, self._cursors = list(self._cursors), WeakSet()
        for cursor in cursors:  # the collector, in any thread, finds no statement left to reset
            cursor.close()
        super()._close()  # type: ignore[misc]

    def _commit(self) -> None:
        if self.connection is not None:
            with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
                patiently(self.connection.commit)
