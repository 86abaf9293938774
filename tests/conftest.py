"""Fixtures every test may use. The database is SQLite unless SHOSHIN_DATABASE names a PostgreSQL."""

import gc
import os
import sys
from pathlib import Path

import pytest

DATABASE = {"db", "transactional_db", "live_server"}
SERVERS = {
    "chaos",
    "cli",
    "hostile",
    "journeys",
    "kit",
}  # folders whose tests start servers or read settings of their own


def pytest_configure(config):
    """Tests sign in hundreds of times; how slow a hash is, is argon2's own matter."""
    if config.pluginmanager.hasplugin("django"):
        from django.conf import settings

        from shoshin.kit import row_security

        row_security.act_as_operator()
        settings.HOME = home_of_its_own(settings.HOME)
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def home_of_its_own(shared: Path) -> Path:
    """Each worker keeps its files apart, as it does its database; the wording that was fetched is everybody's."""
    home = shared / "tests" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (home / "wording").is_symlink():
        (home / "wording").symlink_to(shared / "wording", target_is_directory=True)
    return home


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL what touches no database is not run a second time. The longest begin, so that no core waits.

    Nor is the rest of a loop of thousands of requests, of which a part is run there: `make chaos` does that.

    What commits comes after what is taken back, as pytest-django has it: a late thread of the former would be met.
    """
    if os.environ.get("SHOSHIN_DATABASE", "").startswith("postgres"):
        asked = "rest" in config.option.markexpr
        again = [item for item in items if touches_database(item) and (asked or not item.get_closest_marker("rest"))]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
        items[:] = again
    items.sort(key=lambda item: (commits(item), longest_first(item)))


def pytest_collection_finish():
    """What is loaded by now stays to the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def commits(item) -> bool:
    mark = item.get_closest_marker("django_db")
    return bool({"transactional_db", "live_server"} & set(item.fixturenames)) or bool(
        mark and mark.kwargs.get("transaction")
    )


def longest_first(item) -> float:
    limit = item.get_closest_marker("timeout")
    return -limit.args[0] if limit else 0


def touches_database(item) -> bool:
    if item.get_closest_marker("once"):
        return False
    folder = Path(item.path).relative_to(Path(__file__).parent).parts[0]
    return (
        folder in SERVERS or bool(DATABASE & set(item.fixturenames)) or item.get_closest_marker("django_db") is not None
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """On PostgreSQL every test runs behind the walls: it prepares as the operator does, its requests as they are."""
    from shoshin.kit import row_security, tasks
    from tests import copies

    tasks.discover()  # once and for all: what a test's own table of handlers hears first would be lost with it
    with django_db_blocker.unblock():
        if copies.keep_fresh():
            row_security.raise_walls()
    yield
    with django_db_blocker.unblock():
        copies.drop_fresh()
        send_away_who_stayed()


def send_away_who_stayed():
    """A thread of a test server that still holds a connection would keep PostgreSQL from removing the database."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
            )


def pytest_runtest_teardown():
    """A page asked for in German leaves its language in the thread; the next test begins in English."""
    if "django.utils.translation" in sys.modules:
        sys.modules["django.utils.translation"].deactivate()


@pytest.fixture
def home(settings, tmp_path, monkeypatch):
    """An empty place for recordings and their keys, and the clock of the tests."""
    from tests.cast import NOW

    settings.HOME = tmp_path
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    return tmp_path


@pytest.fixture
def bare_frame(monkeypatch):
    """For loops of thousands of pages: no lines above them are counted, and nothing is kept of what was drawn."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_given, **_named: None)
    monkeypatch.setattr("shoshin.feedback.queries.banner._lines", lambda _request: [])


@pytest.fixture
def bare_refusals(bare_frame, monkeypatch):
    """The same where it is only asked who is let in: what is not there is answered without a page."""
    from django.http import HttpResponseNotFound

    monkeypatch.setattr("shoshin.urls.handler404", lambda _request, exception: HttpResponseNotFound(), raising=False)


@pytest.fixture
def cast(db):
    from tests.cast import cast_at

    return cast_at()


@pytest.fixture
def long_sessions(monkeypatch):
    """Tests move the clock by days between two clicks; sessions that end meanwhile are people/test_sessions.py's."""
    from shoshin.people.views import sessions

    for limit in ("IDLE", "LONGEST"):
        monkeypatch.setattr(sessions, limit, 10**9)


@pytest.fixture
def as_member(client, long_sessions):
    """A browser in which this member has signed in, with a second factor."""
    from tests.doors import come_in

    return lambda member: come_in(client, member.person)


@pytest.fixture(scope="session")
def measures_read():
    """What stands in the measure files, read once a process: that they are read right is tests/measures' matter."""
    from shoshin.measures.actions.measures import _read_all

    return _read_all()


@pytest.fixture
def measures_loaded(db, measures_read):
    """The measures that come with Shoshin, as facts. Wording of others is never in the repository."""
    from shoshin.kit.action import OPERATOR
    from shoshin.measures.actions import load_measures
    from tests.cast import NOW

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr("shoshin.measures.actions.measures._read_all", lambda: measures_read)
        return load_measures(by=OPERATOR, at=NOW)
