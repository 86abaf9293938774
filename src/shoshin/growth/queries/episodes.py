"""An author's own episodes. Every query takes the hat: nobody else's are ever found."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404

from shoshin.care import queries as care
from shoshin.feedback import queries as feedback
from shoshin.growth.models import BackInRoom, Did, Episode, Outcome
from shoshin.growth.queries.standing import Standing, is_still_mine, line_of, standing_of
from shoshin.kit.policy import Hat
from shoshin.people import queries as people
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from datetime import date

    from shoshin.care.models import Appointment, Client, Course
    from shoshin.feedback.models import SignalRow
    from shoshin.feedback.queries import Trajectory
    from shoshin.practice.queries import TriedRound

CLOSED_SHOWN = 12


@dataclass(frozen=True)
class RoomMark:
    """An appointment at which the moment was met differently: for the author's own picture."""

    occasion: int
    day: "date"


@dataclass(frozen=True)
class ShownEpisode:
    """One episode as its author sees it: what was tried and what the client answered, as two separate things.

    `client` is None where the client is no longer the author's; then no figure of theirs is shown either.
    """

    episode: Episode
    client: "Client | None"
    standing: Standing
    line: "Trajectory | None"
    rounds: "tuple[TriedRound, ...]"
    asks_about: "Appointment | None"
    room: tuple[BackInRoom, ...]
    check_dropped: bool

    @property
    def tries(self) -> int:
        """How many statements were answered for this goal."""
        return sum(each.tries for each in self.rounds)

    @property
    def met(self) -> int:
        """In how many of them the criterion was met, by one's own rating."""
        return sum(each.met for each in self.rounds)

    @property
    def dids(self) -> list[tuple[str, str]]:
        """The three answers of one tap."""
        return [(did.value, str(did.label)) for did in Did]

    @property
    def outcome(self) -> str:
        """The outcome in words; empty while it goes on."""
        return str(Outcome(self.standing.outcome).label) if self.standing.outcome else ""


def _mine(hat: Hat) -> QuerySet[Episode]:
    found = Episode.objects.filter(member=hat.member)
    return found.select_related("clinic", "member", "client", "course__client", "goal__skill", "signal")


def episode_for(hat: Hat, pk: int) -> Episode:
    """One of this person's own episodes; 404 for anybody else's."""
    found = _mine(hat).filter(pk=pk).first()
    if found is None:
        raise Http404("No such episode of yours.")
    return found


def open_episode_with(hat: Hat, client: "Client", at: datetime) -> Episode | None:
    """The episode of mine that goes on with this client."""
    found = _mine(hat).filter(client=client, closed_at=None).first()
    return found if found is not None and standing_of(found, at).is_open else None


def show_episodes(hat: Hat, at: datetime) -> tuple[list[ShownEpisode], list[ShownEpisode]]:
    """My episodes: those going on, and the latest that have closed, each newest first."""
    rows = [*_mine(hat).filter(closed_at=None).order_by("-opened_at")]
    rows += _mine(hat).exclude(closed_at=None).order_by("-closed_at")[:CLOSED_SHOWN]
    shown = [show_episode(hat, row, at) for row in rows]
    return [each for each in shown if each.standing.is_open], [each for each in shown if not each.standing.is_open]


def show_episode(hat: Hat, episode: Episode, at: datetime) -> ShownEpisode:
    """An episode with what its author may see of it now."""
    mine = is_still_mine(episode) and care.clients_of(hat).filter(pk=episode.client_id).exists()
    if mine:
        hat.saw(episode.client_id)
    standing = standing_of(episode, at)
    rounds = practice.rounds_for(episode.goal) if episode.goal else ()
    return ShownEpisode(
        episode=episode,
        client=episode.client if mine else None,
        standing=standing,
        line=line_of(episode, people.day_of(episode.clinic, standing.closed_at or at)) if mine else None,
        rounds=rounds,
        asks_about=asks_about(episode, at) if mine and standing.is_open else None,
        room=tuple(episode.room.select_related("appointment").order_by("at")),
        check_dropped=mine and _check_dropped(episode, rounds, standing.closed_at),
    )


def asks_about(episode: Episode, at: datetime) -> "Appointment | None":
    """The latest kept appointment since the goal was chosen, if nothing was said of it yet. Never a pile of them."""
    if not episode.sentence:
        return None
    since = episode.goal.chosen_at if episode.goal else episode.opened_at
    kept = episode.course.appointments.filter(state="kept", starts_at__gt=since, starts_at__lte=at)
    last = kept.order_by("-starts_at").first()
    if last is None or episode.room.filter(appointment=last).exists():
        return None
    return last  # type: ignore[no-any-return]


def room_marks(hat: Hat, course: "Course") -> list[RoomMark]:
    """The appointments of a course at which this person met the moment differently; nobody else's marks."""
    rows = BackInRoom.objects.filter(episode__member=hat.member, episode__course=course, did=Did.DID_IT)
    return [
        RoomMark(
            care.kept_before(course, row.appointment.starts_at) + 1,
            people.day_of(course.clinic, row.appointment.starts_at),
        )
        for row in rows.select_related("appointment").order_by("appointment__starts_at")
    ]


def latest_signal(hat: Hat, client: "Client") -> "SignalRow | None":
    """The signal an episode would begin from: the newest of the client's open course that may be looked at."""
    hidden = {response.pk for response in feedback.hidden_responses([client])}
    rows = feedback.raised_signals(hat).filter(client=client).order_by("-raised_at")
    return next((row for row in rows if row.response_id not in hidden), None)


def _check_dropped(episode: Episode, rounds: "tuple[TriedRound, ...]", until: datetime | None) -> bool:
    """Whether an appointment check fell unusually low after the first round for this goal."""
    if not rounds:
        return False
    first = people.day_of(episode.clinic, rounds[0].began_at)
    hidden: list[Any] = [response.pk for response in feedback.hidden_responses([episode.client])]
    days = feedback.days_of_low_checks(episode.course, hidden)
    last = people.day_of(episode.clinic, until) if until else None
    return any(day > first and (last is None or day <= last) for day in days)
