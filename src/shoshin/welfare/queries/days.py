"""Days on the clinic's own calendar, and whose rows are one's own."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership


def day_of(clinic: "Clinic", at: datetime) -> date:
    """The day on the clinic's calendar at a moment."""
    return at.astimezone(ZoneInfo(clinic.time_zone)).date()


def start_of_day(clinic: "Clinic", day: date) -> datetime:
    """The moment a day begins at the clinic."""
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(clinic.time_zone))


def own(member: "Membership") -> Q:
    """The rows a person noted about themself in this clinic, under any of their hats there. Nobody else's, ever."""
    return Q(person_id=member.person_id, clinic_id=member.clinic_id)
