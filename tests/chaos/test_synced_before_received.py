"""A form is answered only after its commit was synced to disk: seen in the calls the server makes."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.durable import events, judged
from tests.chaos.oracle import problems, rows_of
from tests.chaos.phones import Crowd, made_up

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]
FORMS = 30
HURRIED = "tests.chaos.hurried:application"
TRACED = "trace=fsync,fdatasync,read,recvfrom,readv,recvmsg,write,sendto,writev,sendmsg"
STRACE = ("strace", "-f", "-ttt", "-y", "-s", "40", "-e", TRACED, "-o")


@pytest.fixture
def strace():
    if sys.platform != "linux":
        pytest.skip("strace is of Linux only, and so is this way of seeing what is synced")
    assert shutil.which("strace"), "On Linux this is always looked at. On Debian and Ubuntu: apt-get install strace"
    return STRACE


def send_one_after_another(clinic) -> list:
    dice = random.Random(2)
    forms = [made_up(pk, token, dice) for pk, token in clinic.forms]
    crowd = Crowd(clinic.port, forms, lambda: len(forms), clients=1)
    clinic.wait_until_up()
    crowd.begin()
    while not crowd.all_received:
        crowd.check_hope()
        time.sleep(0.05)
    crowd.end()
    return forms


def traced(clinic, strace, application="") -> list[str]:
    trace = clinic.home / "trace"
    clinic.start(application, before=(*strace, str(trace)))
    forms = send_one_after_another(clinic)
    clinic.kill()
    assert problems(rows_of(clinic.home, clinic.database), forms) == []
    return trace.read_text(errors="replace").splitlines()


@pytest.fixture
def on_sqlite(broken_clinic):
    """SQLite's tests run in the first half of `make chaos`, PostgreSQL's in the second, so neither goes unseen."""
    clinic = broken_clinic(FORMS)
    if clinic.database:
        pytest.skip("this is about SQLite; PostgreSQL has its own below")
    return clinic


def test_sqlite_is_synced_before_each_answer(on_sqlite, strace, say):
    clinic = on_sqlite
    told = judged(events(traced(clinic, strace)))
    say(f"SQLite as shipped: {told}")
    assert told.answered >= FORMS
    assert told.unsynced == 0


def test_the_rig_sees_an_sqlite_that_does_not_sync(on_sqlite, strace, say):
    clinic = on_sqlite
    clinic.more = {"DJANGO_SETTINGS_MODULE": "tests.chaos.hurried_settings"}
    told = judged(events(traced(clinic, strace, HURRIED)))
    say(f"SQLite with synchronous=NORMAL: {told}")
    assert told.answered >= FORMS
    assert told.unsynced > 0


@pytest.mark.parametrize("hurried", [False, True], ids=["as shipped", "synchronous_commit off"])
def test_postgresql_is_synced_before_each_answer(broken_clinic, strace, say, hurried):
    """The rows are synced by the server's own processes, so those are traced as well."""
    clinic = broken_clinic(FORMS)
    if not clinic.database:
        pytest.skip("this is about PostgreSQL, in the second half of `make chaos`")
    if hurried:
        clinic.database += "?options=-c%20synchronous_commit%3Doff"
    rows = clinic.home / "rows_trace"
    watch = subprocess.Popen([*strace, str(rows), *(f"-p{pid}" for pid in postgres_processes())])
    try:
        lines = traced(clinic, strace, HURRIED if hurried else "")
    finally:
        watch.terminate()
        watch.wait(20)
    told = judged(events([*lines, *rows.read_text(errors="replace").splitlines()]))
    say(f"PostgreSQL, synchronous_commit {'off' if hurried else 'on'}: {told}")
    assert told.answered >= FORMS
    assert (told.unsynced > 0) is hurried


def postgres_processes() -> list[int]:
    """The server of the tests with the processes it has; new ones are followed."""
    folder = os.environ["SHOSHIN_TEST_CLUSTER"]
    first = int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])
    children = subprocess.run(["pgrep", "-P", str(first)], stdout=subprocess.PIPE, check=False).stdout.split()
    return [first, *map(int, children)]
