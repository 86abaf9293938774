"""Moving and calling off: the record shows who, when, and with how much notice (P82, P83)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models.appointments import AppointmentState, Side
from shoshin.kit import clock
from tests.cast import NOW


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def move(cast, appointment, side=Side.CLIENT, day=date(2026, 11, 6), at=NOW):
    return actions.move_appointment(
        appointment=appointment, day=day, clock_time=time(10), side=side, by=cast.ada, at=at
    )


def cancel(cast, appointment, side=Side.CLIENT, at=NOW, **given):
    return actions.cancel_appointment(appointment=appointment, side=side, by=cast.ada, at=at, **given)


def test_moving_leaves_the_old_row_and_links_it_to_the_new_one(cast):
    new = move(cast, cast.ben_today)
    cast.ben_today.refresh_from_db()
    assert (cast.ben_today.state, cast.ben_today.changed_by_side) == (AppointmentState.MOVED, Side.CLIENT)
    assert cast.ben_today.moved_to == new
    assert new.moved_from == cast.ben_today
    assert (new.state, new.starts_at) == (AppointmentState.PLANNED, datetime(2026, 11, 6, 10, tzinfo=UTC))


def test_the_page_moves_by_the_clinics_clock(cast, as_member):
    given = {"day": "2027-06-01", "clock_time": "10:00", "minutes": "50", "side": "therapist"}
    browser = as_member(cast.ada)
    assert browser.post(address("move", cast), given).status_code == 302
    assert queries.upcoming(cast.ben, NOW).get().starts_at == datetime(2027, 6, 1, 9, tzinfo=UTC)
    assert browser.post(address("move", cast), given).status_code == 200


def test_the_move_page_begins_with_the_time_as_it_stands(cast, as_member):
    page = as_member(cast.ada).get(address("move", cast)).content.decode()
    assert 'value="2026-11-03"' in page
    assert 'value="14:00"' in page


def test_moving_asks_who_wanted_it(cast):
    with pytest.raises(actions.CannotMoveAppointment, match="who asked"):
        move(cast, cast.ben_today, side="")


@pytest.mark.parametrize("state", ["kept", "missed"])
def test_what_took_place_or_was_missed_is_not_moved(cast, state):
    past = cast.course.appointments.filter(state="kept").first()
    if state == "missed":
        actions.miss_appointment(appointment=past, by=cast.ada, at=NOW)
    with pytest.raises(actions.CannotMoveAppointment, match=state):
        move(cast, past)


def test_cancelling_keeps_who_and_the_notice(cast):
    told = NOW - timedelta(hours=20)
    cancelled = cancel(cast, cast.ben_today, told_at=told)
    assert (cancelled.changed_by_side, cancelled.notice) == (Side.CLIENT, timedelta(hours=25))


def test_the_cancel_page_takes_the_moment_on_the_clinics_clock_and_shows_the_notice(cast, as_member):
    given = {"side": "client", "told_at": "2026-11-02T14:00"}
    browser = as_member(cast.ada)
    assert browser.post(address("cancel", cast), given).status_code == 302
    assert "1\xa0day before" in browser.get(address("cancel", cast)).content.decode()


@pytest.mark.parametrize(
    ("told_at", "sentence"),
    [(NOW + timedelta(minutes=1), "still to come"), (NOW - timedelta(weeks=1), "Mark it missed")],
)
def test_the_other_side_is_told_before_the_appointment_and_not_in_the_future(cast, told_at, sentence):
    appointment = cast.ben_today
    if sentence == "Mark it missed":
        (appointment,) = actions.add_appointments(
            course=cast.course, day=date(2026, 10, 26), clock_time=time(10), by=cast.ada, at=NOW
        )
    with pytest.raises(actions.CannotCancelAppointment, match=sentence):
        cancel(cast, appointment, told_at=told_at)


def test_a_cancelled_one_is_not_cancelled_again(cast):
    cancel(cast, cast.ben_today)
    with pytest.raises(actions.CannotCancelAppointment, match="cancelled and stays so"):
        cancel(cast, cast.ben_today, side=Side.CLINIC)


def waiting(cast, hat):
    return list(queries.cancelled_not_rebooked(hat(cast.ada)))


def test_a_cancelled_one_waits_to_be_rebooked(cast, hat):
    cancel(cast, cast.ben_today)
    assert waiting(cast, hat) == [cast.ben_today]
    assert list(queries.cancelled_not_rebooked(hat(cast.mia))) == []
    assert list(queries.cancelled_not_rebooked(hat(cast.eve))) == []


def test_the_next_one_of_a_weekly_row_is_no_rebooking(cast, hat):
    actions.add_appointments(
        course=cast.course, day=date(2026, 11, 10), clock_time=time(14), weeks=3, by=cast.ada, at=NOW
    )
    cancel(cast, cast.ben_today, at=NOW + timedelta(hours=1))
    assert waiting(cast, hat) == [cast.ben_today]


def test_moving_another_one_is_no_rebooking(cast, hat):
    (other,) = actions.add_appointments(
        course=cast.course, day=date(2026, 11, 10), clock_time=time(14), by=cast.ada, at=NOW
    )
    cancel(cast, cast.ben_today, at=NOW + timedelta(hours=1))
    move(cast, other, at=NOW + timedelta(hours=2))
    assert waiting(cast, hat) == [cast.ben_today]


def test_a_new_time_takes_it_off_the_list_and_it_stays_cancelled(cast, hat, as_member):
    cancel(cast, cast.ben_today)
    given = {"day": "2026-11-06", "clock_time": "10:00", "minutes": "50"}
    browser = as_member(cast.ada)
    assert "Find a new time" in browser.get(address("move", cast)).content.decode()
    assert browser.post(address("move", cast), given).status_code == 302
    cast.ben_today.refresh_from_db()
    assert (cast.ben_today.state, cast.ben_today.changed_by_side) == (AppointmentState.CANCELLED, Side.CLIENT)
    assert waiting(cast, hat) == []


def test_an_appointment_booked_afterwards_takes_it_off_the_list(cast, hat):
    cancel(cast, cast.ben_today)
    actions.add_appointments(
        course=cast.course,
        day=date(2026, 11, 12),
        clock_time=time(9),
        by=cast.ada,
        at=NOW + timedelta(minutes=5),
    )
    assert waiting(cast, hat) == []


def test_having_met_since_takes_it_off_the_list(cast, hat):
    (after,) = actions.add_appointments(
        course=cast.course, day=date(2026, 11, 10), clock_time=time(14), by=cast.ada, at=NOW
    )
    cancel(cast, cast.ben_today, at=NOW + timedelta(hours=1))
    actions.keep_appointment(appointment=after, by=cast.ada, at=NOW + timedelta(days=8))
    assert waiting(cast, hat) == []


def test_the_end_of_the_course_takes_it_off_the_list(cast, hat):
    cancel(cast, cast.ben_today)
    actions.end_course(
        course=cast.course,
        ended_on=date(2026, 11, 3),
        ending="planned",
        decided_by="together",
        by=cast.ada,
        at=NOW,
    )
    assert waiting(cast, hat) == []


@pytest.mark.parametrize("page", ["move", "cancel"])
def test_a_stranger_does_not_learn_that_the_appointment_exists(cast, refuses_strangers, page):
    refuses_strangers(address(page, cast))


def address(page, cast):
    return reverse(f"care:{page}_appointment", args=[cast.ben_today.pk])
