"""The people of the tests, with what they are to each other. Dates are fixed.

ada is a therapist who owns her clinic; ben is her client, in a course since September; mia is a second therapist of the
same clinic, with her own client noa; eve is a therapist of another clinic: a stranger.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shoshin.care.actions import set_reading_hours
from shoshin.care.models import Appointment, Client, Course
from shoshin.care.models.appointments import AppointmentState
from shoshin.kit.action import OPERATOR, action
from shoshin.people.models import Clinic, Membership, Person, Role

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
PASSWORD = "a long quiet evening"
SAFETY = {
    "region": "test",
    "emergency": "112",
    "numbers": [{"name": "Night line", "number": "0800 000 000", "hours": "day and night"}],
    "source": "made up for the tests",
    "checked_on": "2026-09-01",
}


@dataclass
class Cast:
    clinic: Clinic
    ada: Membership
    mia: Membership
    eve: Membership
    ben: Client
    noa: Client
    course: Course
    ben_today: Appointment


@action("tests.gather_cast")
def gather_cast(*, by, at) -> Cast:
    """Make everybody, in one transaction."""
    ada, mia, eve = (
        Person.objects.create_user(f"{name}@example.org", PASSWORD, name.title()) for name in ("ada", "mia", "eve")
    )
    clinic, other = (
        Clinic.objects.create(
            name=name,
            time_zone="Europe/London",
            region="test",
            safety=SAFETY,
            safety_confirmed_at=at,
            safety_confirmed_by=owner,
            made_at=at,
        )
        for name, owner in (("Willow House", ada), ("Elsewhere", eve))
    )
    ada, mia, eve = (
        Membership.objects.create(person=person, clinic=place, role=Role.THERAPIST, is_owner=owner, began_at=at)
        for person, place, owner in ((ada, clinic, True), (mia, clinic, False), (eve, other, True))
    )
    ben = Client.objects.create(clinic=clinic, therapist=ada, ref="benbenbe", code="B. N.", added_at=at)
    noa = Client.objects.create(clinic=clinic, therapist=mia, ref="noanoano", code="N. A.", added_at=at)
    course = Course.objects.create(clinic=clinic, client=ben, therapist=ada, opened_on=date(2026, 9, 1))
    Course.objects.create(clinic=clinic, client=noa, therapist=mia, opened_on=date(2026, 9, 1))
    for weeks in (3, 2, 1):
        Appointment.objects.create(
            clinic=clinic,
            course=course,
            therapist=ada,
            starts_at=at - timedelta(weeks=weeks),
            state=AppointmentState.KEPT,
            state_at=at,
        )
    today = Appointment.objects.create(
        clinic=clinic, course=course, therapist=ada, starts_at=at + timedelta(hours=5), state_at=at
    )
    return Cast(clinic, ada, mia, eve, ben, noa, course, today)


def promise_hours(member: Membership, at: datetime = NOW) -> None:
    """This member promises to read every day from eight to eight: the least that a safety question asks for."""
    hours = [(weekday, time(8), time(20)) for weekday in range(7)]
    set_reading_hours(member=member, hours=hours, by=member, at=at)


def cast_at(at: datetime = NOW) -> Cast:
    """Everybody, as they stand at this moment."""
    return gather_cast(by=OPERATOR, at=at)
