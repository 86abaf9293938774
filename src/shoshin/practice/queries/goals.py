"""What a person is learning now, and how the week stands beside the plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum

from shoshin.practice.models import Goal, Minutes, Mode, Plan

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@dataclass(frozen=True)
class Week:
    """Minutes practised since Monday, by mode, and the share alone in percent (none where nothing was practised)."""

    begins: date
    minutes: dict[str, int]
    plan: Plan | None

    @property
    def total(self) -> int:
        return sum(self.minutes.values())

    @property
    def solo_share(self) -> int | None:
        return round(100 * self.minutes[Mode.SOLO] / self.total) if self.total else None

    @property
    def by_mode(self) -> list[tuple[str, int]]:
        """Each mode in words with its minutes."""
        return [(str(mode.label), self.minutes[mode]) for mode in Mode]


def active_goal(member: "Membership") -> Goal | None:
    """The one active goal, if one is chosen."""
    return Goal.objects.filter(member=member, ended_at=None).select_related("skill").first()


def earlier_goals(member: "Membership") -> list[Goal]:
    """Goals laid aside, newest first."""
    return list(Goal.objects.filter(member=member).exclude(ended_at=None).order_by("-ended_at")[:20])


def plan_of(member: "Membership") -> Plan | None:
    """The week that fits, if one was planned."""
    return Plan.objects.filter(member=member).first()


def week_of(member: "Membership", today: date) -> Week:
    """The running week, from Monday on."""
    monday = today - timedelta(days=today.weekday())
    rows = Minutes.objects.filter(member=member, on__range=(monday, monday + timedelta(days=6)))
    found = dict(rows.values_list("mode").annotate(Sum("minutes")))
    return Week(monday, {mode: found.get(mode, 0) for mode in Mode.values}, plan_of(member))
