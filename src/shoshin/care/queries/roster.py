"""Who answers for a client, moment by moment: the therapist or cover, the leads, the people on duty.

The roster of a clinic is read once, and every question about any later moment is then answered from memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q

from shoshin.care.models import Absence, Duty, ReadingHour
from shoshin.care.queries.calendar import moment_on, zone_of

if TYPE_CHECKING:
    from shoshin.care.models import Client
    from shoshin.people.models import Clinic, Membership

LOOKED_AHEAD = timedelta(days=14)  # how far gaps in cover are looked for
FURTHEST = 92  # days after which no next reading is looked for
PROMISED_WITHIN = timedelta(hours=72)


@dataclass(frozen=True)
class Responders:
    """Who is told of a marked safety question, rung by rung. A rung may be empty; the last one is not.

    `duty` are the people named to the client; where none is named or all are away, the leads, then the owner.
    """

    first: "tuple[Membership, ...]"
    leads: "tuple[Membership, ...]"
    duty: "tuple[Membership, ...]"
    nobody_is_here: bool = False

    @property
    def everyone(self) -> "tuple[Membership, ...]":
        """Everybody of all rungs, once each."""
        return tuple({member.pk: member for member in (*self.first, *self.leads, *self.duty)}.values())


@dataclass(frozen=True)
class Reading:
    """The next time somebody has promised to read: from when, until when, and who."""

    when: datetime
    until: datetime
    member: "Membership"


@dataclass(frozen=True)
class Gap:
    """A time at which a member is away and nobody who is here has agreed to cover."""

    member: "Membership"
    begins_at: datetime
    ends_at: datetime
    absence: Absence


@dataclass(frozen=True)
class Roster:
    """A clinic's people from a moment on: who is here, who is away, who covers, which hours are promised.

    Good for this moment and every later one; each part is read once, when it is first asked for.
    """

    clinic: "Clinic"
    since: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.clinic)

    @cached_property
    def members(self) -> "tuple[Membership, ...]":
        """Everybody whose place and account are open."""
        here = self.clinic.memberships.filter(ended_at=None, person__is_active=True)
        return tuple(here.select_related("person").order_by("person__name", "pk"))

    @cached_property
    def absences(self) -> tuple[Absence, ...]:
        """Absences that are not over, with the colleagues asked."""
        standing = Q(cancelled_at=None) | Q(cancelled_at__gt=self.since)
        rows = Absence.objects.filter(standing, clinic=self.clinic, ends_at__gt=self.since)
        return tuple(rows.select_related("member").prefetch_related("covers").order_by("begins_at", "pk"))

    @cached_property
    def hours(self) -> tuple[ReadingHour, ...]:
        """Hours promised now."""
        standing = Q(ended_at=None) | Q(ended_at__gt=self.since)
        rows = ReadingHour.objects.filter(standing, clinic=self.clinic, promised_at__lte=self.since)
        return tuple(rows.select_related("member").order_by("weekday", "begins", "pk"))

    @cached_property
    def on_duty(self) -> frozenset[int]:
        """The memberships named to clients."""
        return frozenset(Duty.objects.filter(clinic=self.clinic, ended_at=None).values_list("member_id", flat=True))

    def is_absent(self, member: "Membership", at: datetime) -> bool:
        """Whether the person is away, under whichever of their memberships."""
        return any(each.is_in_force(at) for each in self.absences_of(member))

    def absences_of(self, member: "Membership") -> list[Absence]:
        return [each for each in self.absences if each.member.person_id == member.person_id]

    def covering(self, member: "Membership", at: datetime) -> "tuple[Membership, ...]":
        """Who has agreed to cover a member's absence at this moment, and is here to do it."""
        here = {each.pk: each for each in self.members}
        agreed = (
            here.get(cover.colleague_id)
            for absence in self.absences_of(member)
            if absence.is_in_force(at)
            for cover in absence.covers.all()
            if cover.is_accepted(at)
        )
        return tuple({each.pk: each for each in agreed if each and not self.is_absent(each, at)}.values())

    def responders(self, client: "Client", at: datetime) -> Responders:
        """The rungs at one moment."""
        held = tuple(each for each in self.members if each.pk == client.therapist_id)
        first = tuple(each for each in held if not self.is_absent(each, at))
        if held and not first:
            first = self.covering(held[0], at)
        leads = tuple(each for each in self.members if each.role == "lead")
        owners = tuple(each for each in self.members if each.is_owner)
        duty = tuple(each for each in self.members if each.pk in self.on_duty)
        rungs = [self._here(rung, at) for rung in (duty, leads, owners)]
        present = next((rung for rung in rungs if rung), ())
        last_resort = next((rung for rung in (duty, leads, owners) if rung), ())
        nobody = not (first or present)
        return Responders(first, self._here(leads, at), present or last_resort, nobody)

    def _here(self, members: "Iterable[Membership]", at: datetime) -> "tuple[Membership, ...]":
        return tuple(each for each in members if not self.is_absent(each, at))

    def next_reading(self, client: "Client", at: datetime) -> Reading | None:
        """The next moment within a promised hour of somebody who answers for the client and is not away."""
        first_day = at.astimezone(self.zone).date()
        ever = self._may_answer(client)
        hours = [hour for hour in self.hours if hour.member.person_id in ever]
        for ahead in range(FURTHEST if hours else 0):
            found = list(self._readings_on(first_day + timedelta(days=ahead), hours, client, at))
            if found:
                return min(found, key=lambda reading: reading.when)
        return None

    def _may_answer(self, client: "Client") -> set[int]:
        """The people who may at some moment answer for a client, so that nobody else's hours are looked through."""
        asked = {cover.colleague_id for each in self.absences for cover in each.covers.all()}
        named = asked | self.on_duty | {client.therapist_id}
        return {each.person_id for each in self.members if each.pk in named or each.is_owner or each.role == "lead"}

    def _readings_on(self, day: date, hours: list[ReadingHour], client: "Client", at: datetime) -> Iterator[Reading]:
        for hour in (each for each in hours if each.weekday == day.weekday()):
            begins, until = hour_on(day, hour.begins, hour.ends, self.zone)
            for when in self._moments(max(begins, at), until):
                answering = self._here(self.responders(client, when).everyone, when)
                who = next((each for each in answering if each.person_id == hour.member.person_id), None)
                if who is not None:
                    yield Reading(when, min([until, *self._moments_of(who, when, until)]), who)
                    break

    def _moments(self, begins: datetime, until: datetime) -> list[datetime]:
        """The beginning of an hour, and each moment in it at which somebody leaves or comes back."""
        changes = {moment for each in self.absences for moment in (each.begins_at, each.ends_at)}
        return [begins, *sorted(each for each in changes if begins < each < until)] if begins < until else []

    def _moments_of(self, member: "Membership", when: datetime, until: datetime) -> list[datetime]:
        """When this member's own absence cuts an hour short."""
        return [each.begins_at for each in self.absences_of(member) if when < each.begins_at < until]

    def gaps_of(self, member: "Membership", at: datetime, until: datetime) -> list[Gap]:
        """The parts of a member's absences, up to a moment, that nobody covers."""
        found: list[Gap] = []
        for absence in self.absences_of(member):
            begins, ends = max(absence.begins_at, at), min(absence.ends_at, until)
            edges = [*self._moments(begins, ends), ends]
            for since, to in pairwise(edges):
                if self.covering(member, since):
                    continue
                if found and found[-1].ends_at == since and found[-1].absence == absence:
                    since = found.pop().begins_at
                found.append(Gap(member, since, to, absence))
        return found

    def gaps_ahead(self, member: "Membership", at: datetime) -> list[Gap]:
        """A member's own gaps within two weeks."""
        return self.gaps_of(member, at, at + LOOKED_AHEAD)

    def gaps_of_others(self, member: "Membership", at: datetime) -> list[Gap]:
        """For an owner or lead: gaps of others that begin within a day, or are there already."""
        others = [each for each in self.members if each.role != "operator" and each.person_id != member.person_id]
        gaps = [gap for each in others for gap in self.gaps_ahead(each, at)]
        return [gap for gap in gaps if gap.begins_at < at + timedelta(days=1)]


def hour_on(day: date, begins: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A promised hour on one day. Where the clocks jump over an end of it, what is left of it; perhaps nothing."""
    start = datetime.combine(day, begins, tzinfo=zone).astimezone(UTC)
    end = moment_on(day, ends, zone) or datetime.combine(day, ends, tzinfo=zone).replace(fold=1)
    return start, end.astimezone(UTC)


def roster_of(clinic: "Clinic", at: datetime) -> Roster:
    """The roster of a clinic, good for this moment and every later one."""
    return Roster(clinic, at)


def responders(client: "Client", at: datetime) -> Responders:
    """Who answers for a client at this moment: therapist or accepted cover, leads, and the people on duty."""
    return roster_of(client.clinic, at).responders(client, at)


def next_reading(client: "Client", at: datetime) -> Reading | None:
    """The next moment, from this one on, within a promised hour of somebody who answers for the client."""
    return roster_of(client.clinic, at).next_reading(client, at)


def is_read_in_time(client: "Client", at: datetime) -> bool:
    """Whether somebody has promised to read within 72 hours: without that, no safety question is sent."""
    reading = next_reading(client, at)
    return reading is not None and reading.when <= at + PROMISED_WITHIN


def cover_gaps(member: "Membership", at: datetime) -> list[Gap]:
    """When this member is away within two weeks and nobody covers: warned of until somebody has agreed."""
    return roster_of(member.clinic, at).gaps_ahead(member, at)
