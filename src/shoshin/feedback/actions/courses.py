"""A course's plan of measures, and its ending: care ends it, feedback knows what must be settled first."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shoshin.care import actions as care_actions
from shoshin.feedback.models import Alert, Assignment, Draft, Schedule
from shoshin.feedback.models.assignments import AssignmentState
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.care.models import Course

OPEN_STATES = (AssignmentState.OPEN, AssignmentState.BEGUN)


class CannotEndCourse(ValueError):
    """The course goes on."""


@action("feedback.end_course")
def end_course(*, course: "Course", how: Mapping[str, Any], by: Any, at: datetime) -> "Course":
    """End a course the way `how` says, in the words of care's own action; open forms are taken back.

    Refused while a marked safety question waits for a person.
    """
    if Alert.objects.filter(client_id=course.client_id, acknowledged_at=None).exists():
        raise CannotEndCourse(
            _(
                "A safety question is marked and nobody has acknowledged it. "
                "Read it first; the course goes on until then."
            )
        )
    ended = care_actions.end_course(course=course, by=by, at=at, **how)
    waiting = Assignment.objects.filter(course=course, state__in=OPEN_STATES)
    Draft.objects.filter(assignment__in=waiting).delete()
    waiting.update(state=AssignmentState.CANCELLED, settled_at=at, token_hash=None, form_hash=None)
    course.schedules.filter(stopped_at=None).update(stopped_at=at)
    return ended


@action("feedback.schedule_measures")
def schedule_measures(*, course: "Course", plan: Mapping[str, str], by: Any, at: datetime) -> None:
    """Set how often each measure is asked in a course. What was set before stays on record, stopped."""
    standing = {row.measure_id: row for row in course.schedules.filter(stopped_at=None)}
    for measure_id, rhythm in plan.items():
        row = standing.get(measure_id)
        if row is not None and row.rhythm == rhythm:
            continue
        if row is not None:
            row.stopped_at = at
            row.save(update_fields=["stopped_at"])
        if rhythm:
            Schedule.objects.create(course=course, measure_id=measure_id, rhythm=rhythm, set_at=at, set_by=by)
