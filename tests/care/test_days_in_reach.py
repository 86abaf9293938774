"""A slip in the year is said at once: no day before 1950, none more than two years ahead."""

from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse

from shoshin.care import actions
from shoshin.care.models import Appointment, Client
from shoshin.kit import clock
from tests.cast import NOW

SENTENCE = "cannot be right. Check the year."


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ("9999-12-31", 1),
        ("9999-12-31", 52),
        ("9999-06-01", 52),
        ("2028-11-04", 1),
        ("2028-10-31", 2),
        ("1949-12-31", 1),
        ("0001-01-01", 1),
    ],
)
def test_an_appointment_in_a_year_nobody_means_is_refused(cast, as_member, day, weeks):
    before = Appointment.objects.count()
    given = {"day": day, "clock_time": "14:00", "minutes": "50", "weeks": str(weeks)}
    page = as_member(cast.ada).post(reverse("care:add_appointments", args=[cast.ben.ref]), given)
    assert page.status_code == 200
    assert SENTENCE in page.content.decode()
    with pytest.raises(actions.CannotPlanAppointment, match="Check the year"):
        actions.add_appointments(
            course=cast.course, day=date.fromisoformat(day), clock_time=time(14), weeks=weeks, by=cast.ada, at=NOW
        )
    assert Appointment.objects.count() == before


def test_two_years_ahead_can_still_be_planned(cast):
    last = date(2028, 11, 3)
    (made,) = actions.add_appointments(course=cast.course, day=last, clock_time=time(9), by=cast.ada, at=NOW)
    assert made.starts_at == datetime(2028, 11, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize("day", ["9999-12-31", "2028-11-04", "0001-01-01"])
def test_an_appointment_is_not_moved_into_such_a_year(cast, as_member, day):
    given = {"day": day, "clock_time": "14:00", "minutes": "50", "side": "client"}
    page = as_member(cast.ada).post(reverse("care:move_appointment", args=[cast.ben_today.pk]), given)
    assert SENTENCE in page.content.decode()
    with pytest.raises(actions.CannotMoveAppointment, match="Check the year"):
        actions.move_appointment(
            appointment=cast.ben_today,
            day=date.fromisoformat(day),
            clock_time=time(14),
            side="client",
            by=cast.ada,
            at=NOW,
        )
    cast.ben_today.refresh_from_db()
    assert cast.ben_today.state == "planned"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "1949-12-31T12:00", "9999-12-31T23:59"])
def test_nobody_was_told_of_a_cancellation_in_such_a_year(cast, as_member, moment):
    given = {"side": "client", "told_at": moment}
    page = as_member(cast.ada).post(reverse("care:cancel_appointment", args=[cast.ben_today.pk]), given)
    assert page.status_code == 200
    told_at = datetime.fromisoformat(moment).replace(year=1949, tzinfo=UTC)
    with pytest.raises(actions.CannotCancelAppointment, match="Check the year"):
        actions.cancel_appointment(appointment=cast.ben_today, side="client", told_at=told_at, by=cast.ada, at=NOW)
    cast.ben_today.refresh_from_db()
    assert cast.ben_today.state == "planned"


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_no_course_begins_in_such_a_year(cast, as_member, day):
    given = {"code": "Z. Z.", "language": "en", "opened_on": day}
    page = as_member(cast.ada).post(reverse("care:add_client"), given)
    assert page.context["form"].errors["opened_on"]
    with pytest.raises(actions.CannotOpenCourse, match="Check the year"):
        actions.add_client(therapist=cast.ada, code="Z. Z.", opened_on=date.fromisoformat(day), by=cast.ada, at=NOW)
    assert not Client.objects.filter(code="Z. Z.").exists()


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1949, 12, 31)])
def test_no_consultation_was_held_in_such_a_year(cast, day):
    consultation = actions.open_consultation(course=cast.course, by=cast.ada, at=NOW)
    with pytest.raises(actions.CannotCloseConsultation, match="Check the year"):
        actions.close_consultation(consultation=consultation, held_on=day, outcome="Go on.", by=cast.ada, at=NOW)
