"""A clinic's own wall clock."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from shoshin.people.models import Clinic


def zone_of(clinic: "Clinic") -> ZoneInfo:
    """The clinic's time zone."""
    return ZoneInfo(clinic.time_zone)


def day_of(clinic: "Clinic", at: datetime) -> date:
    """The day on the clinic's calendar at a moment."""
    return at.astimezone(zone_of(clinic)).date()
