"""Do first answers to statements never met before go better after practising than before?

First tries only: whoever has met a statement has seen possible answers to it. Levels are held equal, because they rise
with practice and would hide what was learnt. Higher is better. All of it is the trainee's own judgement.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from shoshin.science.mixed.tails import t_quantile
from shoshin.science.reasons import Reason

__all__ = ["LEAST_TRIES", "FirstTry", "SkillChange", "first_tries_change"]

LEAST_TRIES = 5
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class FirstTry:
    """One first answer to a statement never met before: its level, and the share of the criterion met (0 to 1)."""

    level: int
    met: float


@dataclass(frozen=True)
class SkillChange:
    """The difference in shares, after less before, at equal levels, with its 95 % interval; or none yet, and why."""

    change: float | None
    low: float | None
    high: float | None
    before: int
    after: int
    reasons: tuple[Reason, ...]


def first_tries_change(before: Sequence[FirstTry], after: Sequence[FirstTry]) -> SkillChange:
    """By how much does a first answer to an unmet statement of the same level go better now?

    Equation: least squares of met on level (one mean each) and phase; d = Σ h (mean after - mean before) / Σ h over
    levels, h = n_b n_a / (n_b + n_a); interval d ± t s / sqrt(Σ h), s² and the degrees of freedom from that fit's
    residuals, held within -1 and 1. None below 5 tries on either side or without a level met on both. Source:
    analysis of covariance with a factor, any textbook; the minimum is our own. Units: share of the criterion, -1 to
    1, higher is better. Not for: comparing people or exercises, or saying that practice was the cause.
    """
    b, a = len(before), len(after)
    if b < LEAST_TRIES or a < LEAST_TRIES:
        return _none(b, a, Reason("too_few_first_tries", {"before": b, "after": a, "needed": LEAST_TRIES}))
    if not all(0 <= each.met <= 1 for each in (*before, *after)):
        raise ValueError("A share of the criterion lies between 0 and 1.")
    early, late = _by_level(before), _by_level(after)
    shared = sorted(set(early) & set(late))
    weights = {level: len(early[level]) * len(late[level]) / (len(early[level]) + len(late[level])) for level in shared}
    total = sum(weights.values())
    df = b + a - len(set(early) | set(late)) - 1
    if not shared or df < 1:
        return _none(b, a, Reason("no_level_on_both_sides", {"before": b, "after": a}))
    change = sum(weights[level] * (_mean(late[level]) - _mean(early[level])) for level in shared) / total
    squares = sum(_squares(early.get(level, []), late.get(level, []), change) for level in set(early) | set(late))
    reach = t_quantile(_CONFIDENCE, df) * sqrt(squares / df / total)
    found = Reason("first_tries_compared", {"before": b, "after": a, "levels": len(shared), "df": df})
    return SkillChange(change, max(change - reach, -1.0), min(change + reach, 1.0), b, a, (found,))


def _none(before: int, after: int, reason: Reason) -> SkillChange:
    return SkillChange(None, None, None, before, after, (reason,))


def _by_level(tries: Sequence[FirstTry]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = defaultdict(list)
    for each in tries:
        found[each.level].append(each.met)
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _squares(early: Sequence[float], late: Sequence[float], change: float) -> float:
    """What is left of one level's spread once the change is taken out of the later tries."""
    level = [*early, *(value - change for value in late)]
    return sum((value - _mean(level)) ** 2 for value in level)
