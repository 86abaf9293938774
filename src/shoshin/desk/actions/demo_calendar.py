"""Putting simulated courses on a calendar: weekly appointments kept, missed, cancelled and moved."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shoshin.desk.actions.demo_chance import Chance
from shoshin.science.simulation import Appointment as Answered
from shoshin.science.simulation import Course as Simulated

WEEK = timedelta(weeks=1)
MISSED, CANCELLED, MOVED = 0.05, 0.06, 0.05
PLANNED_AHEAD = 5
REFERRED = 0.06


@dataclass(eq=False)
class Visit:
    """One appointment on the calendar. `number` counts the kept ones, and the one that comes next."""

    starts_at: datetime
    state: str
    state_at: datetime
    side: str = ""
    number: int | None = None
    moved_to: "Visit | None" = None
    row: Any = None


@dataclass
class DatedCourse:
    """A simulated course with its days. `next_visit` is the appointment an open course waits for."""

    simulated: Simulated
    visits: list[Visit]
    ended_on: date | None = None
    ending: str = ""
    next_visit: Visit | None = None
    opened_on: date = field(init=False)

    def __post_init__(self) -> None:
        self.opened_on = self.visits[0].starts_at.date() - timedelta(days=3)

    def answered(self, number: int) -> Answered:
        """What the client answered around the appointment with this number."""
        return self.simulated.appointments[number - 1]

    @property
    def kept(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.state == "kept"]

    def kept_before(self, moment: datetime) -> int:
        return sum(visit.starts_at < moment for visit in self.kept)


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def ended_course(simulated: Simulated, last_on: date, clock: time, zone: ZoneInfo, chance: Chance) -> DatedCourse:
    """A course that is over: its last kept appointment is on this day."""
    visits = _kept_back(range(len(simulated.appointments), 0, -1), last_on, clock, zone, chance)
    if simulated.ending == "planned":
        ending = "referred" if chance.happens(REFERRED) else "planned"
        return DatedCourse(simulated, visits, last_on, ending)
    absent = moment(last_on + WEEK, clock, zone)
    visits.append(Visit(absent, "missed", absent + timedelta(hours=1), side="client"))
    return DatedCourse(simulated, visits, last_on + timedelta(days=16), "unplanned")


def open_course(
    simulated: Simulated, held: int, next_on: date, clock: time, zone: ZoneInfo, chance: Chance
) -> DatedCourse:
    """A course under way: so many appointments held, the next on this day, more planned after it."""
    visits = _kept_back(range(held, 0, -1), next_on - WEEK, clock, zone, chance)
    first = visits[0].starts_at if visits else moment(next_on, clock, zone)
    booked = first - timedelta(days=3)
    ahead = [Visit(moment(next_on + week * WEEK, clock, zone), "planned", booked) for week in range(PLANNED_AHEAD)]
    ahead[0].number = held + 1
    return DatedCourse(simulated, visits + ahead, next_visit=ahead[0])


def _kept_back(numbers: Iterable[int], last_on: date, clock: time, zone: ZoneInfo, chance: Chance) -> list[Visit]:
    """Kept appointments from the last one back to the first, week by week, with what came between."""
    found: list[Visit] = []
    day = last_on
    for number in numbers:
        starts = moment(day, clock, zone)
        if found and (gap := _gap(starts, chance)):
            found.append(gap)
            day -= WEEK
            starts = moment(day, clock, zone)
        held = Visit(starts, "kept", starts + timedelta(hours=1), number=number)
        found.append(held)
        if number > 1 and day < last_on and chance.happens(MOVED):
            found.append(_moved(held, chance))
        day -= WEEK
    return sorted(found, key=lambda visit: visit.starts_at)


def _gap(starts: datetime, chance: Chance) -> Visit | None:
    """What stands in a week without a kept appointment: missed, or called off."""
    drawn = chance.rng.random()
    if drawn < MISSED:
        return Visit(starts, "missed", starts + timedelta(hours=1), side="client")
    if drawn < MISSED + CANCELLED:
        notice = timedelta(hours=chance.between(3, 90))
        return Visit(starts, "cancelled", starts - notice, side="therapist" if chance.happens(0.3) else "client")
    return None


def _moved(held: Visit, chance: Chance) -> Visit:
    """The row a moved appointment leaves behind: it was to be a day or two before it was held."""
    first = held.starts_at
    held.starts_at = first + timedelta(days=chance.between(1, 2))
    held.state_at = held.starts_at + timedelta(hours=1)
    side = "therapist" if chance.happens(0.4) else "client"
    return Visit(first, "moved", first - timedelta(days=chance.between(1, 3)), side=side, moved_to=held)
