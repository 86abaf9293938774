"""One-off and weekly appointments, on the clinic's own wall clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models import Appointment
from tests.cast import NOW


def plan(cast, day=date(2026, 11, 10), clock_time=time(14), **given):
    return actions.add_appointments(course=cast.course, day=day, clock_time=clock_time, by=cast.ada, at=NOW, **given)


def test_weekly_appointments_keep_their_wall_clock_time_when_the_clocks_change(cast):
    """In London the clocks go forward on 28 March 2027."""
    made = plan(cast, day=date(2027, 3, 16), weeks=4)
    assert [row.starts_at.astimezone(UTC).hour for row in made] == [14, 14, 13, 13]
    assert {row.series for row in made} == {made[0].series}
    assert made[0].series is not None


def test_a_single_appointment_belongs_to_no_series(cast):
    (made,) = plan(cast)
    assert made.series is None
    assert (made.starts_at, made.minutes, made.therapist) == (
        datetime(2026, 11, 10, 14, tzinfo=UTC),
        50,
        cast.ada,
    )


def test_the_page_plans_in_the_clinics_time_zone(cast, as_member):
    address = reverse("care:add_appointments", args=[cast.ben.ref])
    given = {"day": "2026-07-07", "clock_time": "14:00", "minutes": "50", "weeks": "2"}
    refused = as_member(cast.ada).post(address, given)
    assert "Choose that day or a later one" in refused.content.decode()
    assert as_member(cast.ada).post(address, given | {"day": "2027-07-06"}).status_code == 302
    assert Appointment.objects.filter(starts_at=datetime(2027, 7, 6, 13, tzinfo=UTC)).count() == 1


def test_a_time_that_the_clocks_skip_is_refused(cast):
    with pytest.raises(actions.CannotPlanAppointment, match="clocks skip"):
        plan(cast, day=date(2027, 3, 21), clock_time=time(1, 30), weeks=2)
    assert not Appointment.objects.filter(starts_at__gte=datetime(2027, 1, 1, tzinfo=UTC)).exists()


def test_a_time_that_comes_twice_means_the_first(cast):
    assert queries.moment_on(date(2026, 10, 25), time(1, 30), queries.zone_of(cast.clinic)) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_the_same_form_sent_twice_adds_nothing(cast):
    plan(cast, weeks=3)
    with pytest.raises(actions.CannotPlanAppointment, match="already"):
        plan(cast, weeks=3)
    assert queries.upcoming(cast.ben, NOW).count() == 4


@pytest.mark.parametrize("given", [{"weeks": 0}, {"weeks": 53}, {"minutes": 2}, {"day": date(2026, 8, 1)}])
def test_it_refuses_what_cannot_be(cast, given):
    with pytest.raises(actions.CannotPlanAppointment):
        plan(cast, **given)


def test_without_an_open_course_the_page_leads_to_opening_one(cast, as_member):
    actions.end_course(
        course=cast.course,
        ended_on=date(2026, 11, 3),
        ending="planned",
        decided_by="together",
        by=cast.ada,
        at=NOW,
    )
    response = as_member(cast.ada).get(reverse("care:add_appointments", args=[cast.ben.ref]))
    assert response["Location"] == reverse("care:open_course", args=[cast.ben.ref])
    with pytest.raises(actions.CannotPlanAppointment, match="has ended"):
        plan(cast)


def test_upcoming_are_the_planned_ones_from_now_on_in_order(cast):
    plan(cast, weeks=2)
    starts = [row.starts_at for row in queries.upcoming(cast.ben, NOW)]
    assert starts == sorted(starts)
    assert starts[0] == cast.ben_today.starts_at
    assert len(starts) == 3
    assert queries.upcoming(cast.ben, NOW + timedelta(days=1)).count() == 2


def test_a_stranger_does_not_learn_that_the_client_exists(cast, refuses_strangers):
    refuses_strangers(reverse("care:add_appointments", args=[cast.ben.ref]))
