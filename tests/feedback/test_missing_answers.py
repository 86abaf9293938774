"""Forms that stay unanswered are a signal of their own; a declined form is not a missing one."""

from datetime import timedelta

import pytest

from shoshin.feedback.actions import judge_missing, notice_silence
from shoshin.feedback.actions.assignments import send_measure
from shoshin.feedback.models import Assignment, SignalRow
from shoshin.kit.action import OPERATOR, SYSTEM, action
from shoshin.measures import queries as measures
from shoshin.measures.actions import load_wording
from tests.cast import NOW


@action("tests.ask")
def ask(*, cast, appointment, state, by, at):
    return Assignment.objects.create(
        clinic=cast.clinic,
        client=cast.ben,
        course=cast.course,
        appointment=appointment,
        version=measures.measure_version("shoshin-check"),
        language="en",
        way="link",
        state=state,
        sent_at=at,
        sent_by=cast.ada,
        expires_at=at + timedelta(days=2),
    )


@action("tests.settle")
def settle(*, assignment, by, at):
    assignment.settled_at = at
    assignment.save()


@pytest.mark.parametrize(
    ("states", "levels"),
    [
        (("done", "done", "open"), []),
        (("done", "open", "open"), ["watch"]),
        (("open", "open", "open"), ["signal"]),
        (("open", "open", "done"), []),
        (("open", "declined", "declined"), []),
    ],
)
def test_unanswered_forms_in_a_row_are_noticed(cast, measures_loaded, states, levels):
    for appointment, state in zip(
        cast.course.appointments.filter(state="kept").order_by("starts_at"), states, strict=True
    ):
        ask(cast=cast, appointment=appointment, state=state, by=cast.ada, at=NOW - timedelta(weeks=4))
    judge_missing(course=cast.course, by=cast.ada, at=NOW)
    assert list(SignalRow.objects.values_list("level", flat=True)) == levels
    assert set(SignalRow.objects.values_list("kind", flat=True)) <= {"missing"}


def test_a_weekly_form_that_the_next_one_replaces_still_counts_as_unanswered(cast, measures_loaded, settings):
    """Through the door a therapist uses: send, stay unanswered, send again."""
    settings.PUBLIC_ADDRESS = "https://forms.example.org"
    load_wording(folder=None, clinic=None, by=OPERATOR, at=NOW)
    version = measures.measure_version("shoshin-check")
    for appointment in cast.course.appointments.filter(state="kept").order_by("starts_at"):
        send_measure(
            course=cast.course,
            versions=[version],
            language="en",
            way="link",
            appointment=appointment,
            by=cast.ada,
            at=appointment.starts_at - timedelta(days=1),
        )
    assert SignalRow.objects.get().level == "watch"
    notice_silence(by=SYSTEM, at=NOW)
    assert SignalRow.objects.get().level == "signal"


def test_a_form_taken_back_before_its_appointment_is_not_missing(cast, measures_loaded):
    for appointment in cast.course.appointments.filter(state="kept"):
        sent = ask(cast=cast, appointment=appointment, state="cancelled", by=cast.ada, at=NOW - timedelta(weeks=5))
        settle(assignment=sent, by=cast.ada, at=appointment.starts_at - timedelta(hours=1))
    judge_missing(course=cast.course, by=cast.ada, at=NOW)
    assert not SignalRow.objects.exists()
