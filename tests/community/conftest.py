"""Willow House with three therapists, a lead and an operator; ada has tried something."""

from dataclasses import dataclass

import pytest

from shoshin.people.models import Membership, Role
from shoshin.practice.actions import install_pack
from tests.cast import NOW
from tests.community.steps import colleague, tried
from tests.feedback.conftest import moment
from tests.practice.packs import small_pack

__all__ = ["moment"]


@dataclass
class People:
    ada: Membership
    mia: Membership
    kim: Membership
    lea: Membership
    opal: Membership
    eve: Membership


@pytest.fixture
def people(cast):
    kim, lea, opal = (
        colleague(name, cast.clinic, role)
        for name, role in (("kim", Role.THERAPIST), ("lea", Role.LEAD), ("opal", Role.OPERATOR))
    )
    return People(cast.ada, cast.mia, kim, lea, opal, cast.eve)


@pytest.fixture
def aloud(cast):
    pack = install_pack(pack=small_pack(), clinic=cast.clinic, by=cast.ada, at=NOW)
    return pack.exercises.get(slug="aloud")


@pytest.fixture
def within(aloud):
    return aloud.pack.exercises.get(slug="within")


@pytest.fixture
def attempt(people, aloud):
    return tried(aloud, people.ada)
