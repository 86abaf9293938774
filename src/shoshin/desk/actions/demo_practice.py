"""What the demo clinic's owner practised: one episode that has closed, one that goes on, and the rounds for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shoshin.desk.actions.demo_calendar import Visit
from shoshin.desk.actions.demo_chance import Chance
from shoshin.desk.actions.demo_stories import Plan, Story
from shoshin.desk.actions.demo_words import words
from shoshin.growth import actions as growth
from shoshin.growth import queries as growth_queries
from shoshin.kit.action import SYSTEM
from shoshin.practice import actions as practice
from shoshin.practice import queries as practice_queries
from shoshin.welfare import actions as welfare

if TYPE_CHECKING:
    from shoshin.people.models import Membership
    from shoshin.practice.models import Attempt, Exercise, Skill

OVER, GOING_ON = range(4, 9), range(1, 4)  # appointments kept since an episode began
FIRST_ROUND, NEXT_ROUND, A_TRY = timedelta(hours=26), timedelta(days=5), timedelta(minutes=2)
CAPACITY, MINUTES, ALONE, DAYS = 6, 60, 70, (1, 3)


@dataclass(frozen=True)
class Beginning:
    """An answered signal from which an episode could begin, and the appointments kept since."""

    story: Story
    signal: Any
    since: list[Visit]

    @property
    def at(self) -> datetime:
        moment: datetime = self.signal.answered_at
        return moment


def beginnings(plan: Plan, stories: Sequence[Story], owner: "Membership") -> list[Beginning]:
    """For an episode that is over by now and for one that goes on: the owner's latest signal that fits, if any."""
    by_course = {id(each.course): each for each in stories if each.therapist is owner and each.dated.ended_on is None}
    found: list[Beginning] = []
    for signal in plan.rows.held["feedback.SignalRow"]:
        story = by_course.get(id(signal.course))
        if story is not None and signal.answered_at is not None:
            since = [visit for visit in story.dated.kept if signal.answered_at < visit.starts_at < plan.at]
            found.append(Beginning(story, signal, since))
    found.sort(key=lambda each: each.at)
    over = [each for each in found if len(each.since) in OVER][-1:]
    others = [each for each in found if not over or each.story is not over[0].story]
    return over + [each for each in others if len(each.since) in GOING_ON][-1:]


def practise(plan: Plan, begun: Sequence[Beginning], owner: "Membership") -> "list[Attempt]":
    """Live through the episodes, oldest first, by the same actions as anybody's, and give back what was tried."""
    tried: list[Attempt] = []
    for beginning, told in zip(begun, words()["practice"]["episodes"], strict=False):
        skill = practice_queries.skill_called(owner.clinic, told["skill"])
        if skill is not None:
            tried += _live_through(plan, beginning, told, skill, owner)
    week = practice.WeekThatFits(MINUTES, ALONE, DAYS)
    practice.plan_week(week=week, by=owner, at=plan.at - timedelta(days=30))
    welfare.check_capacity(member=owner, capacity=CAPACITY, by=owner, at=plan.at - timedelta(days=2))
    growth.close_due_episodes(by=SYSTEM, at=plan.at)
    return tried


def _live_through(
    plan: Plan, beginning: Beginning, told: dict[str, Any], skill: "Skill", owner: "Membership"
) -> "list[Attempt]":
    tried: list[Attempt] = []
    exercise = growth_queries.first_exercise(owner.clinic, skill)
    story, at = beginning.story, beginning.at + timedelta(minutes=10)
    episode = growth.open_episode(
        client=story.client, course=story.course, signal=beginning.signal, what=told["might_be"], by=owner, at=at
    )
    growth.meet_differently(episode=episode, sentence=told["sentence"], skill=skill, by=owner, at=at)
    for number, tries in enumerate(told["rounds"]):
        begins = at + FIRST_ROUND + number * NEXT_ROUND
        if exercise is not None and begins < plan.at:
            tried += play_round(exercise, tries, owner, begins, story.chance)
    for visit, did in zip(beginning.since, told["back"], strict=False):
        moment = visit.starts_at + timedelta(hours=1)
        if moment < plan.at:
            growth.note_back_in_room(episode=episode, appointment=visit.row, did=did, by=owner, at=moment)
    return tried


def play_round(
    exercise: "Exercise", tries: list[dict[str, Any]], member: "Membership", begins: datetime, chance: Chance
) -> "list[Attempt]":
    """One round of somebody's, as far as its reactions let it go on: what was tried, in order."""
    round = practice.start_round(exercise=exercise, key=chance.uuid(), by=member, at=begins)
    at, tried = begins, []
    for each in tries:
        if round.ended_at is not None:
            break
        at += A_TRY
        said = practice_queries.next_statement(round).statement
        answer = practice.Answer(chance.uuid(), "typed", each["says"])
        attempt = practice.record_attempt(round=round, statement=said, answer=answer, by=member, at=at)
        practice.rate_attempt(attempt=attempt, rating=each["met"], by=member, at=at)
        practice.record_reaction(attempt=attempt, felt=practice.Felt(each["felt"]), by=member, at=at)
        if each.get("taught"):
            practice.keep_mistake(attempt=attempt, lesson=each["taught"], keep=True, by=member, at=at)
        tried.append(attempt)
    practice.stop_round(round=round, by=member, at=at + A_TRY)
    return tried
