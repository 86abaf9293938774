"""An ending asks who decided, on what ground, who was consulted, and who holds the client (P47, P48, P49)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shoshin.care import actions
from shoshin.care.models.appointments import AppointmentState, Side
from shoshin.care.models.courses import Decider, Ending, Ground
from shoshin.feedback.forms.therapist import EndCourseForm
from tests.cast import NOW

TODAY = date(2026, 11, 3)
WHOLE = {
    "grounds": ["leaving"],
    "ground_words": "I move away in December.",
    "consulted": "Mia",
    "held_meanwhile_by": "Mia, by telephone",
}
OWN_DECISION = pytest.mark.parametrize("decider", [Decider.THERAPIST, Decider.CLINIC])


def end(cast, **given):
    words = {"ended_on": TODAY, "ending": Ending.PLANNED, "decided_by": Decider.TOGETHER} | given
    return actions.end_course(course=cast.course, by=cast.ada, at=NOW, **words)


def missing(cast, **given):
    with pytest.raises(actions.CannotEndCourse) as refusal:
        end(cast, **given)
    cast.course.refresh_from_db()
    assert cast.course.ended_on is None
    return refusal.value.missing


def test_an_ending_decided_together_needs_no_ground(cast):
    assert end(cast).ending == Ending.PLANNED


@OWN_DECISION
def test_an_ending_decided_by_therapist_or_clinic_lacks_four_things_at_first(cast, decider):
    found = missing(cast, decided_by=decider)
    assert set(found) == {"grounds", "ground_words", "consulted", "held_meanwhile_by"}
    assert all(sentence.endswith(".") for sentence in found.values())


@OWN_DECISION
@pytest.mark.parametrize("left_out", sorted(WHOLE))
def test_each_of_the_four_is_asked_for_by_itself(cast, decider, left_out):
    given = WHOLE | {left_out: [] if left_out == "grounds" else "  "}
    assert set(missing(cast, decided_by=decider, **given)) == {left_out}


@OWN_DECISION
def test_scores_or_a_signal_alone_are_no_ground(cast, decider):
    found = missing(cast, decided_by=decider, **(WHOLE | {"grounds": [Ground.SCORES]}))
    assert set(found) == {"grounds"}
    assert "no ground by themselves" in found["grounds"]


def test_scores_may_stand_beside_another_ground(cast):
    given = WHOLE | {"grounds": [Ground.SCORES, Ground.OTHER_HELP]}
    ended = end(cast, decided_by=Decider.THERAPIST, **given)
    assert ended.grounds == [Ground.SCORES, Ground.OTHER_HELP]
    assert (ended.consulted, ended.held_meanwhile_by) == ("Mia", "Mia, by telephone")


def test_a_referral_asks_to_whom_and_who_holds_the_client_until_then(cast):
    assert set(missing(cast, ending=Ending.REFERRED)) == {"referred_to", "held_meanwhile_by"}
    ended = end(cast, ending=Ending.REFERRED, referred_to="Dr Wood", held_meanwhile_by="Ada")
    assert ended.referred_to == "Dr Wood"


@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 4), date(2026, 8, 31), date(2026, 10, 26)],
    ids=["future", "before it began", "met since"],
)
def test_the_last_day_must_be_possible(cast, day):
    assert set(missing(cast, ended_on=day)) == {"ended_on"}


def test_a_course_that_has_ended_stays_ended(cast):
    end(cast)
    with pytest.raises(actions.CannotEndCourse, match="open a new one"):
        end(cast)


@pytest.mark.parametrize(("decider", "side"), [(Decider.TOGETHER, Side.THERAPIST), (Decider.CLINIC, Side.CLINIC)])
def test_it_calls_off_what_was_planned_after_the_last_day_and_nothing_else(cast, decider, side):
    later = plan(cast, TODAY + timedelta(days=7))
    end(cast, decided_by=decider, **WHOLE)
    later.refresh_from_db()
    cast.ben_today.refresh_from_db()
    assert (later.state, later.changed_by_side, later.state_at) == (AppointmentState.CANCELLED, side, NOW)
    assert cast.ben_today.state == AppointmentState.PLANNED
    assert cast.course.appointments.filter(state=AppointmentState.KEPT).count() == 3


def test_the_last_day_ends_at_midnight_of_the_clinics_clock(cast):
    cast.clinic.time_zone = "America/New_York"
    save(cast.clinic)
    evening = plan(cast, TODAY, hour=23)
    next_morning = plan(cast, TODAY + timedelta(days=1), hour=1)
    at = datetime(2026, 11, 3, 23, tzinfo=UTC)
    actions.end_course(
        course=cast.course,
        ended_on=TODAY,
        ending=Ending.PLANNED,
        decided_by=Decider.TOGETHER,
        by=cast.ada,
        at=at,
    )
    evening.refresh_from_db()
    next_morning.refresh_from_db()
    assert (evening.state, next_morning.state) == (AppointmentState.PLANNED, AppointmentState.CANCELLED)


def test_nothing_is_called_off_when_the_ending_is_refused(cast):
    later = plan(cast, TODAY + timedelta(days=7))
    missing(cast, decided_by=Decider.THERAPIST)
    later.refresh_from_db()
    assert later.state == AppointmentState.PLANNED


def test_the_form_asks_the_same_questions_as_the_action(cast):
    given = {"ended_on": "2026-11-03", "ending": "unplanned", "decided_by": "clinic", "grounds": ["scores"]}
    form = EndCourseForm(given, course=cast.course, today=TODAY)
    assert set(form.errors) == {"grounds", "ground_words", "consulted", "held_meanwhile_by"}


def test_what_the_form_holds_is_what_the_action_takes(cast):
    given = {
        "ended_on": "2026-11-03",
        "ending": "referred",
        "decided_by": "therapist",
        "referred_to": "Dr Wood",
    }
    form = EndCourseForm(given | WHOLE, course=cast.course, today=TODAY)
    assert form.is_valid(), form.errors
    ended = actions.end_course(course=cast.course, by=cast.ada, at=NOW, **form.cleaned_data)
    assert ended.ground_words == WHOLE["ground_words"]


def plan(cast, day, hour=9):
    from datetime import time

    course = type(cast.course).objects.get(pk=cast.course.pk)
    (made,) = actions.add_appointments(course=course, day=day, clock_time=time(hour), by=cast.ada, at=NOW)
    return made


def save(record):
    from shoshin.kit.action import SYSTEM, action

    @action("tests.save")
    def saved(*, row, by, at):
        row.save()

    saved(row=record, by=SYSTEM, at=NOW)
