"""PostgreSQL itself falls: crashes and comes back, throws its clients out, stands still for ten seconds."""

import itertools
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from tests.chaos.loop import run

pytestmark = [pytest.mark.chaos, pytest.mark.postgres, pytest.mark.timeout(3600)]
FORMS, BLOWS, STANDSTILLS = 1000, 50, 2


@pytest.fixture
def cluster():
    """The folder of the private server that `tests/postgres.sh` started."""
    folder = os.environ.get("SHOSHIN_TEST_CLUSTER")
    if not folder:
        # Right: a server that the tests have not started is somebody's, and is never crashed. `make chaos` starts one.
        pytest.skip("this needs a PostgreSQL of its own: tests/postgres.sh pytest -m chaos tests/chaos")
    return Path(folder)


def first_process(cluster: Path) -> int:
    return int((cluster / "postmaster.pid").read_text().splitlines()[0])


def crash_and_come_back(cluster: Path) -> None:
    """As a power cut to the database alone: no goodbye, and it recovers from its log."""
    program = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*owner, str(program), "-D", str(cluster), "-m", "immediate", "-w", "-t", "60", "restart"]
    subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def throw_everybody_out(clinic) -> None:
    with psycopg.connect(clinic.database, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def stand_still(cluster: Path, seconds: float) -> None:
    """Every process of the server stops breathing, and goes on."""
    first = first_process(cluster)
    children = subprocess.run(["pgrep", "-P", str(first)], stdout=subprocess.PIPE, check=False).stdout.split()
    everyone = [first, *map(int, children)]
    for what, pause in ((signal.SIGSTOP, seconds), (signal.SIGCONT, 0)):
        for pid in everyone:
            try:
                os.kill(pid, what)
            except ProcessLookupError:
                continue
        time.sleep(pause)


def test_1000_forms_while_postgresql_falls_50_times_lose_and_double_nothing(broken_clinic, cluster, say):
    clinic, dice, fallen = broken_clinic(FORMS), random.Random(3), itertools.count(1)

    def fall(clinic) -> None:
        place = next(fallen)
        if place % (BLOWS // STANDSTILLS) == 0:
            stand_still(cluster, 10)
        elif dice.random() < 0.5:
            throw_everybody_out(clinic)
        else:
            crash_and_come_back(cluster)

    told = run(clinic, BLOWS, blow=fall)
    say(f"PostgreSQL fell: {told}")
    assert told.wrong == []
    assert told.blows >= BLOWS
    assert told.crowd.retries > 0, "no request met a fall, so nothing was proved"
