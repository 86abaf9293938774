"""Whether an episode has closed by now, and where the client's own answers stand beside its beginning.

Looking writes nothing: what the daily task will write is computed here from the same rows.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from shoshin.feedback import queries as feedback
from shoshin.growth.models import Episode, Outcome
from shoshin.people import queries as people
from shoshin.science.change import judge_change

if TYPE_CHECKING:
    from shoshin.care.models import Course
    from shoshin.feedback.queries import Trajectory

KEPT_APPOINTMENTS, LONGEST = 4, timedelta(weeks=8)
OUTCOMES = {"worse": Outcome.WORSE, "unchanged": Outcome.SAME}


@dataclass(frozen=True)
class Standing:
    """Where an episode is: closed at a moment with an outcome, or going on (`closed_at` None, `outcome` empty).

    Scores are points of the episode's measure; in which direction they are worse is the measure's own.
    """

    closed_at: datetime | None
    outcome: str
    opening_score: float | None
    latest_score: float | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def standing_of(episode: Episode, at: datetime) -> Standing:
    """How the episode stands at this moment. Of a client who is no longer the author's, nothing new is read."""
    opening = episode.opening_score
    if episode.closed_at is not None:
        return Standing(episode.closed_at, episode.outcome, opening, episode.closing_score)
    if not is_still_mine(episode):
        return Standing(at, Outcome.UNKNOWN, opening, None)
    ended = _ended(episode, at)
    line = line_of(episode, people.day_of(episode.clinic, ended or at))
    since = [point.value for point in line.points if point.day > _opening_day(episode)] if line else []
    latest = since[-1] if since else None
    outcome = _outcome(opening, latest, line) if ended else ""
    return Standing(ended, outcome, opening, latest)


def is_still_mine(episode: Episode) -> bool:
    """Whether the client is still in its author's care."""
    return episode.client.therapist_id == episode.member_id and episode.member.ended_at is None


def main_line(course: "Course", until: date | None = None) -> "Trajectory | None":
    """The line a course is judged by: its first validated measure with a reliable change, else its first measure.

    Answers that wait to be opened are left out, and so is the appointment check.
    """
    lines = [each for each in _lines(course, until) if each.measure_id != feedback.APPOINTMENT_CHECK]
    judged = [line for line in lines if line.validated and line.figure.points is not None]
    return next(iter(judged or lines), None)


def _lines(course: "Course", until: date | None) -> "tuple[Trajectory, ...]":
    hidden = [response.pk for response in feedback.hidden_responses([course.client])]
    return feedback.trajectories_of(course, hidden, until)


def line_of(episode: Episode, until: date) -> "Trajectory | None":
    """The line of the episode's measure up to a day, as far as its answers have been opened."""
    return next((line for line in _lines(episode.course, until) if line.measure_id == episode.measure), None)


def _opening_day(episode: Episode) -> date:
    return people.day_of(episode.clinic, episode.opened_at)


def _ended(episode: Episode, at: datetime) -> datetime | None:
    """The moment it closed, known from the day after on: that day's answers still belong to it."""
    kept = episode.course.appointments.filter(state="kept", starts_at__gt=episode.opened_at).order_by("starts_at")
    last = list(kept.values_list("starts_at", flat=True)[:KEPT_APPOINTMENTS])
    moments = [episode.closes_at, *last[KEPT_APPOINTMENTS - 1 :]]
    ended = min(moments)
    is_over = people.day_of(episode.clinic, ended) < people.day_of(episode.clinic, at)
    return ended if is_over else None


def _outcome(opening: float | None, latest: float | None, line: "Trajectory | None") -> Outcome:
    """Better or worse only by more than the measure's own error; not known where either score is missing."""
    if opening is None or latest is None or line is None or line.figure.points is None:
        return Outcome.UNKNOWN
    change = judge_change(
        opening,
        latest,
        reliable_points=line.figure.points,
        cutoff=None,
        higher_is_worse=line.higher_is_worse,
        official=line.figure.is_official,
    )
    return OUTCOMES.get(change.category, Outcome.BETTER)
