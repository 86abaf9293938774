"""Opening an episode, choosing the moment, saying what came of it, and letting it close by itself.

Each is formative: the audit trail says who and when, and not about whom.
"""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shoshin.growth.models import BackInRoom, Did, Episode, Might
from shoshin.growth.queries.standing import LONGEST, main_line, standing_of
from shoshin.kit.action import action
from shoshin.people import queries as people
from shoshin.practice import actions as practice

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client, Course
    from shoshin.feedback.models import SignalRow
    from shoshin.people.models import Membership
    from shoshin.practice.models import Skill


class CannotGoOn(ValueError):
    """Something does not fit the episode. Nothing was changed; the message says what to do."""


@action("growth.open_episode", formative=True)
def open_episode(
    *,
    client: "Client",
    course: "Course | None",
    signal: "SignalRow | None",
    what: str,
    by: "Membership",
    at: datetime,
) -> Episode:
    """Say what a stall might be. Where an episode with this client goes on, its answer is put right instead."""
    if client.therapist_id != by.pk or course is None or course.client_id != client.pk or course.ended_on is not None:
        raise CannotGoOn(_("An episode belongs to an open course of a client of yours. Nothing was begun."))
    if what not in Might.values:
        raise CannotGoOn(_("Choose one of the five. “I don't know” is a good answer."))
    type(client).objects.select_for_update().get(pk=client.pk)  # a form sent twice opens one episode
    going_on = _rows().filter(member=by, client=client, closed_at=None).first()
    if going_on is not None and not _closed_by_now(going_on, at):
        going_on.what_might_be = what
        going_on.save(update_fields=["what_might_be"])
        return going_on
    line = main_line(course, people.day_of(client.clinic, at))
    return Episode.objects.create(
        clinic=client.clinic,
        member=by,
        client=client,
        course=course,
        signal=signal,
        what_might_be=what,
        opened_at=at,
        closes_at=at + LONGEST,
        measure=line.measure_id if line else "",
        opening_score=line.last.value if line else None,
    )


@action("growth.meet_differently", formative=True)
def meet_differently(
    *, episode: Episode, sentence: str, skill: "Skill | None", by: "Membership", at: datetime
) -> Episode:
    """Make the moment my one goal. Practice learns the sentence and the skill, and nothing of the client."""
    _going_on(episode, by, at)
    sentence = " ".join(sentence.split())
    if names_the_client(sentence, episode.client.code):
        raise CannotGoOn(_("This sentence holds your client's code. Leave it out: practice never learns who it was."))
    goal: Any = episode.goal
    chosen = (sentence, skill.pk if skill else None)
    if goal is None or goal.ended_at is not None or (goal.sentence, goal.skill_id) != chosen:
        try:
            episode.goal = practice.choose_goal(sentence=sentence, skill=skill, by=by, at=at)
        except practice.CannotPlan as refusal:
            raise CannotGoOn(str(refusal)) from None
    episode.sentence = sentence
    episode.save(update_fields=["goal", "sentence"])
    return episode


def names_the_client(sentence: str, code: str) -> bool:
    """Whether the code stands in the sentence as it is written; a code of one letter is taken for a word."""
    return len(code) > 1 and re.search(rf"(?<!\w){re.escape(code)}(?!\w)", sentence) is not None


@action("growth.note_back_in_room", formative=True)
def note_back_in_room(
    *, episode: Episode, appointment: "Appointment | None", did: str, by: "Membership", at: datetime
) -> BackInRoom:
    """One tap after an appointment. Another tap about the same one puts it right."""
    _going_on(episode, by, at)
    if did not in Did.values:
        raise CannotGoOn(_("Choose one of the three. Each of them is fine."))
    if not _is_kept_since(episode, appointment, at):
        raise CannotGoOn(_("This is about an appointment that was kept since the episode began. Nothing was changed."))
    row, _made = BackInRoom.objects.update_or_create(
        episode=episode, appointment=appointment, defaults={"did": did, "at": at}
    )
    return row


def _is_kept_since(episode: Episode, appointment: "Appointment | None", at: datetime) -> bool:
    if appointment is None or appointment.state != "kept" or appointment.course_id != episode.course_id:
        return False
    return episode.opened_at < appointment.starts_at <= at


@action("growth.close_due_episodes", formative=True)
def close_due_episodes(*, by: Any, at: datetime) -> int:
    """Close what has come to its end by itself, with its outcome. Says how many."""
    return sum(_closed_by_now(episode, at) for episode in _rows().filter(closed_at=None).order_by("pk"))


def _rows() -> Any:
    return Episode.objects.select_related("clinic", "member", "client", "course__client", "goal")


def _closed_by_now(episode: Episode, at: datetime) -> bool:
    """Write down that an episode has closed, where it has."""
    found = standing_of(episode, at)
    if found.closed_at is None:
        return False
    episode.closed_at, episode.outcome, episode.closing_score = found.closed_at, found.outcome, found.latest_score
    episode.save(update_fields=["closed_at", "outcome", "closing_score"])
    return True


def _going_on(episode: Episode, by: "Membership", at: datetime) -> None:
    if episode.member_id != by.pk or not standing_of(episode, at).is_open:
        raise CannotGoOn(_("This episode has closed. What is in it stays; begin another whenever you like."))
