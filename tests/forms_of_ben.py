"""Filled forms for the cast, made through the one door that files them."""

from datetime import timedelta
from uuid import uuid4

from shoshin.feedback.actions import record_response
from shoshin.kit.action import Actor, action
from shoshin.measures import queries as measures
from tests.cast import NOW

CLIENT = Actor("client", "form")


def answers_of(version, total, risk=0):
    """Answers of a measure with 0-3 items that come to this total, its safety question at `risk`."""
    facts = measures.facts(version)
    guarded = facts.safety.items if facts.safety else ()
    answers, rest = dict.fromkeys(guarded, risk), total - risk
    for item in facts.primary.items:
        if item not in guarded:
            answers[item] = min(3, rest)
            rest -= answers[item]
    assert rest == 0, "this total cannot be reached"
    return answers


def ben_answers(cast, total, *, weeks=0, risk=0, measure="phq-9", source="link", at=NOW):
    """Ben fills in a form, so many weeks ago."""
    version, moment = measures.measure_version(measure), at - timedelta(weeks=weeks)
    return record_response(
        course=cast.course,
        version=version,
        answers=answers_of(version, total, risk),
        key=uuid4(),
        source=source,
        answered_on=moment.date(),
        by=CLIENT,
        at=moment,
    )


@action("tests.forget_appointments")
def forget_appointments(*, course, by, at):
    """A course in which nobody ever wrote an appointment down."""
    course.appointments.all().delete()
