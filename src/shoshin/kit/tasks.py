"""Work that is promised in a transaction and done after it: a row with a lease.

A task is committed with what it follows from, or not at all. Whoever runs it takes a lease of a minute; a worker that
dies lets the lease run out, and another takes the task up. So a task runs at least once, and its handler must bear
being run again. What fails is tried again, later each time; after eight failures it is tried hourly and shown to the
staff, never dropped. No library we found has the lease, the retry and both databases (decision 15).

    @task("feedback.climb_ladder")
    def climb(payload, at): ...

    promise("feedback.climb_ladder", key="alert 7 step 0", payload={"alert": 7}, due_at=at)   # inside an action

Each web process keeps a thread that runs what is due while no worker has been heard of lately.
"""

import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from shoshin.kit import chain, clock, row_security
from shoshin.kit.models import Beat, Task

LEASE = timedelta(seconds=60)
MOST_FAILURES = 8
MOST_AT_ONCE = 10  # so that the lease of the last one taken up has not run out meanwhile
SLOWEST_RETRY = timedelta(hours=1)
HEARD_LATELY = timedelta(seconds=90)
PAUSE = 5.0  # seconds between two looks of a worker
WORKER = "worker"

Handler = Callable[[dict[str, Any], datetime], Any]
_handlers: dict[str, Handler] = {}
_rounds: dict[str, timedelta] = {}
_log = logging.getLogger("shoshin.tasks")


def task(name: str, *, every: timedelta | None = None) -> Callable[[Handler], Handler]:
    """Name what runs a kind of task. With `every` it also comes round by itself."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        if every is not None:
            _rounds[name] = every
        return handler

    return register


def promise(name: str, *, key: str, payload: dict[str, Any], due_at: datetime) -> None:
    """Commit a task with what it follows from. The same key is promised once."""
    if not connection.in_atomic_block:
        raise RuntimeError("A task is promised inside the transaction that it follows from.")
    row = Task(name=name, key=key, payload=payload, due_at=due_at)
    Task.objects.bulk_create([row], ignore_conflicts=True)


def run_due(at: datetime, *, most: int = MOST_AT_ONCE) -> int:
    """Run what is due now, oldest first. Says how many tasks were taken up."""
    _come_round(at)
    taken = 0
    while taken < most and (found := _lease(at)) is not None:
        _run(found, at)
        taken += 1
    return taken


def _come_round(at: datetime) -> None:
    """One task a round and kind, whoever looks first."""
    for name, every in _rounds.items():
        number = int(at.timestamp() // every.total_seconds())
        key = f"round {number}"
        if not Task.objects.filter(name=name, key=key).exists():
            with transaction.atomic():
                promise(name, key=key, payload={}, due_at=at)
                earlier = Task.objects.filter(name=name, key__startswith="round ", done_at__lt=at - 2 * every)
                earlier.delete()


def _lease(at: datetime) -> Task | None:
    """The next due task nobody holds, held from now on."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    due = Task.objects.filter(free, done_at=None, due_at__lte=at).order_by("due_at", "pk")
    if not due.exists():  # a look that finds nothing does not queue at the write lock of SQLite
        return None
    with transaction.atomic():
        lock = due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        found = next(iter(lock[:1]), None)
        if found is not None:
            found.leased_until = at + LEASE
            found.save(update_fields=["leased_until"])
    return found


def _run(found: Task, at: datetime) -> None:
    try:
        _handler(found.name)(found.payload, at)
    except Exception as problem:
        found.failures += 1
        wait = min(timedelta(seconds=5) * 2**found.failures, SLOWEST_RETRY)
        if found.failures >= MOST_FAILURES:
            wait = SLOWEST_RETRY
        found.due_at, found.leased_until, found.last_problem = at + wait, None, type(problem).__name__
        found.save(update_fields=["failures", "due_at", "leased_until", "last_problem"])
        _log.error("Task %s failed for the %s. time: %s", found.name, found.failures, type(problem).__name__)
    else:
        Task.objects.filter(pk=found.pk).update(done_at=at, leased_until=None)


def _handler(name: str) -> Handler:
    if name not in _handlers:
        discover()
    return _handlers[name]


def discover() -> None:
    """Learn what each app can do: its module `tasks`."""
    autodiscover_modules("tasks")


def stuck() -> int:
    """How many tasks have failed so often that somebody should look."""
    return Task.objects.filter(done_at=None, failures__gte=MOST_FAILURES).count()


def beat(at: datetime, name: str = WORKER) -> None:
    """Say that a worker is alive."""
    Beat.objects.update_or_create(name=name, defaults={"at": at})


def is_alive(at: datetime, name: str = WORKER) -> bool:
    """Whether a worker has been heard of lately."""
    return Beat.objects.filter(name=name, at__gt=at - HEARD_LATELY).exists()


def _work_once(stand_in: bool) -> None:
    at = clock.now()
    if not stand_in:
        beat(at)
    elif is_alive(at):
        return
    while run_due(clock.now()) == MOST_AT_ONCE:
        pass


def work(stop: threading.Event, *, stand_in: bool = False) -> None:
    """Run what is due until told to stop. A stand-in works only while no worker has been heard of."""
    discover()
    while not stop.is_set():
        try:
            with row_security.acting_for(row_security.EVERY):
                _work_once(stand_in)
        except Exception as problem:  # a database that is away comes back; the worker goes on
            _log.error("The worker could not look for tasks: %s", type(problem).__name__)
        close_old_connections()
        stop.wait(PAUSE)


@task("kit.anchor_trail", every=timedelta(minutes=15))
def anchor_trail(payload: dict[str, Any], at: datetime) -> None:
    """Keep the end of the audit trail outside the database."""
    chain.anchor(chain.anchors_file(), at)


_standing_in: dict[int, threading.Thread] = {}


def stand_in() -> None:
    """Let this web process run tasks whenever no worker does: one thread a process, begun once."""
    if os.getpid() not in _standing_in:
        thread = threading.Thread(target=work, args=(threading.Event(),), kwargs={"stand_in": True}, daemon=True)
        _standing_in[os.getpid()] = thread
        thread.start()
