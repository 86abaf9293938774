"""The published signal rules, fed with a course's answers. The rules themselves are pure, in science/signals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db.models import F, Q

from shoshin.care import queries as care
from shoshin.feedback.models import Assignment, Response, ScoreRow, SignalRow
from shoshin.feedback.models.assignments import AssignmentState
from shoshin.measures import queries as measures
from shoshin.science import signals as rules

if TYPE_CHECKING:
    from shoshin.care.models import Course

APPOINTMENT_CHECK = "shoshin-check"
# A believable group of checks to begin with, from the makers' own sliders (0 to 40): until a clinic has its own.
CHECK_MEAN, CHECK_SD = 32.0, 4.0
CHECKS_FOR_OWN_GROUP = 200
FEWEST_CHECKS = 3  # a drop needs two earlier checks to fall from


@dataclass(frozen=True)
class Limits:
    """How change on one score is judged: its reliable change, its cut-off and its direction."""

    reliable_points: float
    official: bool
    cutoff: float | None
    higher_is_worse: bool


def limits_of(response: Response) -> Limits | None:
    """The limits of a response's primary score, or None where reliable change cannot be computed."""
    facts = measures.facts(response.version)
    figure = measures.reliable_change(response.version, facts.primary.id)
    if figure.points is None:
        return None
    cutoff = measures.cutoff(response.version, facts.primary.id)
    return Limits(
        reliable_points=figure.points,
        official=figure.is_official,
        cutoff=cutoff.points if cutoff else None,
        higher_is_worse=facts.primary.higher_is_worse,
    )


def points_of(course: "Course", response: Response) -> list[rules.Point]:
    """The line of a response's primary score in its course, every standing value, numbered by appointment."""
    rows = _values(course, response)
    places = appointment_numbers([occasion for _, occasion, _ in rows])
    return [rules.Point(place, value) for place, (_, _, value) in zip(places, rows, strict=True)]


def points_until(course: "Course", response: Response) -> list[rules.Point]:
    """The same line, ending with this response."""
    ids = [pk for pk, _, _ in _values(course, response)]
    points = points_of(course, response)
    return points[: ids.index(response.pk) + 1] if response.pk in ids else points


def _values(course: "Course", response: Response) -> list[tuple[int, int, float]]:
    """Response, occasion and primary score of every standing response to this measure, in order."""
    rows = (
        ScoreRow.objects.filter(
            response__course=course,
            response__measure_id=response.measure_id,
            response__corrected_by=None,
            score_id=measures.facts(response.version).primary.id,
            value__isnull=False,
        )
        .order_by("response__occasion", "response__answered_on", "response__received_at")
        .values_list("response_id", "response__occasion", "value")
    )
    return [(pk, occasion, value) for pk, occasion, value in rows if value is not None]


def is_by_appointment(occasions: Sequence[int]) -> bool:
    """Whether the appointments' numbers tell the answers apart."""
    return all(earlier < later for earlier, later in pairwise(occasions))


def appointment_numbers(occasions: Sequence[int]) -> list[int]:
    """The appointment of each answer; where two share one, or none was marked as kept, answers are counted instead."""
    return list(occasions) if is_by_appointment(occasions) else list(range(1, len(occasions) + 1))


def findings(course: "Course", response: Response, points: list[rules.Point]) -> list[rules.Signal]:
    """What each rule finds after this response, at the end of its line."""
    if response.measure_id == APPOINTMENT_CHECK:
        return drop_findings(points, check_group(course.clinic_id))
    limits = limits_of(response)
    return change_findings(points, limits) if limits else []


def change_findings(points: list[rules.Point], limits: Limits) -> list[rules.Signal]:
    """What the two rules on an outcome measure find at the end of a line."""
    if not points:
        return []
    late = points[-1].appointment >= rules.LATER_APPOINTMENT
    return [
        rules.reliable_worsening(
            points,
            reliable_points=limits.reliable_points,
            higher_is_worse=limits.higher_is_worse,
            official=limits.official,
        ),
        rules.no_change_by(
            points,
            appointment_k=rules.LATER_APPOINTMENT if late else rules.EARLY_APPOINTMENT,
            reliable_points=limits.reliable_points,
            cutoff=limits.cutoff,
            higher_is_worse=limits.higher_is_worse,
            official=limits.official,
        ),
    ]


def drop_findings(points: list[rules.Point], group: tuple[float, float]) -> list[rules.Signal]:
    """A drop of the appointment check. Below the watch limit only the chart is marked; no signal asks for an answer."""
    mean, sd = group
    found = rules.check_drop([point.value for point in points], group_mean=mean, group_sd=sd)
    return [found] if found.level == "signal" else []


def check_group(clinic_id: int) -> tuple[float, float]:
    """Mean and within-client spread of this clinic's checks, or a stated prior until there are enough.

    The latest are picked first, by their key alone: so the work does not grow with the clinic.
    """
    latest = Response.objects.filter(clinic_id=clinic_id, measure_id=APPOINTMENT_CHECK).order_by("-pk")
    rows = (
        ScoreRow.objects.filter(
            response__in=latest.values("pk")[: 5 * CHECKS_FOR_OWN_GROUP],
            response__corrected_by=None,
            value__isnull=False,
        )
        .order_by("-response_id")
        .values_list("response__course_id", "value")
    )
    return group_of([(course, value) for course, value in rows if value is not None])


def group_of(rows: list[tuple[int, float]]) -> tuple[float, float]:
    """Mean and within-client spread of checks, each with its course, in their order in time."""
    if len(rows) < CHECKS_FOR_OWN_GROUP:
        return CHECK_MEAN, CHECK_SD
    mean = sum(value for _, value in rows) / len(rows)
    # Sorted by course alone, so that neighbours stay neighbours in time; 1.128 turns a mean step into an SD.
    in_order = sorted(rows, key=lambda row: row[0])
    steps = [abs(b - a) for (one, a), (other, b) in pairwise(in_order) if one == other]
    spread = sum(steps) / len(steps) / 1.128 if steps else CHECK_SD
    return mean, max(spread, 1.0)


def missing_finding(course: "Course", at: datetime) -> rules.Signal:
    """Whether the latest forms sent for appointments stayed unanswered.

    A declined form is not missing, nor one taken back before its appointment, nor one for an appointment that did not
    take place. A form that the next one replaced after its appointment had stayed unanswered.
    """
    taken_back_before = Q(state=AssignmentState.CANCELLED, settled_at__lt=F("appointment__starts_at"))
    sent = (
        Assignment.objects.filter(course=course, appointment__starts_at__lt=at)
        .filter(appointment__state__in=("kept", "planned"))
        .exclude(Q(state=AssignmentState.DECLINED) | taken_back_before)
        .order_by("appointment__starts_at")
        .values_list("appointment_id", "state")
    )
    order = {appointment: place for place, appointment in enumerate(dict(sent), start=1)}
    answered = {order[appointment] for appointment, state in sent if state == AssignmentState.DONE}
    return rules.missing_answers(sorted(order.values()), answered)


def rested(
    course: "Course",
    found: Sequence[rules.Signal],
    response: Response | None = None,
    points: Sequence[rules.Point] = (),
) -> list[rules.Signal]:
    """Findings after the last answer to the same kind of signal: each is raised again only on further change.

    `points` is the line of `response`, fetched once for all rules.
    """
    if all(each.level == "none" for each in found):
        return list(found)
    answered = SignalRow.objects.filter(course=course, answered_at__isnull=False)
    answered = answered.select_related("response__version").defer("response__version__facts")
    last = {row.kind: row for row in sorted(answered, key=lambda row: (row.answered_at, row.pk))}
    return [_rested(course, each, last[each.kind], response, points) if each.kind in last else each for each in found]


def _rested(
    course: "Course",
    found: rules.Signal,
    last: SignalRow,
    response: Response | None,
    points: Sequence[rules.Point],
) -> rules.Signal:
    previous = rules.Signal(found.kind, last.level, ())  # type: ignore[arg-type]
    limits, line = None, points
    if last.response is None:
        line = ()
    else:
        limits = limits_of(last.response)
        if response is None or response.measure_id != last.response.measure_id:
            line = points_of(course, last.response)
    since = [point for point in line if point.appointment >= last.occasion]
    return rules.raised_again(
        previous,
        found,
        since=since,
        reliable_points=limits.reliable_points if limits else None,
        higher_is_worse=limits.higher_is_worse if limits else True,
        cleared_between=_cleared(course, found, since, last),
    )


def _cleared(course: "Course", found: rules.Signal, since: list[rules.Point], last: SignalRow) -> bool:
    """Whether the same rule found nothing at some appointment between the answer and now.

    Worse and no change are judged by their points alone, so nothing is asked for them.
    """
    if found.kind == "missing":
        return care.kept_before(course, last.answered_at or last.raised_at) > last.occasion
    usual = next((reason.facts.get("watch_limit") for reason in found.reasons), None)
    return usual is not None and any(point.value >= float(usual) for point in since[1:-1])


def watched_responses(course: "Course", hidden: Collection[int] = ()) -> set[int]:
    """Appointment checks below the watch limit: marked on the chart, and nothing more."""
    return {response for response, _day, level in _judged_checks(course, hidden) if level == "watch"}


def days_of_low_checks(course: "Course", hidden: Collection[int] = ()) -> list[date]:
    """The days on which an appointment check was unusually low for this client, whether or not it raised a signal."""
    return [day for _response, day, level in _judged_checks(course, hidden) if level != "none"]


def _judged_checks(course: "Course", hidden: Collection[int]) -> list[tuple[int, date, str]]:
    """Response, day and level of each appointment check of a course, in order, judged by those before it."""
    checks = list(
        ScoreRow.objects.filter(
            response__course=course,
            response__measure_id=APPOINTMENT_CHECK,
            response__corrected_by=None,
            value__isnull=False,
        )
        .exclude(response_id__in=list(hidden))
        .order_by("response__occasion", "response__received_at")
        .values_list("response_id", "response__answered_on", "value")
    )
    if len(checks) < FEWEST_CHECKS:
        return []
    mean, sd = check_group(course.clinic_id)
    values = [value for *_, value in checks if value is not None]
    levels = [rules.check_drop(values[:n], group_mean=mean, group_sd=sd).level for n in range(1, len(values) + 1)]
    return [(response, day, level) for (response, day, _), level in zip(checks, levels, strict=True)]
