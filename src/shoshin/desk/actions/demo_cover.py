"""Who is there in the demo clinic: everybody's reading hours, the lead on duty, and one request to cover."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from shoshin.care import actions as care_actions
from shoshin.care import queries as care
from shoshin.desk.actions.demo_words import words

if TYPE_CHECKING:
    from shoshin.people.models import Membership

FIRST_HOUR = 8
WEEKDAYS, WEEKEND = range(5), range(5, 7)
AWAY_IN, AWAY_FOR = timedelta(days=10), timedelta(days=4)


def promise_and_name(
    owner: "Membership", therapists: "list[Membership]", *, lead: "Membership", began: datetime, at: datetime
) -> None:
    """Therapists read on weekday mornings, the lead at weekends; a colleague asks the owner to cover."""
    for place, therapist in enumerate(therapists):
        begins = time(FIRST_HOUR, 10 * (place % 3))
        hours = [(weekday, begins, time(FIRST_HOUR + 1)) for weekday in WEEKDAYS]
        care_actions.set_reading_hours(member=therapist, hours=hours, by=therapist, at=began)
    noon = [(weekday, time(12), time(13)) for weekday in WEEKEND]
    care_actions.set_reading_hours(member=lead, hours=noon, by=lead, at=began)
    care_actions.name_duty(member=lead, by=owner, at=began)
    if len(therapists) > 1:
        first_day = care.day_of(owner.clinic, at + AWAY_IN)
        care_actions.enter_absence(
            member=therapists[1],
            from_day=first_day,
            until_day=first_day + AWAY_FOR,
            colleague=owner,
            handover=words()["handover"],
            by=therapists[1],
            at=at,
        )
