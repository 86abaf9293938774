"""Which measures a course's plan asks for at an appointment."""

from typing import TYPE_CHECKING

from shoshin.feedback.models.assignments import Rhythm
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Course

FOUR = 4


def plan_of(course: "Course") -> dict[str, str]:
    """The standing plan: rhythm by measure, in the order they were set."""
    rows = course.schedules.filter(stopped_at=None).order_by("set_at", "pk")
    return dict(rows.values_list("measure_id", "rhythm"))


def is_due(rhythm: str, number: int, *, is_last: bool = False) -> bool:
    """Whether a measure of this rhythm is asked at the appointment of this number (1 is intake)."""
    if rhythm == Rhythm.EVERY:
        return True
    if rhythm == Rhythm.EVERY_FOUR:
        return number % FOUR == 1 or is_last
    return number == 1 or is_last


def due_measures(course: "Course", number: int, *, is_last: bool = False) -> list[str]:
    """The measures the plan asks for at the appointment of this number, in the order they were set."""
    return [each for each, rhythm in plan_of(course).items() if is_due(rhythm, number, is_last=is_last)]


def planned_names(course: "Course") -> tuple[str, ...]:
    """The plan's measures by their short names."""
    plan = plan_of(course)
    if not plan:
        return ()
    names = {each.measure_id: measures.facts(each).short for each in measures.current_measures(course.clinic)}
    return tuple(names.get(measure_id, measure_id) for measure_id in plan)
