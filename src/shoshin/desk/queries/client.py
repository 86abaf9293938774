"""A client's page: the line and its message, what asks for an answer, and what is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from shoshin.care import queries as care
from shoshin.desk.queries.charts import shared_picture, therapists_picture
from shoshin.feedback import queries as feedback
from shoshin.growth import queries as growth
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.care.models import Client, Course
    from shoshin.feedback.queries import Trajectory
    from shoshin.growth.queries import ShownEpisode
    from shoshin.welfare.models import FeelingNote


@dataclass(frozen=True)
class NewAnswers:
    """What has come back and has not been opened: one guess at most, about the first measure, opens all of it."""

    response: Any
    names: tuple[str, ...]
    asks_for_guess: bool


@dataclass(frozen=True)
class ShownSignal:
    """The one signal that waits, with its reasons in words and the answers it offers."""

    row: Any
    title: str
    reasons: list[str]
    has_been_brought: bool
    is_own: bool


@dataclass(frozen=True)
class Line:
    """One trajectory and its picture; where the page carries none, the browser asks for it when it comes into view."""

    trajectory: "Trajectory"
    picture: SafeString | None = None


@dataclass(frozen=True)
class ClientPage:
    """Everything the page shows of one client."""

    client: "Client"
    course: "Course | None"
    courses: "list[Course]"
    lines: tuple[Line, ...]
    new_answers: NewAnswers | None
    signal: ShownSignal | None
    alerts: list[Any]
    upcoming: list[Any]
    recent: list[Any]
    responses: list[Any]
    sent: list[Any]
    changes: list[Any]
    strengths: list[Any]
    choices: dict[str, Any]
    last_summary: Any
    plan: tuple[str, ...]
    consultations: list[Any]
    episode: "ShownEpisode | None"  # my own that goes on with this client
    notes: "tuple[FeelingNote, ...]"  # my own private ones about them
    is_own: bool  # else one covers for the therapist: reads, and settles nothing but alerts
    cover: Any


def client_page(hat: Hat, client: "Client", at: datetime, course: "Course | None" = None) -> ClientPage:
    """The page of a client, for one of their courses: the open one unless another is asked for."""
    courses = list(client.courses.select_related("therapist__person").order_by("-opened_on", "-pk"))
    course = course or next((each for each in courses if each.ended_on is None), courses[0] if courses else None)
    hidden = list(feedback.hidden_responses([client]))
    changes = list(course.changes.order_by("made_at")) if course else []
    is_own = client.therapist_id == hat.member.pk

    return ClientPage(
        client=client,
        course=course,
        courses=courses,
        lines=_lines(course, [r.pk for r in hidden]) if course else (),
        new_answers=_new_answers(hat, hidden, at, is_own=is_own),
        signal=_shown_signal(client, {response.pk for response in hidden}, is_own=is_own),
        alerts=list(feedback.open_alerts(hat).filter(client=client)),
        upcoming=list(care.upcoming(client, at)[:6]),
        recent=list(care.past_appointments(course, at)[:5]) if course else [],
        responses=list(feedback.responses_in(course).exclude(pk__in=[r.pk for r in hidden])[:20]) if course else [],
        sent=list(feedback.open_assignments(client)),
        changes=list(reversed(changes)),
        strengths=list(care.current_strengths(client)),
        choices=care.latest_choices(client),
        last_summary=care.last_summary(course) if course and is_own else None,
        plan=feedback.planned_names(course) if course else (),
        consultations=list(course.consultations.filter(closed_at=None)) if course else [],
        episode=_episode(hat, client, at) if is_own else None,
        notes=growth.notes_about(hat, client, at) if is_own else (),
        is_own=is_own,
        cover=None if is_own else care.cover_of(hat, client),
    )


def _lines(course: "Course", hidden: list[int]) -> tuple[Line, ...]:
    return tuple(map(Line, feedback.with_check_marks(course, feedback.trajectories_of(course, hidden))))


def _episode(hat: Hat, client: "Client", at: datetime) -> "ShownEpisode | None":
    found = growth.open_episode_with(hat, client, at)
    return growth.show_episode(hat, found, at) if found else None


def line_picture(hat: Hat, client: "Client", course: "Course", measure_id: str, fit: str) -> SafeString | None:
    """The therapist's picture of one line of a course; None where nothing of it may be looked at yet."""
    hidden = [response.pk for response in feedback.hidden_responses([client])]
    line = next((each for each in feedback.trajectories_of(course, hidden) if each.measure_id == measure_id), None)
    if line is None:
        return None
    (line,) = feedback.with_check_marks(course, [line])
    changes = list(course.changes.order_by("made_at"))
    tried = growth.room_marks(hat, course)
    return therapists_picture(line, fit, changes, feedback.watched_responses(course, hidden), tried)


def shared_lines(
    course: "Course", hidden: list[int], changes: list[Any], until: date | None = None
) -> tuple[Line, ...]:
    """Every trajectory of a course, up to a day, as client and therapist look at it together."""
    found = feedback.trajectories_of(course, hidden, until)
    return tuple(Line(each, shared_picture(each, changes)) for each in found)


def _new_answers(hat: Hat, hidden: list[Any], at: datetime, *, is_own: bool) -> NewAnswers | None:
    if not hidden:
        return None
    planned = {measure_id: place for place, measure_id in enumerate(feedback.plan_of(hidden[0].course))}
    in_order = sorted(hidden, key=lambda each: planned.get(each.measure_id, len(planned)))
    first = next((each for each in in_order if each.version.facts["validated"]), in_order[0])
    asks = is_own and feedback.may_be_asked_to_guess(hat.member, first.course, first.measure_id, at)
    return NewAnswers(first, tuple(dict.fromkeys(each.version.facts["short"] for each in in_order)), asks)


def _shown_signal(client: "Client", hidden: set[int], *, is_own: bool) -> ShownSignal | None:
    row = feedback.waiting_signals(client).select_related("response__version", "course").first()
    if row is None or row.response_id in hidden:
        return None
    return ShownSignal(
        row=row,
        title=feedback.signal_title(row.kind, row.level, row.occasion),
        reasons=feedback.reason_sentences(row.reasons),
        has_been_brought=row.answers.filter(choice="bring").exists(),
        is_own=is_own,
    )
