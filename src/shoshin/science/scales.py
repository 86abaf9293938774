"""From the answers on a form to a score: reverse keying, missing answers, and the usual ways to add up.

Arithmetic is done in exact fractions, so that a half is a half when it is rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import chain
from typing import Literal, get_args

from shoshin.science.reasons import Reason

__all__ = ["BadAnswer", "BadRule", "Method", "Score", "ScoreRule", "Subgroup", "round_half_up", "score"]

Method = Literal["sum", "mean", "mean_x10", "sum_x2", "sum_x4", "lookup", "percent_mean"]
Bound = float | Mapping[str, float]


class BadAnswer(ValueError):
    """An answer that the scale does not offer; the message names the item and its range."""


class BadRule(ValueError):
    """A scoring rule that contradicts itself; the message names what to mend."""


@dataclass(frozen=True)
class Subgroup:
    """Items of a rule among which fewer may be missing than in the whole (a domain of a longer measure)."""

    id: str
    items: tuple[str, ...]
    max_missing: int


@dataclass(frozen=True)
class ScoreRule:
    """How one score of a measure is made.

    `low` and `high` bound an answer, for all items or item by item. `reverse` items count as low + high -
    answer. Up to `max_missing` answers are filled in; with more, there is no score. `table` belongs to the
    method `lookup` and gives the score for each whole raw sum. Whether a higher score is worse is a fact of
    the measure, not of this.
    """

    id: str
    items: tuple[str, ...]
    method: Method
    low: Bound
    high: Bound
    reverse: tuple[str, ...] = ()
    max_missing: int = 0
    decimals: int = 2
    table: Mapping[int, float] = field(default_factory=dict)
    subgroups: tuple[Subgroup, ...] = ()

    def __post_init__(self) -> None:
        if not self.items or len(set(self.items)) != len(self.items):
            raise BadRule(f"{self.id}: name each item once, and at least one.")
        if self.method not in get_args(Method):
            raise BadRule(f"{self.id}: unknown method {self.method}.")
        if not 0 <= self.max_missing < len(self.items):
            raise BadRule(f"{self.id}: max_missing must be between 0 and one less than the items.")
        _check_members(self)
        _check_ranges(self)
        _check_table(self)

    def bounds(self, item: str) -> tuple[float, float]:
        """The lowest and the highest answer that `item` offers."""
        low = self.low[item] if isinstance(self.low, Mapping) else self.low
        high = self.high[item] if isinstance(self.high, Mapping) else self.high
        return low, high


@dataclass(frozen=True)
class Score:
    """A score and how it came about.

    `raw` is the sum of the answers given, after reverse keying, before anything is filled in, multiplied or
    looked up. `value` is None when too little was answered; `reasons` then say so.
    """

    value: float | None
    answered: int
    missing: tuple[str, ...]
    prorated: bool
    raw: float | None
    reasons: tuple[Reason, ...] = ()


def score(answers: Mapping[str, float | None], rule: ScoreRule) -> Score:
    """What does this form add up to?

    Equation: x' = low + high - x for a reversed item. A missing answer takes the person's own mean place on
    the answered items, p = mean((x' - low) / (high - low)), that is low + p (high - low) on its own scale; on
    equal scales this is the person's mean. Then sum = Σx'; mean = sum/k; mean_x10, sum_x2, sum_x4 multiply
    these; percent_mean = mean of 100 (x' - low)/(high - low); lookup = table[sum], a filled-in sum rounded to
    a whole one.
    Source: each measure's own manual, named in its facts file; person-mean prorating as in the CORE manuals.
    Units: those of the measure, rounded half up to `decimals`; direction as the measure defines it.
    Not for: judging one item, and never for filling in a risk item.

    Raises BadAnswer for an item the rule does not know and for an answer outside its range.
    """
    for item in answers:
        if item not in rule.items:
            raise BadAnswer(f"{rule.id} has no item {item}; its items are {', '.join(rule.items)}.")
    keyed = {item: _keyed(item, value, rule) for item in rule.items if (value := answers.get(item)) is not None}
    missing = tuple(item for item in rule.items if item not in keyed)
    raw = float(sum(keyed.values())) if keyed else None
    refused = _too_many_missing(missing, rule)
    if refused:
        return Score(None, len(keyed), missing, prorated=False, raw=raw, reasons=refused)
    exact = _combine(_filled(keyed, missing, rule), rule)
    reasons = (Reason("prorated", {"filled": len(missing), "answered": len(keyed)}),) if missing else ()
    return Score(round_half_up(exact, rule.decimals), len(keyed), missing, bool(missing), raw, reasons)


def round_half_up(value: Fraction | float, decimals: int) -> float:
    """What is this figure, to so many decimals, with a half always going away from zero?

    Equation: sign(v) floor(|v| 10^d + 1/2) / 10^d, in exact arithmetic. Source: the rounding of printed
    scoring sheets (Python's own round() sends a half to the even neighbour). Not for: money, or intermediate
    results.
    """
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    scaled = Decimal(exact.numerator) * 10**decimals / Decimal(exact.denominator)
    return float(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP) / Decimal(10) ** decimals)


def _ends(item: str, rule: ScoreRule) -> tuple[Fraction, Fraction]:
    low, high = rule.bounds(item)
    return Fraction(str(low)), Fraction(str(high))


def _keyed(item: str, value: float, rule: ScoreRule) -> Fraction:
    low, high = rule.bounds(item)
    if isinstance(value, bool) or not low <= value <= high:
        raise BadAnswer(f"{rule.id}, item {item}: {value} is outside {low:g} to {high:g}.")
    exact, (bottom, top) = Fraction(str(value)), _ends(item, rule)
    return bottom + top - exact if item in rule.reverse else exact


def _place(item: str, value: Fraction, rule: ScoreRule) -> Fraction:
    low, high = _ends(item, rule)
    return (value - low) / (high - low)


def _too_many_missing(missing: tuple[str, ...], rule: ScoreRule) -> tuple[Reason, ...]:
    if len(missing) == len(rule.items):
        return (Reason("nothing_answered", {"items": len(rule.items)}),)
    if len(missing) > rule.max_missing:
        return (Reason("too_many_missing", {"missing": len(missing), "allowed": rule.max_missing}),)
    counts = [(group, sum(item in group.items for item in missing)) for group in rule.subgroups]
    return tuple(
        Reason("too_many_missing_in_group", {"group": g.id, "missing": n, "allowed": g.max_missing})
        for g, n in counts
        if n > g.max_missing
    )


def _filled(keyed: dict[str, Fraction], missing: tuple[str, ...], rule: ScoreRule) -> dict[str, Fraction]:
    if not missing:
        return keyed
    place = sum((_place(item, value, rule) for item, value in keyed.items()), Fraction(0)) / len(keyed)
    filled = {}
    for item in missing:
        low, high = _ends(item, rule)
        filled[item] = low + place * (high - low)
    return keyed | filled


def _combine(values: dict[str, Fraction], rule: ScoreRule) -> Fraction:
    total, count = sum(values.values(), Fraction(0)), len(values)
    if rule.method == "lookup":
        return Fraction(str(rule.table[int(round_half_up(total, 0))]))
    if rule.method == "percent_mean":
        return sum((100 * _place(item, value, rule) for item, value in values.items()), Fraction(0)) / count
    factor = {"mean_x10": 10, "sum_x2": 2, "sum_x4": 4}.get(rule.method, 1)
    return factor * (total / count if rule.method in ("mean", "mean_x10") else total)


def _check_members(rule: ScoreRule) -> None:
    named = chain(rule.reverse, *(group.items for group in rule.subgroups))
    strangers = sorted(set(named) - set(rule.items))
    if strangers:
        raise BadRule(f"{rule.id}: {', '.join(strangers)} is not among its items.")


def _check_ranges(rule: ScoreRule) -> None:
    for bound in (rule.low, rule.high):
        unbound = [item for item in rule.items if isinstance(bound, Mapping) and item not in bound]
        if unbound:
            raise BadRule(f"{rule.id}: {', '.join(unbound)} has no lowest or no highest answer.")
    for item in rule.items:
        low, high = rule.bounds(item)
        if not low < high:
            raise BadRule(f"{rule.id}, item {item}: the lowest answer {low:g} is not below the highest {high:g}.")


def _check_table(rule: ScoreRule) -> None:
    if (rule.method == "lookup") != bool(rule.table):
        raise BadRule(f"{rule.id}: a table belongs to the method lookup, and to no other.")
    if rule.method == "lookup":
        bounds = [rule.bounds(item) for item in rule.items]
        lowest, highest = int(sum(low for low, _ in bounds)), int(sum(high for _, high in bounds))
        holes = [str(total) for total in range(lowest, highest + 1) if total not in rule.table]
        if holes:
            raise BadRule(f"{rule.id}: the table has no row for {', '.join(holes)}.")
