"""Minutes practised against what is good for somebody: 45 at a stretch, and one day of rest in seven."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shoshin.science import load
from shoshin.welfare.models import LoadNote
from shoshin.welfare.queries.days import day_of, own, start_of_day
from shoshin.welfare.queries.gates import Known, budget_on, known_of

if TYPE_CHECKING:
    from shoshin.people.models import Membership

BREAK = timedelta(minutes=30)  # a break from which on a new block begins; our choice
DAYS_IN_A_ROW = 6  # after these the seventh is a day of rest


@dataclass(frozen=True)
class Practised:
    """What was practised, in minutes, and what that suggests."""

    today: int
    block: int  # the block that goes on, or that has just ended; 0 after a break
    week: int  # the last seven days, today among them
    rest_day_due: bool
    stop: load.Stop

    @property
    def block_full(self) -> bool:
        return self.block >= load.BLOCK_MINUTES


def practised(member: "Membership", at: datetime) -> Practised:
    """How much practice today and this week holds, and whether it is enough. A suggestion, never a lock."""
    return practised_by(member, at, known_of(member, at))


def practised_by(member: "Membership", at: datetime, known: Known) -> Practised:
    """The same, where what the gate is made from was read already."""
    today = day_of(member.clinic, at)
    since = start_of_day(member.clinic, today - timedelta(days=6))
    found = LoadNote.objects.filter(own(member), ended_at__gte=since, ended_at__lte=at)
    notes = list(found.order_by("ended_at", "pk"))
    days = [day_of(member.clinic, note.ended_at) for note in notes]
    now = [note for note, day in zip(notes, days, strict=True) if day == today]
    before = {day for day in days if day < today}
    return Practised(
        today=sum(note.minutes for note in now),
        block=_block(now, at),
        week=sum(note.minutes for note in notes),
        rest_day_due=len(before) >= DAYS_IN_A_ROW,
        stop=_stop(known, now),
    )


def _block(notes: Sequence[LoadNote], at: datetime) -> int:
    """The minutes of the stretches that lie together without a break, up to now."""
    minutes, begins = 0, at
    for note in reversed(notes):
        if begins - note.ended_at >= BREAK:
            break
        minutes += note.minutes
        begins = note.ended_at - timedelta(minutes=note.minutes)
    return minutes


def _stop(known: Known, notes: Sequence[LoadNote]) -> load.Stop:
    """Whether today's practice has used up today's budget."""
    done: list[tuple[float, load.Label | None]] = [
        (float(note.minutes), "too_hard" if note.too_hard else None) for note in notes
    ]
    return load.stop_rule(budget_on(known, load.BLOCK_MINUTES), done)
