"""Fixtures every test may use. The database is SQLite unless SHOSHIN_DATABASE names a PostgreSQL."""

import pytest


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
