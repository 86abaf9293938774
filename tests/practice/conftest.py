import pytest

from shoshin.practice.actions import install_pack
from tests.cast import NOW
from tests.practice.packs import small_pack
from tests.practice.reels import PLAIN, recorded
from tests.practice.tries import begin, met


@pytest.fixture
def pack(cast):
    return install_pack(pack=small_pack(), clinic=cast.clinic, by=cast.ada, at=NOW)


@pytest.fixture
def aloud(pack):
    return pack.exercises.get(slug="aloud")


@pytest.fixture
def within(pack):
    return pack.exercises.get(slug="within")


@pytest.fixture
def ada(as_member, cast):
    return as_member(cast.ada)


@pytest.fixture
def round(aloud, cast):
    return begin(aloud, cast.ada)


@pytest.fixture
def kept(round, home):
    """A recording of ada's that can be played."""
    return recorded(met(round), plain=PLAIN)
