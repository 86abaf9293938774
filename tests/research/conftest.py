"""A clinic whose clients have had their say and the mart built of it; and closed courses as a mart would give them."""

from datetime import date, timedelta

import numpy as np
import pytest

from shoshin.care.actions import record_choices
from shoshin.care.models import Client, Course
from shoshin.care.models.courses import Ending
from shoshin.feedback.actions import end_course
from shoshin.feedback.models.responses import ImportBatch, TimeKind
from shoshin.kit import clock
from shoshin.kit.action import OPERATOR, action
from shoshin.mart.courses import ClosedCourses
from shoshin.measures.models import MeasureVersion
from shoshin.people.models import Clinic, Membership, Person, Role
from shoshin.research.actions import build_mart, gather_mart
from tests.cast import NOW, PASSWORD, SAFETY


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.MART_KEY = tmp_path / "home", ""
    settings.HOME.mkdir()
    return settings.HOME


def says(client, yes, at=NOW):
    record_choices(client=client, choices={"figures": yes}, by=client.therapist, at=at)


def built(folder, at=NOW):
    mart, facts = gather_mart(folder, at)
    build_mart(mart=mart, by=OPERATOR, at=at)
    return facts


def ended(course, how=Ending.PLANNED):
    return end_course(
        course=course,
        how={"ended_on": NOW.date(), "ending": how, "decided_by": "together", "grounds": [], "ground_words": ""},
        by=course.therapist,
        at=NOW,
    )


@action("tests.add_clients")
def add_clients(*, cast, count, by, at, care_only=False):
    """More clients of Ada's, each with an open course."""
    made = []
    for number in range(count):
        client = Client.objects.create(
            clinic=cast.clinic, therapist=cast.ada, code=f"extra {care_only} {number}", added_at=at, care_only=care_only
        )
        Course.objects.create(
            clinic=cast.clinic, client=client, therapist=cast.ada, opened_on=date(2026, 9, 1) + timedelta(days=number)
        )
        made.append(client)
    return made


@action("tests.change")
def change(*, row, values, by, at):
    """Change a row as no page would."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@action("tests.own_copy")
def own_copy(*, version, cast, by, at):
    """A measure of the clinic's own, like this one but for its name."""
    facts = version.facts | {"id": "our-own-form"}
    return MeasureVersion.objects.create(
        measure_id="our-own-form",
        version="1",
        facts=facts,
        sha256="0" * 64,
        clinic=cast.clinic,
        created_at=at,
        created_by=by,
    )


@action("tests.batch_without_days")
def batch_without_days(*, member, by, at):
    """A file of history that told time by numbers of appointments."""
    return ImportBatch.objects.create(
        clinic=member.clinic,
        therapist=member,
        file_name="old.csv",
        digest="0" * 64,
        rows_added=3,
        time_kind=TimeKind.APPOINTMENT,
        dates_known=False,
        imported_at=at,
        imported_by="ada",
    )


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
