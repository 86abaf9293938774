"""Fixtures every test may use. The database is SQLite unless SHOSHIN_DATABASE names a PostgreSQL."""

import sys

import pytest


def pytest_configure(config):
    """Tests sign in hundreds of times; how slow a hash is, is argon2's own matter."""
    if config.pluginmanager.hasplugin("django"):
        from django.conf import settings

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_runtest_teardown():
    """A page asked for in German leaves its language in the thread; the next test begins in English."""
    if "django.utils.translation" in sys.modules:
        sys.modules["django.utils.translation"].deactivate()


@pytest.fixture
def cast(db):
    from tests.cast import cast_at

    return cast_at()


@pytest.fixture
def as_member(client):
    """A browser in which this member has signed in."""

    def sign_in(member):
        client.force_login(member.person)
        return client

    return sign_in


@pytest.fixture
def measures_loaded(db):
    """The measures that come with Shoshin, as facts. Wording of others is never in the repository."""
    from shoshin.kit.action import OPERATOR
    from shoshin.measures.actions import load_measures
    from tests.cast import NOW

    return load_measures(by=OPERATOR, at=NOW)
