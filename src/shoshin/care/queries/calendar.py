"""The clinic's calendar: days and times on its own wall clock, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from shoshin.people.queries import day_of, zone_of

if TYPE_CHECKING:
    from shoshin.people.models import Clinic

__all__ = [
    "EARLIEST_DAY",
    "FURTHEST_AHEAD",
    "OUT_OF_REACH",
    "day_of",
    "is_in_reach",
    "moment_on",
    "start_of_day",
    "weekly_days",
    "zone_of",
]

EARLIEST_DAY = date(1950, 1, 1)
FURTHEST_AHEAD = timedelta(days=731)
OUT_OF_REACH = _("A day before 1950 or more than two years ahead cannot be right. Check the year.")


def is_in_reach(day: date, today: date) -> bool:
    """Whether anything here can lie on this day: a slip in the year is caught, and sums of days stay possible."""
    return EARLIEST_DAY <= day <= today + FURTHEST_AHEAD


def start_of_day(clinic: "Clinic", day: date) -> datetime:
    """The moment a day begins at the clinic."""
    return datetime.combine(day, time(0), tzinfo=zone_of(clinic))


def moment_on(day: date, clock_time: time, zone: ZoneInfo) -> datetime | None:
    """The moment a wall clock shows this day and time; none where the clocks jump over it.

    Where the clocks go back and a time comes twice, the first one is meant.
    """
    local = datetime.combine(day, clock_time, tzinfo=zone)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def weekly_days(first: date, weeks: int) -> tuple[date, ...]:
    """The same weekday, for so many weeks in a row."""
    return tuple(first + timedelta(weeks=week) for week in range(weeks))
