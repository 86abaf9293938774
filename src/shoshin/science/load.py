"""How much practice fits into this person's day and week, and when is it time to ease off?

Everything here is the trainee's own and protects them: nothing judges. Strain: higher is worse. Capacity: higher
is better. Days are whole numbers that grow by one each day; the caller knows which is today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

from shoshin.science.reasons import Reason

__all__ = [
    "AMBER_AT",
    "AMBER_ATTEMPTS",
    "BASELINE_CHECKS",
    "BLOCK_MINUTES",
    "GROUP_MEAN",
    "GROUP_SD",
    "HEAVY",
    "LOAD_PER_MINUTE",
    "RED_AT",
    "Baseline",
    "Budget",
    "CheckIn",
    "Colour",
    "Gate",
    "Label",
    "LifeReason",
    "Rest",
    "Stop",
    "Week",
    "cool_down",
    "cusum",
    "load_budget",
    "load_gate",
    "load_of",
    "room_for",
    "shrunken_baseline",
    "stop_rule",
    "week_minutes",
]

Colour = Literal["green", "amber", "red"]
Label = Literal["too_easy", "good_challenge", "too_hard"]
LifeReason = Literal["work", "caring", "conflict", "sleep", "illness", "loss", "crisis"]

# Where the sum of a person's surprises turns amber and red, and the slack per check-in: run lengths on the page.
AMBER_AT, RED_AT, SLACK = 2.5, 4.0, 0.5
# The sum is held here, so that after a hard month three usual days lead out of red.
_MOST = RED_AT + 1
# From how many first check-ins a person's own usual is made; later ones would learn the strain they should find.
BASELINE_CHECKS = 8
# How many check-ins the group's figures count for, beside the person's own.
_MEAN_WEIGHT, _SPREAD_WEIGHT = 2, 8
# Strain from 0 to 10 in a group nobody has measured yet: an assumption, replaced by a clinic's own figures.
GROUP_MEAN, GROUP_SD = 3.5, 1.5
# Today's answer alone: easing off begins, amber, red.
_EASY_STRAIN, _AMBER_STRAIN, _RED_STRAIN = 5.0, 7.0, 9.0
_MARK_DAYS, _RED_MARKS = 7, 2
_AMBER_BURNOUT, _RED_BURNOUT = 50.0, 75.0
AMBER_ATTEMPTS = 5
BLOCK_MINUTES, _WEEK_DAYS, _DRILL_MINUTES = 45, 6, 10
LOAD_PER_MINUTE: dict[Label, int] = {"too_easy": 1, "good_challenge": 2, "too_hard": 4}
_FULL_CAPACITY, _NO_CAPACITY = 7, 1
HEAVY: frozenset[LifeReason] = frozenset({"illness", "loss", "crisis"})
_RED_REST, _MARKED_REST = 3, 2
_MARKED = "strain_marked_lately"


@dataclass(frozen=True)
class CheckIn:
    """Strain before practice, 0 (none) to 10 (the most there is), on a day."""

    day: int
    strain: float


@dataclass(frozen=True)
class Baseline:
    """A person's usual strain and its spread, leaning on the group while `own` is small."""

    mean: float
    sd: float
    own: int


@dataclass(frozen=True)
class Gate:
    """How today stands: green as planned, amber easier and shorter, red easiest level and a human to talk to.

    `by_strain`: the colour stands on strain itself, not only on marks of single statements. Marks make practice
    easier; strain makes it shorter as well, and red strain is a day of rest.
    """

    colour: Colour
    reasons: tuple[Reason, ...]
    by_strain: bool = False


@dataclass(frozen=True)
class Week:
    """The minutes of practice that fit this week."""

    minutes: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Budget:
    """What today's practice may cost: load points, attempts at most, and the highest level that is offered."""

    load: float
    attempts: int
    highest_level: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Stop:
    """Whether it is time to stop for today, and why."""

    stop: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Rest:
    """The first day on which a round at level 2 or 3 is offered again."""

    until: int
    reasons: tuple[Reason, ...]


def shrunken_baseline(
    strains: Sequence[float], *, group_mean: float = GROUP_MEAN, group_sd: float = GROUP_SD
) -> Baseline:
    """What is usual for this person?

    Equation, of the first m <= 8 check-ins with mean x and variance s²: mean = (2 M + m x) / (2 + m);
    sd² = (8 S² + (m - 1) s²) / (8 + m - 1). Source: conjugate shrinkage; the weight 8 as designed, the weight 2
    is our own (half as much variance between people as within). Units: points of strain, higher is worse.
    Not for: comparing people.
    """
    if group_sd <= 0:
        raise ValueError(f"The spread of the group's strain is above 0; got {group_sd}.")
    first = list(strains[:BASELINE_CHECKS])
    m = len(first)
    mean = (_MEAN_WEIGHT * group_mean + sum(first)) / (_MEAN_WEIGHT + m)
    own = sum(first) / m if m else 0.0
    squares = sum((x - own) ** 2 for x in first)
    sd = sqrt((_SPREAD_WEIGHT * group_sd**2 + squares) / (_SPREAD_WEIGHT + max(m - 1, 0)))
    return Baseline(mean, sd, m)


def cusum(before: float, surprise: float) -> float:
    """How much unusual strain has added up by now?

    Equation: C = max(0, C + z - .5), held at 5; z is the check-in's distance from usual in spreads. Source: Page
    (1954), one-sided; slack .5 is best against a shift of one spread. Units: spreads; higher is worse. Not for:
    a single very bad day, which load_gate sees by itself.
    """
    return min(max(0.0, before + surprise - SLACK), _MOST)


def load_gate(
    check_ins: Sequence[CheckIn],
    marks: Sequence[int],
    *,
    today: int,
    burnout: float | None = None,
    declared: bool = False,
    group_mean: float = GROUP_MEAN,
    group_sd: float = GROUP_SD,
) -> Gate:
    """Is today a day to practise as planned, to ease off, or to rest and talk with someone?

    Equation: red if the CUSUM of strain >= 4, strain today >= 9, two marks of strain in 7 days, burnout >= 75, or
    the person says so; else amber if the CUSUM >= 2.5, strain today >= 7, one mark in 7 days, or burnout >= 50;
    else green. The sum counts one colour less on a day when strain itself was answered below 5. Source: Page (1954)
    for the sum; gates are our own. `check_ins` in any order, those after `today`
    left out; each is judged by the usual made of those before it. `marks` are the days of marks of strain.
    `burnout` is a CBI scale from 0 to 100. Units: strain 0 to 10, higher is worse. Not for: a diagnosis, another
    person's eyes, or a crisis, in which a human is told and nothing is scored.
    """
    line = sorted((c for c in check_ins if c.day <= today), key=lambda check: check.day)
    found = [_by_sum(line, today, group_mean, group_sd), *_by_today(line, today), *_by_marks(marks, today)]
    found += _by_burnout(burnout)
    if declared:
        found.append(("red", Reason("pause_declared")))
    colour = max((colour for colour, _ in found), key=get_args(Colour).index)
    reasons = tuple(reason for of, reason in found if of == colour)
    return Gate(colour, reasons, colour != "green" and any(reason.code != _MARKED for reason in reasons))


def room_for(strain: float) -> float:
    """Which share of the planned load fits a day with this much strain?

    Equation: 1 up to strain 5, falling evenly to 0 at 9. Source: our own rule. Units: share from 0 to 1; strain 0
    to 10, higher is worse. Not for: a whole week (see week_minutes).
    """
    return min(1.0, max(0.0, (_RED_STRAIN - strain) / (_RED_STRAIN - _EASY_STRAIN)))


def load_budget(minutes: int, gate: Gate, *, strain: float) -> Budget:
    """How much may practice cost today?

    Equation: load = 2 min(minutes, 45) room_for(strain), the cost of that many minutes of good challenge; amber by
    strain: 5 attempts at most; red: level 1 only; red by strain: none is offered. Source: load as minutes times
    felt effort after Foster et al. (2001); the limits are our own. Units: load points, higher is more. Not for:
    enforcing: stopping earlier is always right.
    """
    if minutes < 0:
        raise ValueError(f"Minutes are 0 or more; got {minutes}.")
    block, room = min(minutes, BLOCK_MINUTES), room_for(strain)
    facts = {"minutes": block, "room": round(room, 2), "strain": strain}
    if gate.by_strain and gate.colour == "red":
        return Budget(0.0, 0, 1, (Reason("budget_rest", facts), *gate.reasons))
    load, highest = LOAD_PER_MINUTE["good_challenge"] * block * room, 1 if gate.colour == "red" else 3
    if gate.by_strain:
        return Budget(load, AMBER_ATTEMPTS, highest, (Reason("budget_short", facts), *gate.reasons))
    code = "budget_full" if room == 1 else "budget_by_strain"
    return Budget(load, block, highest, (Reason(code, facts), *(gate.reasons if highest == 1 else ())))


def load_of(minutes: float, label: Label | None) -> float:
    """What did an attempt cost?

    Equation: minutes times 1 (too easy), 2 (good challenge, or not said) or 4 (too hard). Source: session load of
    Foster et al. (2001), from memory, with three steps in place of ten. Units: load points, higher is more. Not
    for: comparing people.
    """
    return minutes * LOAD_PER_MINUTE[label or "good_challenge"]


def stop_rule(budget: Budget, done: Sequence[tuple[float, Label | None]]) -> Stop:
    """Is it enough for today?

    Equation: stop when the attempts are used up, or when one more of a good challenge, as long as the last one,
    would cost more than is left. `done` has minutes and label of today's attempts, in order. Source: our own
    rule. Units: load points. Not for: ending a round after marks of strain (see difficulty.next_step).
    """
    spent = sum(load_of(minutes, label) for minutes, label in done)
    next_cost = load_of(done[-1][0], None) if done else 0.0
    facts = {"spent": spent, "budget": budget.load, "attempts": len(done)}
    if len(done) >= budget.attempts:
        return Stop(True, (Reason("attempts_used", facts),))
    if spent + next_cost > budget.load or budget.load == 0:
        return Stop(True, (Reason("budget_spent", facts),))
    return Stop(False, (Reason("room_left", facts),))


def week_minutes(planned: int, capacity: int, reasons: Sequence[LifeReason] = ()) -> Week:
    """How many minutes of practice fit into this week?

    Equation: planned (at most 6 blocks of 45) times capacity / 7, at most 1; halved when a reason is illness, loss
    or crisis; to 5 minutes; at least one drill of 10 minutes, except that capacity 0 or 1 is a week of rest.
    Source: our own rule ("a low week: one 10-minute drill"). Units: minutes; capacity 0 (none) to 10, higher is
    better. Not for: making up in a good week for what a low one left out.
    """
    if not 0 <= capacity <= 10 or planned < 0:
        raise ValueError(f"Capacity is 0 to 10 and minutes are 0 or more; got {capacity} and {planned}.")
    if unknown := set(reasons) - set(get_args(LifeReason)):
        raise ValueError(f"Reasons are those of LifeReason; got {sorted(unknown)}.")
    most = min(planned, BLOCK_MINUTES * _WEEK_DAYS)
    facts = {"planned": planned, "capacity": capacity}
    if capacity <= _NO_CAPACITY or most == 0:
        return Week(0, (Reason("week_of_rest", facts),))
    heavy = sorted(set(reasons) & HEAVY)
    share = min(1.0, capacity / _FULL_CAPACITY) / (2 if heavy else 1)
    minutes = max(int(most * share + 1e-9) // 5 * 5, min(most, _DRILL_MINUTES))
    given = [Reason("heavy_week", {"reason": reason}) for reason in heavy]
    if planned > most:
        given.append(Reason("week_capped", {"most": most}))
    return Week(minutes, (Reason("week_as_planned" if share == 1 else "week_by_capacity", facts), *given))


def cool_down(today: int, gate: Gate, *, ended_by_strain: bool = False) -> Rest:
    """When is a round at level 2 or 3 offered again?

    Equation: 3 days after a red day, 2 after a round that marks of strain ended, else today.
    Source: our own rule. Units: day numbers. Not for: level 1, a dyad or reading, which stay open.
    """
    if gate.colour == "red":
        return Rest(today + _RED_REST, (Reason("cool_down_red", {"days": _RED_REST}), *gate.reasons))
    if ended_by_strain:
        return Rest(today + _MARKED_REST, (Reason("cool_down_marked", {"days": _MARKED_REST}),))
    return Rest(today, (Reason("no_cool_down"),))


Found = tuple[Colour, Reason]


def _by_sum(line: Sequence[CheckIn], today: int, group_mean: float, group_sd: float) -> Found:
    total, usual = 0.0, shrunken_baseline((), group_mean=group_mean, group_sd=group_sd)
    strains = [check.strain for check in line]
    for place, strain in enumerate(strains):
        usual = shrunken_baseline(strains[:place], group_mean=group_mean, group_sd=group_sd)
        unsure = sqrt(1 + 1 / (_MEAN_WEIGHT + usual.own))
        total = cusum(total, (strain - usual.mean) / (usual.sd * unsure))
    facts = {"sum": round(total, 2), "usual": round(usual.mean, 1), "checks": len(strains)}
    quiet = bool(line) and line[-1].day == today and line[-1].strain < _EASY_STRAIN
    if total >= RED_AT:
        return "amber" if quiet else "red", Reason("strain_far_above_usual", facts)
    if total >= AMBER_AT:
        return "green" if quiet else "amber", Reason("strain_above_usual", facts)
    return "green", Reason("strain_as_usual", facts)


def _by_today(line: Sequence[CheckIn], today: int) -> list[Found]:
    if not line or line[-1].day != today or line[-1].strain < _AMBER_STRAIN:
        return []
    strain = line[-1].strain
    return [("red" if strain >= _RED_STRAIN else "amber", Reason("strain_high_today", {"strain": strain}))]


def _by_marks(marks: Sequence[int], today: int) -> list[Found]:
    recent = sum(1 for day in marks if today - _MARK_DAYS < day <= today)
    if not recent:
        return []
    reason = Reason(_MARKED, {"marks": recent, "days": _MARK_DAYS})
    return [("red" if recent >= _RED_MARKS else "amber", reason)]


def _by_burnout(burnout: float | None) -> list[Found]:
    if burnout is None or burnout < _AMBER_BURNOUT:
        return []
    return [("red" if burnout >= _RED_BURNOUT else "amber", Reason("burnout_screen", {"score": burnout}))]
