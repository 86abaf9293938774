"""The summary after an appointment: three short fields, and the appointment is kept (P115)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models.appointments import AppointmentState
from shoshin.kit import clock
from tests.cast import NOW

EVENING = NOW + timedelta(hours=9)
WORDS = {"talked_about": "the week", "agreed": "one walk a day", "until_next_time": "walk"}


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: EVENING)


def write(cast, at=EVENING, **words):
    return actions.write_summary(appointment=cast.ben_today, by=cast.ada, at=at, **(WORDS | words))


def test_writing_it_marks_the_appointment_kept_in_the_same_step(cast, as_member):
    response = as_member(cast.ada).post(address(cast), WORDS)
    assert response["Location"] == reverse("desk:client", args=[cast.ben.ref])
    cast.ben_today.refresh_from_db()
    assert cast.ben_today.state == AppointmentState.KEPT
    assert queries.last_summary(cast.course).agreed == "one walk a day"


def test_one_field_is_enough_and_none_is_too_little(cast):
    assert write(cast, talked_about="", until_next_time="").agreed == "one walk a day"
    with pytest.raises(actions.CannotWriteSummary, match="at least one"):
        write(cast, talked_about=" ", agreed="", until_next_time="")


def test_a_correction_is_a_new_version_and_the_page_shows_both(cast, as_member):
    write(cast)
    write(cast, at=EVENING + timedelta(minutes=5), agreed="two walks")
    assert [version.agreed for version in queries.summary_versions(cast.ben_today)] == [
        "two walks",
        "one walk a day",
    ]
    assert queries.last_summary(cast.course).agreed == "two walks"
    page = as_member(cast.ada).get(address(cast)).content.decode()
    assert "one walk a day" in page
    assert "two walks" in page


def test_the_same_words_again_are_no_new_version(cast):
    assert write(cast) == write(cast, at=EVENING + timedelta(minutes=1))
    assert cast.ben_today.summaries.count() == 1


def test_the_form_begins_empty_at_its_first_field(cast, as_member):
    page = as_member(cast.ada).get(address(cast)).content.decode()
    fields = [page.index(f'name="{name}"') for name in WORDS]
    assert fields == sorted(fields)
    assert page.count("autofocus") == 1
    assert page.index("autofocus") < fields[1]


def test_before_its_time_there_is_nothing_to_sum_up(cast):
    with pytest.raises(actions.CannotWriteSummary, match="still to come"):
        write(cast, at=NOW)
    assert queries.last_summary(cast.course) is None


def test_a_cancelled_appointment_has_no_summary(cast, as_member):
    actions.cancel_appointment(appointment=cast.ben_today, side="client", by=cast.ada, at=NOW)
    with pytest.raises(actions.CannotWriteSummary, match="cancelled"):
        write(cast)
    assert 'name="agreed"' not in as_member(cast.ada).get(address(cast)).content.decode()


def test_a_stranger_does_not_learn_that_the_appointment_exists(cast, refuses_strangers):
    refuses_strangers(address(cast))


def address(cast):
    return reverse("care:write_summary", args=[cast.ben_today.pk])


@pytest.mark.parametrize(("hours", "offered"), [(0, True), (-5, False), (24, False)])
def test_on_the_day_itself_the_client_may_answer_the_appointment_check_here(
    hours, offered, cast, as_member, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: EVENING + timedelta(hours=hours))
    page = as_member(cast.ada).get(address(cast)).content.decode()
    assert ("Answer the appointment check here" in page) == offered
    assert (f"/clients/{cast.ben.ref}/send/?about=appointment" in page) == offered
