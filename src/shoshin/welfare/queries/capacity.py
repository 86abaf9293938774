"""How much was in somebody: today, and over the last weeks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.welfare.models import CapacityCheck, Cause, Easing, LoadNote
from shoshin.welfare.queries.days import day_of, own, start_of_day

if TYPE_CHECKING:
    from shoshin.people.models import Membership

WEEKS_SHOWN = 8


@dataclass(frozen=True)
class CapacityDay:
    """The last check of one day."""

    day: date
    capacity: int


def checks_of(member: "Membership", until: datetime) -> QuerySet[CapacityCheck]:
    """The member's own checks up to a moment, newest first."""
    found: QuerySet[CapacityCheck] = CapacityCheck.objects.filter(own(member), checked_at__lte=until)
    return found.order_by("-checked_at", "-pk")


def check_for(hat: Hat, pk: int) -> CapacityCheck:
    """One of the hat's own checks, or 404."""
    found = CapacityCheck.objects.filter(own(hat.member), pk=pk).first() if hat.member is not None else None
    if found is None:
        raise Http404("You have noted no such check.")
    return found


def check_today(member: "Membership", at: datetime) -> CapacityCheck | None:
    """The last check of today, on the clinic's calendar."""
    begins = start_of_day(member.clinic, day_of(member.clinic, at))
    return checks_of(member, at).filter(checked_at__gte=begins).first()


def capacity_days(member: "Membership", at: datetime) -> list[CapacityDay]:
    """Every day with a check, oldest first; where a day has several, its last one."""
    rows = checks_of(member, at).order_by("checked_at", "pk").values_list("checked_at", "capacity")
    days = {day_of(member.clinic, checked_at): capacity for checked_at, capacity in rows}
    return [CapacityDay(day, capacity) for day, capacity in days.items()]


def shown_days(days: list[CapacityDay], today: date) -> list[CapacityDay]:
    """The days of the last weeks: what the line shows."""
    return [each for each in days if each.day > today - timedelta(weeks=WEEKS_SHOWN)]


def loads_of(member: "Membership", until: datetime, since: datetime) -> QuerySet[LoadNote]:
    """The member's own practice between two moments, oldest first."""
    found: QuerySet[LoadNote] = LoadNote.objects.filter(own(member), ended_at__gt=since, ended_at__lte=until)
    return found.order_by("ended_at", "pk")


def easing_of(member: "Membership", at: datetime) -> Easing | None:
    """The member's own wish to go easier, while it lasts: the latest one."""
    found = Easing.objects.filter(own(member), began_at__lte=at, ends_at__gt=at)
    easing: Easing | None = found.order_by("-began_at", "-pk").first()
    return easing


def causes_in_words(check: CapacityCheck) -> list[str]:
    """What a check's capacity came from, as the person ticked it."""
    known = dict(Cause.choices)
    return [str(known[cause]) for cause in check.causes if cause in known]
