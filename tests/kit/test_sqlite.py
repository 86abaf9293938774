"""Writers on SQLite take turns without long pauses, and nobody waits for ever."""

import gc
import threading
import time

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from shoshin.kit.sqlite import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has a queue of its own"),
]
HANG = 30


def another_writer(held: threading.Event, let_go: threading.Event) -> threading.Thread:
    """A second connection that holds the write lock until it may let go."""

    def write() -> None:
        try:
            with transaction.atomic():
                held.set()
                let_go.wait(HANG)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_a_writer_begins_when_the_one_before_is_done():
    held, let_go = threading.Event(), threading.Event()
    first = another_writer(held, let_go)
    assert held.wait(HANG)
    threading.Timer(0.05, let_go.set).start()
    with transaction.atomic():
        assert let_go.is_set()
    first.join(HANG)


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_locked(monkeypatch):
    monkeypatch.setattr(base, "LONGEST_WAIT", 0.05)
    held, let_go = threading.Event(), threading.Event()
    first = another_writer(held, let_go)
    assert held.wait(HANG)
    try:
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
    finally:
        let_go.set()
        first.join(HANG)
    with transaction.atomic():
        assert connection.in_atomic_block


@pytest.mark.parametrize("inside", [False, True], ids=["as it is", "waiting inside SQLite, it would stand still"])
def test_a_writer_that_frees_a_cursor_of_a_waiting_thread_is_not_held_up(inside, monkeypatch):
    """Garbage is freed by whichever thread comes across it, here by the one that holds the write lock."""
    monkeypatch.setattr(base, "LONGEST_WAIT", 0.1 if inside else 20)
    waits, collected, told = threading.Event(), threading.Event(), []

    def wait_for_the_writer() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout={2000 if inside else 0}")
            litter = [connection.connection.execute("SELECT 1 UNION SELECT 2")]  # half read
            litter.append(litter)
            del litter
            waits.set()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM feedback_alert")
        except OperationalError as problem:
            told.append(str(problem))
        finally:
            collected.wait(HANG)  # what is closed while another thread resets its statement takes the process with it
            connection.close()

    second = threading.Thread(target=wait_for_the_writer)
    gc.disable()
    try:
        with transaction.atomic():
            second.start()
            assert waits.wait(HANG)
            time.sleep(0.2)
            gc.collect()
            collected.set()
        second.join(HANG)
    finally:
        gc.enable()
    assert told == (["database is locked"] if inside else [])


def test_a_cursor_half_read_lets_go_of_its_statement_when_its_connection_closes():
    cursor = connection.cursor()
    cursor.execute("SELECT 1 UNION SELECT 2")
    assert cursor.fetchone() == (1,)
    connection.close()
    with pytest.raises(ProgrammingError):
        cursor.fetchone()
    with connection.cursor() as another:
        assert another.execute("SELECT 1").fetchone() == (1,)


def test_a_cursor_of_an_earlier_connection_is_in_nobodys_way():
    kept = connection.cursor()
    kept.execute("SELECT 1 UNION SELECT 2")
    connection.close()
    connection.ensure_connection()
    connection.close()
    with pytest.raises(ProgrammingError):
        kept.fetchone()
