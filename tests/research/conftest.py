"""A clinic of as many therapists as asked for, and closed courses as a mart would give them."""

import numpy as np
import pytest

from shoshin.kit import clock
from shoshin.kit.action import OPERATOR, action
from shoshin.mart.courses import ClosedCourses
from shoshin.people.models import Clinic, Membership, Person, Role
from tests.cast import NOW, PASSWORD, SAFETY


def key_of(member: Membership) -> str:
    return f"t{member.pk:06}"


@action("tests.join_clinic")
def join(*, clinic: Clinic, count: int, by, at) -> list[Membership]:
    """So many more therapists in a clinic."""
    people = [
        Person.objects.create_user(f"t{i}c{clinic.pk}@example.org", PASSWORD, f"Tara{i:02}") for i in range(count)
    ]
    return [Membership.objects.create(person=one, clinic=clinic, role=Role.THERAPIST, began_at=at) for one in people]


@action("tests.make_clinic")
def make_clinic(*, name: str, count: int, by, at) -> list[Membership]:
    """A clinic whose first therapist owns it."""
    owner = Person.objects.create_user(f"{name.split()[0].lower()}@example.org", PASSWORD, "Olga")
    facts = {"time_zone": "Europe/London", "region": "test", "safety": SAFETY, "made_at": at}
    clinic = Clinic.objects.create(name=name, safety_confirmed_at=at, safety_confirmed_by=owner, **facts)
    members = join(clinic=clinic, count=count, by=by, at=at)
    members[0].is_owner = True
    members[0].save()
    return members


def closed(
    members: list[Membership], each: int | list[int], seed: int = 1, clinic: str = "c1", rho=0.06
) -> ClosedCourses:
    """Closed courses of these therapists, `each` of them, by a measure on which higher is worse."""
    rng = np.random.default_rng(seed)
    counts = [each] * len(members) if isinstance(each, int) else each
    therapist = np.repeat([key_of(member) for member in members], counts)
    n = len(therapist)
    first = np.clip(np.round(rng.normal(15, 5, n)), 4, 27)
    own = np.repeat(rng.normal(0, np.sqrt(rho), len(members)), counts)
    change = 5 * (0.9 + own + 0.3 * (first - 15) / 5 + rng.normal(0, np.sqrt(1 - rho), n))
    left = np.repeat(rng.normal(-1, 0.6, len(members)), counts)
    return ClosedCourses(
        clinic=np.full(n, clinic),
        therapist=therapist,
        client=np.array([f"{clinic}p{i}" for i in range(n)]),
        course=np.array([f"{clinic}k{i}" for i in range(n)]),
        measure=np.full(n, "phq-9"),
        first=first,
        last=np.clip(first - change, 0, 27),
        direction=np.ones(n, np.int8),
        reliable=np.full(n, 6.0),
        cutoff=np.full(n, 10.0),
        appointments=rng.integers(2, 16, n),
        weeks=rng.uniform(2, 30, n),
        planned=rng.random(n) > 1 / (1 + np.exp(-left)),
    )


def together(*parts: ClosedCourses) -> ClosedCourses:
    names = ClosedCourses.__dataclass_fields__
    return ClosedCourses(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


@pytest.fixture
def willow(cast):
    """The cast's clinic with ten more therapists: ada, who owns it, mia, and Tara00 to Tara09."""
    return [cast.ada, cast.mia, *join(clinic=cast.clinic, count=10, by=OPERATOR, at=NOW)]


@pytest.fixture
def clock_at(monkeypatch):
    """The clock stands at the tests' own moment, and goes where a test sets it."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOW)
    return set_to
