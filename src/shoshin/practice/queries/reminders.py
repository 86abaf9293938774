"""Who asked to be reminded and may be now: on a planned day, outside quiet hours, while the week has room."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from shoshin.people import queries as people
from shoshin.practice.models import Attempt, Minutes, Plan
from shoshin.practice.queries.goals import week_of
from shoshin.welfare import queries as welfare

if TYPE_CHECKING:
    from shoshin.people.models import Membership

RESTS_AFTER = timedelta(days=14)  # without any practice since the first reminder


def is_quiet(now: time, quiet_from: time, quiet_until: time) -> bool:
    """Whether these hours are quiet ones. They may cross midnight; from and until the same hour, none are."""
    if quiet_from <= quiet_until:
        return quiet_from <= now < quiet_until
    return now >= quiet_from or now < quiet_until


def due_plans(at: datetime) -> list[Plan]:
    """Plans whose person gets a reminder now."""
    asked = Plan.objects.filter(reminds=True, member__ended_at=None, member__person__is_active=True)
    return [plan for plan in asked.select_related("member__person", "member__clinic", "clinic") if is_due(plan, at)]


def is_due(plan: Plan, at: datetime) -> bool:
    """Whether one plan asks for a reminder now: at most one a planned day, and none on a day for rest."""
    member, today = plan.member, people.day_of(plan.clinic, at)
    now = at.astimezone(people.zone_of(plan.clinic)).time()
    if not plan.reminds or today.weekday() not in plan.days or plan.reminded_on == today:
        return False
    if is_quiet(now, plan.quiet_from, plan.quiet_until):
        return False
    week_is_full = week_of(member, today).total >= plan.minutes_a_week
    return not week_is_full and not has_practised(member, today, at) and welfare.gate(member, at).colour != "red"


def has_practised(member: "Membership", since: date, at: datetime) -> bool:
    """Whether anything was tried or noted from this day on."""
    if Minutes.objects.filter(member=member, on__gte=since).exists():
        return True
    last = Attempt.objects.filter(member=member, answered_at__lte=at).order_by("-answered_at").first()
    return last is not None and people.day_of(member.clinic, last.answered_at) >= since


def rests_now(plan: Plan, today: date, at: datetime) -> bool:
    """Whether reminders come to rest: two weeks since the first one, and no practice in them."""
    since = plan.unanswered_since
    return since is not None and today - since >= RESTS_AFTER and not has_practised(plan.member, since, at)
