"""Tasks: promised with what they follow from, run at least once, never dropped."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from shoshin.kit import row_security, tasks
from shoshin.kit.models import Task
from tests.cast import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ran(monkeypatch):
    """What the tasks of these tests did; one of them fails as often as it is told to."""
    done, failing = [], []

    def handler(payload, at):
        if failing:
            raise OSError(failing.pop())
        done.append((payload["n"], at))

    monkeypatch.setattr(tasks, "_handlers", {"tests.do": handler})
    monkeypatch.setattr(tasks, "_rounds", {})
    done_and_failing = type("Ran", (list,), {"failing": failing})
    watched = done_and_failing()
    monkeypatch.setitem(
        tasks._handlers, "tests.do", lambda payload, at: (handler(payload, at), watched.append(done[-1]))
    )
    return watched


def promise(n=1, at=NOW):
    with transaction.atomic():
        tasks.promise("tests.do", key=f"task {n}", payload={"n": n}, due_at=at)


@pytest.mark.django_db
def test_what_is_due_runs_once_in_order_and_what_is_not_waits(ran):
    promise(2, NOW + MINUTE)
    promise(1)
    promise(3, NOW + 10 * MINUTE)
    assert tasks.run_due(NOW + MINUTE) == 2
    assert [n for n, _ in ran] == [1, 2]
    assert tasks.run_due(NOW + MINUTE) == 0


@pytest.mark.django_db
def test_the_same_key_is_promised_once(ran):
    promise()
    promise()
    assert Task.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_promise_goes_with_its_transaction_and_needs_one(ran):
    with pytest.raises(ValueError), transaction.atomic():
        tasks.promise("tests.do", key="k", payload={"n": 1}, due_at=NOW)
        raise ValueError("the rest failed")
    assert not Task.objects.exists()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        tasks.promise("tests.do", key="k", payload={"n": 1}, due_at=NOW)


@pytest.mark.django_db
def test_the_task_of_a_worker_that_died_is_taken_up_when_its_lease_has_run_out(ran):
    promise()
    assert tasks._lease(NOW) is not None  # and then the worker is killed
    assert tasks.run_due(NOW + timedelta(seconds=59)) == 0
    assert tasks.run_due(NOW + timedelta(seconds=61)) == 1
    assert [n for n, _ in ran] == [1]


@pytest.mark.django_db
def test_what_fails_is_tried_later_and_later_then_hourly_and_is_shown_never_dropped(ran):
    promise()
    ran.failing.extend(["no"] * 12)
    at, waits = NOW, []
    while not ran:
        assert tasks.run_due(at) == 1
        due = Task.objects.get().due_at
        waits.append(due - at)
        at = max(due, at)
        if len(waits) == tasks.MOST_FAILURES:
            assert tasks.stuck() == 1
    assert waits[:12] == sorted(waits[:12])
    assert waits[11] == tasks.SLOWEST_RETRY
    assert tasks.stuck() == 0
    assert Task.objects.get().last_problem == "OSError"


@pytest.mark.django_db
def test_a_round_comes_by_itself_once_whoever_looks(ran, monkeypatch):
    rounds = []
    monkeypatch.setitem(tasks._handlers, "tests.round", lambda payload, at: rounds.append(at))
    monkeypatch.setattr(tasks, "_rounds", {"tests.round": 5 * MINUTE})
    for minutes in range(30):
        tasks.run_due(NOW + minutes * MINUTE)
        tasks.run_due(NOW + minutes * MINUTE)
    assert len(rounds) == 6
    assert Task.objects.count() <= 4


@pytest.mark.django_db
def test_a_stand_in_rests_while_a_worker_is_heard_of_and_works_when_it_is_silent():
    assert not tasks.is_alive(NOW)
    tasks.beat(NOW)
    assert tasks.is_alive(NOW + MINUTE)
    assert not tasks.is_alive(NOW + 2 * MINUTE)


def in_a_thread(work) -> tuple[threading.Thread, list]:
    """A second worker with a connection of its own; what it did comes back in the list."""
    done: list = []

    def run():
        try:
            with row_security.acting_for(row_security.EVERY):
                done.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, done


@pytest.mark.django_db(transaction=True)
def test_a_worker_in_the_middle_of_a_task_makes_no_other_worker_wait(ran, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    monkeypatch.setitem(tasks._handlers, "tests.slow", lambda payload, at: (begun.set(), go_on.wait(30)))
    with transaction.atomic():
        tasks.promise("tests.slow", key="slow", payload={}, due_at=NOW - MINUTE)
    promise()
    first, _done = in_a_thread(lambda: tasks.run_due(NOW, most=1))
    assert begun.wait(30)
    second, taken = in_a_thread(lambda: tasks.run_due(NOW))
    second.join(20)
    assert taken == [1] and [n for n, _ in ran] == [1], "the next one is done while the first is under way"
    go_on.set()
    first.join(30)


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_at_once_each_task_is_taken_by_one(ran):
    for number in range(12):
        promise(number)
    workers = [in_a_thread(lambda: tasks.run_due(NOW, most=12)) for _ in range(4)]
    for thread, _done in workers:
        thread.join(60)
    assert sum(done[0] for _thread, done in workers) == 12
    assert sorted(n for n, _ in ran) == list(range(12))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the file for one short write, never a row")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("skips", [True, False], ids=["as it is", "without skipping, it would wait"])
def test_a_task_that_another_worker_is_just_taking_is_stepped_over(ran, monkeypatch, skips):
    promise(1)
    promise(2, NOW + MINUTE)

    def next_one():
        if not skips:
            monkeypatch.setattr(connection.features, "has_select_for_update_skip_locked", False)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        try:
            found = tasks._lease(NOW + MINUTE)
        except OperationalError:
            return "waited"
        return found and found.payload["n"]

    with transaction.atomic():
        assert Task.objects.select_for_update().filter(payload__n=1).first() is not None
        thread, done = in_a_thread(next_one)
        thread.join(30)
    assert done == ([2] if skips else ["waited"])
