"""Which statement next, how hard, and when is a round over?

Reaction first, performance second. The level (1 to 3) follows what the person marks; within a level the statement
is chosen so that most criteria, and not all, are likely to be met. Nothing rises after a mark of strain.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import erf, exp, inf, log, pi, sqrt
from typing import Literal

import numpy as np

from shoshin.science.load import Colour, Label
from shoshin.science.reasons import Reason

__all__ = [
    "ABILITY_FLOOR",
    "HIGHEST",
    "HIGH_SHAME",
    "STATEMENT_FLOOR",
    "TARGET",
    "ZONE",
    "Attempt",
    "Choice",
    "Estimate",
    "Statement",
    "Step",
    "Updated",
    "Wish",
    "ceiling_of",
    "choose",
    "expected_share",
    "is_strain",
    "level_for",
    "next_step",
    "posterior",
    "rested",
    "updated",
    "zone_for",
    "zone_probability",
]

Wish = Literal["up", "down", "stop"]

HIGHEST = 3
# Shame from 0 to 10 that counts as a mark of strain: our own line.
HIGH_SHAME = 7
# The zone of challenge: share of criteria one may expect to meet, and how the target shifts when strain is up.
ZONE = (0.70, 0.90)
TARGET: dict[Colour, float] = {"green": 0.80, "amber": 0.87, "red": 0.87}
# Ability moves, so its gain never falls below .30; a statement stays what it is, so its gain may become small.
ABILITY_FLOOR, STATEMENT_FLOOR = 0.30, 0.05
# Between rounds an estimate ages: variance gained a day, up to that of somebody never met.
_DRIFT, _UNKNOWN = 0.01, 1.0
_MET, _MISSED, _IN_A_ROW = 0.90, 0.50, 2
_TIE, _FLICKER = 1e-9, 0.05


@dataclass(frozen=True)
class Attempt:
    """One attempt at a statement: its level, what was marked, the share of criteria met (0 to 1, higher is
    better), shame (0 to 10, higher is worse) where it was asked, and whether the person had asked for this level.
    """

    level: int
    reaction: Label | None
    met: float
    shame: int | None = None
    asked: bool = False


@dataclass(frozen=True)
class Step:
    """What comes next: a level, or the end of the round with the level to begin at next time.

    `pause`: a break is offered. `may_ask`: the level above waits
    behind an old mark, and the person may ask for it.
    """

    level: int
    ended: bool
    reason: Reason
    pause: bool = False
    may_ask: bool = False


@dataclass(frozen=True)
class Estimate:
    """An ability or a difficulty in logits, with its uncertainty; a higher ability meets more, a higher difficulty
    is harder.
    """

    mean: float = 0.0
    variance: float = 1.0


@dataclass(frozen=True)
class Statement:
    """A client statement as far as its difficulty goes."""

    id: str
    level: int
    difficulty: Estimate


@dataclass(frozen=True)
class Choice:
    """The statement that comes next, and why this one."""

    statement: Statement
    reason: Reason


@dataclass(frozen=True)
class Updated:
    """Both estimates after an attempt, and what had been expected of it."""

    ability: Estimate
    difficulty: Estimate
    expected: float


def is_strain(attempt: Attempt) -> bool:
    """Was this attempt marked as too much?

    Equation: the reaction is too hard, or shame is 7 or more. Source: the reaction forms of deliberate practice,
    in which overwhelming shame counts as too hard; the line is our own. Units: yes or no. Not for: how well it
    was done.
    """
    return attempt.reaction == "too_hard" or (attempt.shame is not None and attempt.shame >= HIGH_SHAME)


def ceiling_of(rounds: Sequence[Sequence[Attempt]]) -> int:
    """How high may a round go without the person asking for it?

    Equation: each mark of strain at level L puts the ceiling at L - 1 (1 at least); it lifts when, in a later
    round, the person asked for a level above that ceiling. `rounds` are the earlier ones, oldest first. Source:
    our own rule. Units: level 1 to 3. Not for: the round that is running (see next_step).
    """
    ceilings: list[int] = []
    for attempts in rounds:
        highest = max((a.level for a in attempts if a.asked), default=0)
        ceilings = [ceiling for ceiling in ceilings if ceiling >= highest]
        ceilings += [max(a.level - 1, 1) for a in attempts if is_strain(a)]
    return min(ceilings, default=HIGHEST)


def next_step(
    attempts: Sequence[Attempt],
    *,
    level: int,
    ceiling: int = HIGHEST,
    colour: Colour = "green",
    fitting: int | None = None,
    wish: Wish | None = None,
) -> Step:
    """Which level comes next in this round, or is it over?

    Equation, the first that holds: the person stops; the second mark of strain ends the round one level lower; a
    red day keeps to level 1; the first mark goes one level down, with a break; down if
    asked; up if asked and nothing is marked in this round; one down after two attempts in a row with less than
    half of the criteria, or where a lower level is `fitting` (see level_for); one up after two in a row too easy
    with 90 % or more, or where a higher level is fitting, but by the system only on a green day, without a mark in
    this round, and not above `ceiling`; else the level stays. Source: the reaction form of the Essentials of
    Deliberate Practice series, in our own words; the two-in-a-row rules and the estimate are ours. `attempts` of
    this round in order; `level` is where it began. Units: level 1 (easiest) to 3. Not for: choosing the statement
    (see choose).
    """
    if not (1 <= level <= HIGHEST and 1 <= ceiling <= HIGHEST and all(1 <= a.level <= HIGHEST for a in attempts)):
        raise ValueError(f"Levels go from 1 to {HIGHEST}; got level {level} and ceiling {ceiling}.")
    now = attempts[-1].level if attempts else level
    marks = sum(is_strain(a) for a in attempts)
    if wish == "stop":
        return Step(now, True, Reason("asked_stop", {"level": now}))
    if marks >= 2:
        lower = max(now - is_strain(attempts[-1]), 1)
        return Step(lower, True, Reason("second_strain_mark", {"marks": marks, "level": now}), pause=True)
    if colour == "red":
        return Step(1, False, Reason("easiest_on_red", {"level": now}), pause=True)
    if marks and is_strain(attempts[-1]):
        return Step(max(now - 1, 1), False, _marked(attempts[-1]), pause=True)
    if wish:
        return _wished(now, marks, wish)
    return _moved(attempts, now, marks, ceiling, colour, fitting or now)


def expected_share(ability: Estimate, difficulty: Estimate) -> float:
    """Which share of the criteria will be met?

    Equation: 1 / (1 + exp(-g (a - d))), g = 1 / sqrt(1 + 3 v_d / pi²). Source: Elo in logits with Glickman's
    (1999) allowance for an uncertain opponent. Units: share from 0 to 1. Not for: a judgement of a person.
    """
    return _expected(ability.mean, difficulty.mean, _g(difficulty.variance))


def posterior(
    mean: float, variance: float, met: Sequence[tuple[Estimate, float]], *, floor: float = ABILITY_FLOOR
) -> Estimate:
    """Where does an estimate stand after these attempts?

    Equation: 1/v' = 1/v + Σ g² E (1 - E), v' at least `floor`; mean' = mean + v' Σ g (y - E). In logits v' is the K
    of Elo, so a floor under v' is a floor under K. Source: Glickman (1999), eq. 3 to 6, with the floor added.
    Units: logits; y is a share from 0 to 1, so graded results count as they are. Not for: results of which it is
    unknown what they were met with.
    """
    if variance <= 0 or floor < 0 or not all(0 <= share <= 1 for _, share in met):
        raise ValueError("A variance is above 0, a floor 0 or more, and a share of criteria between 0 and 1.")
    information, surprise = 0.0, 0.0
    for other, share in met:
        g = _g(other.variance)
        expected = _expected(mean, other.mean, g)
        information += g * g * expected * (1 - expected)
        surprise += g * (share - expected)
    gain = max(1 / (1 / variance + information), floor)
    return Estimate(mean + gain * surprise, gain)


def updated(ability: Estimate, difficulty: Estimate, outcome: float) -> Updated:
    """What do we think of the person and of the statement after this attempt?

    Equation: posterior for each, the statement's with the sign turned; floors .30 and .05. Source: as posterior.
    `outcome` is the share of criteria met; of two raters, their mean. Units: logits. Not for: showing to anyone
    as a score.
    """
    person = posterior(ability.mean, ability.variance, [(difficulty, outcome)])
    statement = posterior(difficulty.mean, difficulty.variance, [(ability, 1 - outcome)], floor=STATEMENT_FLOOR)
    return Updated(person, statement, expected_share(ability, difficulty))


def rested(ability: Estimate, days: float) -> Estimate:
    """How sure are we of an ability after so many days?

    Equation: v' = v + .01 days, at most 1. Source: Glickman (1999) on time between contests; the rate is our own.
    Units: logits², days. Not for: how much was forgotten, which only a new attempt can tell.
    """
    if days < 0:
        raise ValueError(f"Days between rounds are 0 or more; got {days}.")
    return Estimate(ability.mean, max(ability.variance, min(ability.variance + _DRIFT * days, _UNKNOWN)))


def zone_for(colour: Colour) -> tuple[float, float]:
    """Which share of criteria should one expect to meet on a day of this colour?

    Equation: .70 to .90 on a green day; else both edges moved by logit .87 - logit .80, to .80 and .94. Source:
    the middle is near .824, where a learner with logistic noise gains most (computed after Wilson et al. 2019);
    the shift is our own. Units: shares. Not for: testing, for which .50 tells most.
    """
    shift = _logit(TARGET[colour]) - _logit(TARGET["green"])
    low, high = (1 / (1 + exp(-_logit(edge) - shift)) for edge in ZONE)
    return low, high


def zone_probability(ability: Estimate, difficulty: Estimate, *, zone: tuple[float, float] = ZONE) -> float:
    """How likely is it that this statement lies in the person's zone of challenge?

    Equation: P(low <= p <= high) = Φ((logit high - m) / s) - Φ((logit low - m) / s), m = a - d, s² = v_a + v_d.
    Source: our own use of the estimates. Units: probability. Not for: an estimate without uncertainty.
    """
    m, s = ability.mean - difficulty.mean, sqrt(ability.variance + difficulty.variance)
    low, high = (_logit(edge) for edge in zone)
    return _phi((high - m) / s) - _phi((low - m) / s)


def level_for(statements: Collection[Statement], ability: Estimate, *, level: int, colour: Colour = "green") -> int:
    """Which level suits what we think of this person's ability?

    Equation: the level with the statement of highest zone_probability; the present `level` unless another is better
    by more than .05, so that the level does not flicker. Source: our own rule. Units: level 1 to 3. Not for: going
    there: next_step decides, and reactions come first.
    """
    zone, best = zone_for(colour), {level: 0.0}
    for s in statements:
        best[s.level] = max(best.get(s.level, 0.0), zone_probability(ability, s.difficulty, zone=zone))
    other = max(best, key=lambda number: best[number])
    return other if best[other] > best[level] + _FLICKER else level


def choose(
    statements: Collection[Statement],
    ability: Estimate,
    *,
    level: int,
    colour: Colour = "green",
    recent: Sequence[str] = (),
    rng: np.random.Generator,
) -> Choice:
    """Which statement of this level comes next?

    Equation: of those at `level` (or, if there are none, at the nearest lower one) that are not in `recent`, the
    one with the highest zone_probability; if all are recent, of the one met longest ago. Equals are drawn by
    `rng`. Source: our own rule. `recent` is in order, the last met last. Units: none. Not for: a higher level:
    without a statement at or below `level` it refuses.
    """
    below = [s for s in statements if s.level <= level]
    if not below:
        raise ValueError(f"There is no statement at level {level} or below.")
    held = max(s.level for s in below)
    pool = [s for s in below if s.level == held]
    last = {name: place for place, name in enumerate(recent)}
    oldest = min(last.get(s.id, -1) for s in pool)
    fresh = [s for s in pool if last.get(s.id, -1) == oldest]
    zone = zone_for(colour)
    found = [zone_probability(ability, s.difficulty, zone=zone) for s in fresh]
    best = max(found, default=-inf)
    equals = [s for s, chance in zip(fresh, found, strict=True) if best - chance <= _TIE]
    chosen = equals[int(rng.integers(len(equals)))]
    expected = expected_share(ability, chosen.difficulty)
    facts = {"level": held, "chance": round(best, 2), "expected": round(expected, 2), "equals": len(equals)}
    code = "all_met_lately" if oldest >= 0 else "likeliest_in_zone" if held == level else "lower_level_only"
    return Choice(chosen, Reason(code, facts))


def _marked(attempt: Attempt) -> Reason:
    if attempt.reaction == "too_hard":
        return Reason("too_hard_marked", {"level": attempt.level})
    return Reason("high_shame_marked", {"level": attempt.level, "shame": attempt.shame or 0})


def _wished(now: int, marks: int, wish: Wish) -> Step:
    """Down is always open; up is open in a round without a mark of strain."""
    facts = {"level": now}
    if wish == "down":
        return Step(max(now - 1, 1), False, Reason("asked_down", facts))
    if marks or now == HIGHEST:
        code = "up_waits_for_another_round" if marks else "highest_level"
        return Step(now, False, Reason(code, facts))
    return Step(now + 1, False, Reason("asked_up", facts))


def _moved(attempts: Sequence[Attempt], now: int, marks: int, ceiling: int, colour: Colour, fitting: int) -> Step:
    """The step when nothing has just been marked and nothing is asked for: what the attempts say."""
    facts = {"level": now}
    if not attempts:
        return Step(now, False, Reason("round_begins", facts))
    missed, easy = _run(attempts, now, easy=False), _run(attempts, now, easy=True)
    if now > 1 and (missed or fitting < now):
        return Step(now - 1, False, Reason("criteria_missed" if missed else "lower_level_fits", facts))
    if not easy and fitting <= now:
        return Step(now, False, Reason("level_stays", facts))
    if now == HIGHEST:
        return Step(now, False, Reason("highest_level", facts))
    if marks:
        return Step(now, False, Reason("up_waits_for_another_round", facts))
    if now >= ceiling:
        return Step(now, False, Reason("up_waits_for_you", facts), may_ask=True)
    if colour != "green":
        return Step(now, False, Reason("amber_holds", facts), may_ask=True)
    return Step(now + 1, False, Reason("too_easy_in_a_row" if easy else "higher_level_fits", facts))


def _run(attempts: Sequence[Attempt], now: int, *, easy: bool) -> bool:
    """Were the last two at this level both easy and met, or both missed?"""
    last = attempts[-_IN_A_ROW:]
    if len(last) < _IN_A_ROW or any(a.level != now or is_strain(a) for a in last):
        return False
    if easy:
        return all(a.reaction == "too_easy" and a.met >= _MET for a in last)
    return all(a.met < _MISSED for a in last)


def _g(variance: float) -> float:
    return 1 / sqrt(1 + 3 * variance / pi**2)


def _expected(mean: float, other: float, g: float) -> float:
    return 1 / (1 + exp(-min(max(g * (mean - other), -700.0), 700.0)))


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _phi(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))
