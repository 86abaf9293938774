"""One goal at a time, a week that fits, and the minutes that were practised."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.people import queries as people
from shoshin.practice.models import Goal, Minutes, Mode, Plan, Reaction, Round, Skill, Stopped
from shoshin.welfare import actions as welfare

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_SENTENCE = 240
MOST_A_WEEK = 20 * 60
MOST_A_DAY = 8 * 60
LONGEST_COUNTED = 45  # minutes of one round; a page left open is no practice


class CannotPlan(ValueError):
    """A goal or a plan that does not hold together. Nothing was changed."""


@dataclass(frozen=True)
class WeekThatFits:
    """What a person can give: minutes, the share alone in percent, weekdays (0 Monday), and hours without reminders."""

    minutes_a_week: int
    solo_share: int
    days: tuple[int, ...]
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    reminds: bool = False


@action("practice.choose_goal")
def choose_goal(*, sentence: str, skill: Skill | None, by: "Membership", at: datetime) -> Goal:
    """Make this the one active goal. The one before it rests, with everything practised for it."""
    sentence = " ".join(sentence.split())
    if not sentence:
        raise CannotPlan(_("Say in one sentence what you would like to meet differently."))
    if len(sentence) > LONGEST_SENTENCE:
        raise CannotPlan(_("A goal fits in 240 characters. Nothing was saved; say it shorter."))
    Goal.objects.filter(member=by, ended_at=None).update(ended_at=at)
    return Goal.objects.create(clinic=by.clinic, member=by, skill=skill, sentence=sentence, chosen_at=at)


@action("practice.rest_goal")
def rest_goal(*, goal: Goal, by: "Membership", at: datetime) -> Goal:
    """Lay a goal aside. Nobody asks why."""
    if goal.ended_at is None:
        goal.ended_at = at
        goal.save(update_fields=["ended_at"])
    return goal


@action("practice.plan_week")
def plan_week(*, week: WeekThatFits, by: "Membership", at: datetime) -> Plan:
    """Set how much fits in a week. Changing it is free, and an empty week leaves no debt; reminders begin anew."""
    if not 0 <= week.minutes_a_week <= MOST_A_WEEK:
        raise CannotPlan(_("A week has room for 0 to 1,200 minutes of practice. Nothing was changed."))
    if not 0 <= week.solo_share <= 100 or any(day not in range(7) for day in week.days):
        raise CannotPlan(_("Choose a share from 0 to 100 percent, and days of the week. Nothing was changed."))
    facts = {
        "minutes_a_week": week.minutes_a_week,
        "solo_share": week.solo_share,
        "days": sorted(set(week.days)),
        "quiet_from": week.quiet_from,
        "quiet_until": week.quiet_until,
        "reminds": week.reminds,
        "unanswered_since": None,
        "rested_on": None,
        "made_at": at,
        "clinic": by.clinic,
    }
    plan, _made = Plan.objects.update_or_create(member=by, defaults=facts)
    return plan


@action("practice.log_minutes")
def log_minutes(*, minutes: int, mode: str, on: date, by: "Membership", at: datetime) -> Minutes:
    """Note time practised elsewhere: alone, in a pair or with a coach."""
    if not 1 <= minutes <= MOST_A_DAY or mode not in Mode.values:
        raise CannotPlan(_("Enter 1 to 480 minutes and say with whom. Nothing was changed."))
    if on > people.day_of(by.clinic, at):
        raise CannotPlan(_("This day has not come yet. Nothing was changed."))
    goal = Goal.objects.filter(member=by, ended_at=None).first()
    return Minutes.objects.create(
        clinic=by.clinic, member=by, goal=goal, mode=mode, on=on, minutes=minutes, entered_at=at
    )


@action("practice.count_round")
def count_round(*, round: Round, by: "Membership | Actor", at: datetime) -> Minutes | None:
    """Count the minutes of a round that ended: from its beginning to its last answer, 45 at most."""
    last = round.attempts.order_by("-answered_at").first()
    if last is None:
        return None
    passed = (last.answered_at - round.began_at).total_seconds() / 60
    minutes = min(max(int(passed) + 1, 1), LONGEST_COUNTED)
    too_hard = round.attempts.filter(reaction=Reaction.TOO_HARD).exists()
    ended_at = last.answered_at if round.stopped == Stopped.LEFT else at
    welfare.note_load(
        member=round.member, minutes=minutes, strain=None, too_hard=too_hard, ended_at=ended_at, by=by, at=at
    )
    return Minutes.objects.create(
        clinic=round.clinic,
        member=round.member,
        goal=round.goal,
        round=round,
        mode=round.mode,
        on=people.day_of(round.clinic, last.answered_at),
        minutes=minutes,
        entered_at=at,
    )
