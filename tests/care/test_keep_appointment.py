"""Kept or missed: said once the time has come, and corrected as often as need be."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models.appointments import AppointmentState
from shoshin.kit import clock
from tests.cast import NOW

EVENING = NOW + timedelta(hours=9)
MARKS = pytest.mark.parametrize("mark", [actions.keep_appointment, actions.miss_appointment])


@MARKS
def test_a_future_appointment_is_neither_kept_nor_missed(cast, mark):
    with pytest.raises(actions.CannotMarkAppointment, match="still to come"):
        mark(appointment=cast.ben_today, by=cast.ada, at=NOW)
    cast.ben_today.refresh_from_db()
    assert cast.ben_today.state == AppointmentState.PLANNED


def test_kept_and_missed_correct_each_other(cast):
    for mark, state in [
        (actions.keep_appointment, AppointmentState.KEPT),
        (actions.miss_appointment, AppointmentState.MISSED),
        (actions.keep_appointment, AppointmentState.KEPT),
    ]:
        assert mark(appointment=cast.ben_today, by=cast.ada, at=EVENING).state == state


@MARKS
def test_a_cancelled_appointment_stays_cancelled(cast, mark):
    actions.cancel_appointment(appointment=cast.ben_today, side="client", by=cast.ada, at=NOW)
    with pytest.raises(actions.CannotMarkAppointment, match="cancelled"):
        mark(appointment=cast.ben_today, by=cast.ada, at=EVENING)


def test_past_appointments_wait_until_somebody_says_what_became_of_them(cast, hat):
    assert list(queries.undecided(hat(cast.ada), NOW)) == []
    assert list(queries.undecided(hat(cast.ada), EVENING)) == [cast.ben_today]
    assert list(queries.undecided(hat(cast.eve), EVENING)) == []
    actions.miss_appointment(appointment=cast.ben_today, by=cast.ada, at=EVENING)
    assert list(queries.undecided(hat(cast.ada), EVENING)) == []


@pytest.mark.parametrize(("page", "state"), [("keep", "kept"), ("miss", "missed")])
def test_the_page_marks_and_goes_back_to_the_client(cast, as_member, monkeypatch, page, state):
    browser = as_member(cast.ada)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    browser.post(address(page, cast))
    cast.ben_today.refresh_from_db()
    assert cast.ben_today.state == AppointmentState.PLANNED
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    assert browser.post(address(page, cast))["Location"] == reverse("desk:client", args=[cast.ben.ref])
    cast.ben_today.refresh_from_db()
    assert cast.ben_today.state == state


@pytest.mark.parametrize("page", ["keep", "miss"])
def test_a_stranger_marks_nothing(cast, refuses_strangers, page):
    refuses_strangers(address(page, cast), "post")


def address(page, cast):
    return reverse(f"care:{page}_appointment", args=[cast.ben_today.pk])
