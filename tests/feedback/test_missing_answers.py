"""Forms that stay unanswered are a signal of their own; a declined form is not a missing one."""

from datetime import timedelta

import pytest

from shoshin.feedback.actions import judge_missing
from shoshin.feedback.models import Assignment, SignalRow
from shoshin.kit.action import action
from shoshin.measures import queries as measures
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
