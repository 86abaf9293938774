"""What the tests of care share: the door each page stands behind."""

import pytest

from shoshin.kit.policy import Hat
from tests.doors import come_in


@pytest.fixture
def hat():
    """The hat under which a member sees their own clients."""
    return lambda member: Hat(member=member, relations=("own",))


@pytest.fixture
def refuses_strangers(client, cast):
    """An address answers 404 to another clinic's therapist, and to a colleague without a relation."""

    def check(address: str, method: str = "get") -> None:
        for stranger in (cast.eve, cast.mia):
            come_in(client, stranger.person)
            assert getattr(client, method)(address).status_code == 404, (stranger, address)
        client.logout()

    return check
