"""How today stands, for the person alone: as planned, gently, or rest first. The rules are science's (`science.load`).

Strain of a day is what is missing of ten in its last check. A check whose words sound like a crisis is not scored: it
leads to human help instead. Owners can make it gentler for themselves, never harder.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from shoshin.science import load
from shoshin.science.reasons import Reason
from shoshin.welfare.models import CapacityCheck, Easing, LoadNote
from shoshin.welfare.models.capacity import HIGHEST, Cause, Ease
from shoshin.welfare.queries.crisis import has_crisis_words
from shoshin.welfare.queries.days import day_of, own, start_of_day
from shoshin.welfare.queries.own_measures import latest_scores

if TYPE_CHECKING:
    from shoshin.people.models import Membership

FORGOTTEN_AFTER = 14  # days without a check after which nothing is known of today; our choice
SAYS_SOMETHING_FOR = 7  # days for which a check speaks for the week, and heavy words for today
HARD_STRAIN = 9  # strain of a stretch of practice that counts as a mark of strain
LOOKS_BACK = 3  # days whose gate may still ask for rest: as long as the longest cool-down
EASED_CAPACITY = {Ease.AMBER: 3, Ease.RED: 1}  # what a wish to go easier makes of a week at most; our choice


@dataclass(frozen=True)
class Gate(load.Gate):
    """How today stands, with its reasons. `signpost`: show where human help is. `easing`: the person's own wish."""

    signpost: bool = False
    easing: str = ""


@dataclass(frozen=True)
class Known:
    """What the gate of a day is made from, read once. Days are ordinals on the clinic's calendar."""

    today: int
    capacities: tuple[tuple[int, int], ...]
    marks: tuple[int, ...]
    burnout: float | None
    easings: tuple[tuple[str, int, int], ...]
    heavy_words_on: int | None
    names_crisis: bool

    @property
    def strains(self) -> list[load.CheckIn]:
        """Each day's strain, oldest first; none where the last check is long ago."""
        if not self.capacities or self.capacities[-1][0] < self.today - FORGOTTEN_AFTER:
            return []
        return [load.CheckIn(day, float(HIGHEST - capacity)) for day, capacity in self.capacities]

    def capacity_on(self, day: int) -> int | None:
        return dict(self.capacities).get(day)

    def easing_on(self, day: int) -> str:
        return next((colour for colour, first, last in self.easings if first <= day <= last), "")


@dataclass(frozen=True)
class Standing:
    """How today stands, and how much practice it has room for."""

    gate: Gate
    budget: load.Budget


def standing(member: "Membership", at: datetime) -> Standing:
    """How does today stand, and what may practice cost? Both from one reading."""
    known = known_of(member, at)
    return Standing(gate_on(known, known.today), budget_on(known, load.BLOCK_MINUTES))


def gate(member: "Membership", at: datetime) -> Gate:
    """Is today a day to practise as planned, to ease off, or to rest and talk to somebody?"""
    known = known_of(member, at)
    return gate_on(known, known.today)


def known_of(member: "Membership", at: datetime) -> Known:
    """Everything the gates of the last days are made from."""
    today = day_of(member.clinic, at)
    checks = list(CapacityCheck.objects.filter(own(member), checked_at__lte=at).order_by("checked_at", "pk"))
    heavy = [has_crisis_words(check.words) for check in checks]
    latest = checks[-1] if checks else None
    latest_day = day_of(member.clinic, latest.checked_at).toordinal() if latest else 0
    speaks = latest_day > today.toordinal() - SAYS_SOMETHING_FOR
    days = {
        day_of(member.clinic, check.checked_at).toordinal(): check.capacity
        for check, is_heavy in zip(checks, heavy, strict=True)
        if not is_heavy
    }
    return Known(
        today=today.toordinal(),
        capacities=tuple(days.items()),
        marks=_marks_of(member, today, at),
        burnout=max(latest_scores(member, "cbi", at).values(), default=None),
        easings=_easings_of(member, today, at),
        heavy_words_on=latest_day if heavy and heavy[-1] and speaks else None,
        names_crisis=latest is not None and speaks and Cause.CRISIS in latest.causes,
    )


def gate_on(known: Known, day: int) -> Gate:
    """How a day of the last days stands, or stood."""
    easing = known.easing_on(day)
    if known.heavy_words_on is not None and day >= known.heavy_words_on:
        return Gate("red", (Reason("crisis_words"),), by_strain=True, signpost=True, easing=easing)
    burnout, declared = known.burnout, easing == Ease.RED
    found = load.load_gate(known.strains, known.marks, today=day, burnout=burnout, declared=declared)
    if easing == Ease.AMBER and found.colour == "green":
        found = load.Gate("amber", (Reason("eased_by_yourself"),), by_strain=True)
    return Gate(found.colour, found.reasons, found.by_strain, signpost=known.names_crisis, easing=easing)


def rest_until(member: "Membership", at: datetime) -> tuple[date, tuple[Reason, ...]] | None:
    """Until which day harder rounds rest, and why; None where nothing asks for it."""
    return rest_on(known_of(member, at))


def rest_on(known: Known) -> tuple[date, tuple[Reason, ...]] | None:
    """The longest rest that today or one of the last days asks for."""
    lately = range(known.today - LOOKS_BACK, known.today + 1)
    rests = [load.cool_down(day, gate_on(known, day), ended_by_strain=day in known.marks) for day in lately]
    longest = max(rests, key=lambda rest: rest.until)
    return (date.fromordinal(longest.until), longest.reasons) if longest.until > known.today else None


def week_minutes(member: "Membership", at: datetime, planned: int) -> load.Week:
    """How many of the planned minutes fit this week? As planned where nobody has checked lately."""
    return week_on(known_of(member, at), planned, _causes_lately(member, at))


def week_on(known: Known, planned: int, causes: Sequence[str]) -> load.Week:
    """The same, from what was read. A wish to go easier counts like a low capacity."""
    lately = [capacity for day, capacity in known.capacities if day > known.today - SAYS_SOMETHING_FOR]
    capacity = lately[-1] if lately else HIGHEST
    easing = known.easing_on(known.today)
    if easing:
        capacity = min(capacity, EASED_CAPACITY[Ease(easing)])
    found = load.week_minutes(planned, capacity, [cause for cause in causes if cause in _LIFE])  # type: ignore[misc]
    return replace(found, reasons=(*found.reasons, Reason("eased_by_yourself"))) if easing else found


def budget(member: "Membership", at: datetime, minutes: int = load.BLOCK_MINUTES) -> load.Budget:
    """How much may practice cost today, in load points, attempts and level? A day without a check is a usual day."""
    return budget_on(known_of(member, at), minutes)


def budget_on(known: Known, minutes: int) -> load.Budget:
    """The same, from what was read."""
    capacity = known.capacity_on(known.today)
    strain = load.GROUP_MEAN if capacity is None else float(HIGHEST - capacity)
    return load.load_budget(minutes, gate_on(known, known.today), strain=strain)


_LIFE = ("work", "caring", "conflict", "sleep", "illness", "loss", "crisis")


def _causes_lately(member: "Membership", at: datetime) -> list[str]:
    """What the last check came from, where it still speaks for this week."""
    since = start_of_day(member.clinic, day_of(member.clinic, at) - timedelta(days=SAYS_SOMETHING_FOR - 1))
    rows = CapacityCheck.objects.filter(own(member), checked_at__gte=since, checked_at__lte=at)
    latest: CapacityCheck | None = rows.order_by("-checked_at", "-pk").first()
    return list(latest.causes) if latest is not None else []


def _marks_of(member: "Membership", today: date, at: datetime) -> tuple[int, ...]:
    """The days of marks of strain: a stretch that was too hard, or whose strain was close to the most there is."""
    since = start_of_day(member.clinic, today - timedelta(days=7 + LOOKS_BACK))
    marked = LoadNote.objects.filter(own(member), Q(too_hard=True) | Q(strain__gte=HARD_STRAIN))
    ends = marked.filter(ended_at__gte=since, ended_at__lte=at).order_by("ended_at").values_list("ended_at", flat=True)
    return tuple(day_of(member.clinic, ended_at).toordinal() for ended_at in ends)


def _easings_of(member: "Membership", today: date, at: datetime) -> tuple[tuple[str, int, int], ...]:
    """Wishes to go easier of the last days: colour, first day, last day. One that was ended counts no more today."""
    since = start_of_day(member.clinic, today - timedelta(days=LOOKS_BACK))
    rows = Easing.objects.filter(own(member), began_at__lte=at, ends_at__gte=since).order_by("-began_at", "-pk")
    return tuple(
        (
            colour,
            day_of(member.clinic, began_at).toordinal(),
            day_of(member.clinic, ends_at).toordinal() - (0 if ends_at > at else 1),
        )
        for colour, began_at, ends_at in rows.values_list("colour", "began_at", "ends_at")
    )
