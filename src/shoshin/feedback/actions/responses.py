"""Filing what a client answered, exactly once, with everything that follows from it in the same transaction."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.feedback.actions.alerts import raise_alerts
from shoshin.feedback.actions.signals import judge_signals
from shoshin.feedback.models import Assignment, Response, ScoreRow
from shoshin.feedback.models.assignments import AssignmentState
from shoshin.feedback.models.responses import Source
from shoshin.feedback.queries.responses import is_latest, versions_of
from shoshin.kit.action import Actor, action
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Course
    from shoshin.measures.models import MeasureVersion

Answers = Mapping[str, float | str | None]
MOST_COPIES = 10  # versions that one form may leave by being sent again with other answers
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class CannotRecordResponse(ValueError):
    """The answers do not fit the measure; nothing was written."""


class CannotCorrectResponse(ValueError):
    """The correction does not apply; the earlier version stands."""


@action("feedback.record_response")
def record_response(
    *,
    course: "Course",
    version: "MeasureVersion",
    answers: Answers,
    key: UUID,
    source: str,
    answered_on: date,
    by: Actor,
    at: datetime,
    assignment: Assignment | None = None,
    appointment: "Appointment | None" = None,
    totals: Mapping[str, float] | None = None,
) -> Response:
    """File one filled form: answers, scores, alert, signal, and the end of its assignment, or nothing.

    The same key again with the same answers returns the response already filed. The same key with other answers
    files them as a later version, so that a second copy from a phone is kept and its safety questions are read.
    """
    totals = dict(totals or {})
    answers = _checked(version, answers, totals)
    digest = _digest(version, answers, totals)
    _one_at_a_time(course)
    earlier = _earlier(course, version, key)
    corrects, because = None, ""
    if earlier is not None:
        versions = versions_of(earlier)
        same = next((each for each in reversed(versions) if each.digest == digest), None)
        if same is not None:
            return same
        if len(versions) >= MOST_COPIES:
            raise CannotRecordResponse(_("Nothing was filed: this form has come in several times already."))
        key, corrects, because = uuid4(), versions[-1], "A second, different copy arrived from the same form."
    response = Response.objects.create(
        clinic_id=course.clinic_id,
        client_id=course.client_id,
        course=course,
        appointment=appointment,
        assignment=assignment,
        version=version,
        measure_id=version.measure_id,
        answers=answers,
        totals=totals,
        answered_on=answered_on,
        occasion=_occasion(course, appointment, answered_on),
        source=source,
        received_at=at,
        reference=new_reference(),
        key=key,
        digest=digest,
        corrects=corrects,
        corrected_because=because,
    )
    _file(response, by=by, at=at)
    return response


@action("feedback.correct_response")
def correct_response(
    *,
    response: Response,
    answers: Answers,
    because: str,
    by: Any,
    at: datetime,
    totals: Mapping[str, float] | None = None,
) -> Response:
    """Put a new version in the place of a response. The earlier one stays, and says why it was corrected."""
    _one_at_a_time(response.course)
    if not is_latest(response):
        raise CannotCorrectResponse(_("A later version of this form exists already. Open that one and correct it."))
    if not because.strip():
        raise CannotCorrectResponse(_("Say in a few words why you correct this form. The earlier version is kept."))
    totals = dict(totals or {})
    answers = _checked(response.version, answers, totals)
    corrected = Response.objects.create(
        clinic_id=response.clinic_id,
        client_id=response.client_id,
        course_id=response.course_id,
        appointment_id=response.appointment_id,
        version_id=response.version_id,
        measure_id=response.measure_id,
        answers=answers,
        totals=totals,
        answered_on=response.answered_on,
        occasion=response.occasion,
        source=Source.PAPER,
        received_at=at,
        reference=new_reference(),
        key=uuid4(),
        digest=_digest(response.version, answers, totals),
        corrects=response,
        corrected_because=because.strip(),
    )
    _file(corrected, by=by, at=at)
    return corrected


def _one_at_a_time(course: "Course") -> None:
    """Two copies of one form arrive one after the other, and a course's one open signal is raised once."""
    list(type(course).objects.select_for_update().filter(pk=course.pk).values_list("pk"))


def new_reference() -> str:
    """A short random name for a response, said on the phone without mistakes."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))


def _file(response: Response, *, by: Any, at: datetime) -> None:
    """Everything that follows from a response, inside its transaction."""
    write_scores(response)
    if response.assignment is not None:
        _settle(response.assignment, at)
    raise_alerts(response=response, by=by, at=at)
    judge_signals(course=response.course, response=response, by=by, at=at)


def write_scores(response: Response) -> None:
    """Keep the scores of a response."""
    ScoreRow.objects.bulk_create(score_rows(response))


def score_rows(response: Response) -> list[ScoreRow]:
    """The scores of a response, by the measure version it is bound to. A total from paper stands for its score."""
    scores = (
        {} if response.totals and not response.answers else measures.score_answers(response.version, response.answers)
    )
    for score_id, value in response.totals.items():
        scores[score_id] = measures.score_of_total(response.version, score_id, value)
    return [
        ScoreRow(
            response=response,
            score_id=score_id,
            value=score.value,
            answered=score.answered,
            prorated=score.prorated,
        )
        for score_id, score in scores.items()
    ]


def _settle(assignment: Assignment, at: datetime) -> None:
    assignment.state, assignment.settled_at = AssignmentState.DONE, at
    Assignment.objects.filter(pk=assignment.pk).update(state=AssignmentState.DONE, settled_at=at)
    assignment.draft_rows().delete()


def _earlier(course: "Course", version: "MeasureVersion", key: UUID) -> Response | None:
    """What was filed with this key before. A key counts for its own course and measure only."""
    known = Response.objects.filter(clinic_id=course.clinic_id, key=key).values_list("pk", flat=True)
    earlier = next((Response.objects.get(pk=pk) for pk in known), None)
    if earlier is not None and (earlier.course_id, earlier.version_id) != (course.pk, version.pk):
        raise CannotRecordResponse(_("Nothing was filed: this page belongs to another form. Open the form again."))
    return earlier


def _checked(version: "MeasureVersion", answers: Answers, totals: Mapping[str, float]) -> dict[str, Any]:
    """The given answers without the blanks, or one sentence for each that the measure does not offer."""
    given = {item_id: value for item_id, value in answers.items() if value is not None and value != ""}
    problems = [f"{problem.item_id} {problem.what}." for problem in measures.answer_problems(version, given)]
    for score_id, value in totals.items():
        try:
            measures.score_of_total(version, score_id, value)
        except (ValueError, KeyError) as problem:
            problems.append(str(problem))
    if problems:
        raise CannotRecordResponse(f"{_('Nothing was filed.')} {' '.join(problems)}")
    return given


def _digest(version: "MeasureVersion", answers: Mapping[str, Any], totals: Mapping[str, float]) -> str:
    text = json.dumps([version.pk, answers, totals], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _occasion(course: "Course", appointment: "Appointment | None", answered_on: date) -> int:
    """The number of the appointment a form belongs to: the one it was sent for, that day's, else the next one."""
    moment = appointment.starts_at if appointment else care.start_of_day(course.clinic, answered_on)
    return care.kept_before(course, moment) + 1
