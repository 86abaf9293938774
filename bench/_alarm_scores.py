"""How good is an alarm? Counted only strictly before the last answer, with intervals that keep therapists together."""

from dataclasses import dataclass

import numpy as np
from _signal_worlds import Bools, Clinic, Floats

from shoshin.science.recovery import recalibrate_chances

RESAMPLES = 300


@dataclass(frozen=True)
class Alarms:
    """One rule in one clinic: who was alarmed and when, who came to the outcome, and whose clients they were."""

    first: Floats  # place of the first alarm, NaN where there was none
    happened: Bools
    last: Floats
    therapist: Floats

    @property
    def alarmed(self) -> Bools:
        return ~np.isnan(self.first)


def alarms(found: Floats, line: float, clinic: Clinic, happened: Bools) -> Alarms:
    """Every course's first alarm at or above the line, before its last answer."""
    early = early_places(clinic)
    over = early & (found >= line)
    first = np.where(over.any(axis=1), np.argmax(over, axis=1), np.nan)
    return Alarms(first, happened, clinic.last.astype(float), clinic.therapist.astype(float))


def early_places(clinic: Clinic) -> Bools:
    at = np.arange(clinic.scores.shape[1])
    return clinic.answered & (at > 0) & (at < clinic.last[:, None])


def line_for_rate(found: Floats, clinic: Clinic, rate: float) -> float:
    """The lowest line at which no more than this share of courses is ever alarmed."""
    top = np.where(early_places(clinic), found, -np.inf).max(axis=1)
    ordered = np.unique(top)
    shares = 1 - np.searchsorted(np.sort(top), ordered) / len(top)
    allowed = ordered[shares <= rate]
    return float(allowed[0]) if len(allowed) else float(ordered[-1]) + 1e-9


def rates(seen: Alarms) -> dict[str, tuple[float, float, float]]:
    """Each figure with its 95 % interval from therapists drawn again and again."""
    _, whose = np.unique(seen.therapist, return_inverse=True)
    hit, alarmed = seen.alarmed & seen.happened, seen.alarmed
    kinds = np.column_stack([hit, alarmed & ~seen.happened, ~alarmed & seen.happened, ~alarmed & ~seen.happened])
    sums = np.zeros((whose.max() + 1, 4))
    np.add.at(sums, whose, kinds)
    lead, of_whom = (seen.last - seen.first)[hit], whose[hit]
    drawn = np.random.default_rng(1).integers(0, len(sums), (RESAMPLES, len(sums)))
    times = np.array([np.bincount(draw, minlength=len(sums)) for draw in drawn])
    figures = [summary(sums.sum(axis=0), lead, np.ones(len(lead)))]
    figures += [summary(count @ sums, lead, count[of_whom]) for count in times]
    names = ("rate", "sensitivity", "specificity", "ppv", "npv", "lead")
    table = np.array(figures)
    return {name: (table[0, k], *interval(table[1:, k])) for k, name in enumerate(names)}


def interval(values: Floats) -> tuple[float, float]:
    """The middle 95 % of the values that are figures at all."""
    there = values[~np.isnan(values)]
    low, high = np.quantile(there, [0.025, 0.975]) if len(there) else (np.nan, np.nan)
    return float(low), float(high)


def summary(counts: Floats, lead: Floats, weight: Floats) -> tuple[float, ...]:
    tp, fp, fn, tn = counts

    def share(part: float, whole: float) -> float:
        return part / whole if whole else float("nan")

    return (
        share(tp + fp, counts.sum()), share(tp, tp + fn), share(tn, tn + fp),
        share(tp, tp + fp), share(tn, tn + fn), weighted_median(lead, weight),
    )  # fmt: skip


def weighted_median(values: Floats, weight: Floats) -> float:
    if not weight.sum():
        return float("nan")
    order = np.argsort(values)
    place = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    return float(values[order][place])


def auc(found: Floats, happened: Bools) -> float:
    """How often is a course that came to the outcome above one that did not? Ties count a half."""
    _, place, count = np.unique(found, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    yes = int(happened.sum())
    if yes in (0, len(happened)):
        return float("nan")
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * (len(happened) - yes)))


def best_line(found: Floats, happened: Bools) -> float:
    """The line with the highest balanced accuracy."""
    lines = np.unique(found)
    ordered_yes, ordered_no = np.sort(found[happened]), np.sort(found[~happened])
    sensitivity = 1 - np.searchsorted(ordered_yes, lines) / max(len(ordered_yes), 1)
    specificity = np.searchsorted(ordered_no, lines) / max(len(ordered_no), 1)
    return float(lines[np.argmax(sensitivity + specificity)])


def balanced(over: Bools, happened: Bools, therapist: Floats) -> tuple[float, float, float]:
    """Balanced accuracy with its interval."""
    _, whose = np.unique(therapist, return_inverse=True)
    kinds = np.column_stack([over & happened, happened, ~over & ~happened, ~happened])
    sums = np.zeros((whose.max() + 1, 4))
    np.add.at(sums, whose, kinds)
    drawn = np.random.default_rng(2).integers(0, len(sums), (RESAMPLES, len(sums)))
    totals = np.vstack([sums.sum(axis=0), sums[drawn].sum(axis=1)])
    values = (totals[:, 0] / totals[:, 1] + totals[:, 2] / totals[:, 3]) / 2
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return float(values[0]), float(low), float(high)


def slopes(chances: Floats, happened: Bools, therapist: Floats, draws: int = 60) -> tuple[float, float, float]:
    """Slope of what happened on what was said, with its interval."""
    value = recalibrate_chances(chances, happened).slope
    _, whose = np.unique(therapist, return_inverse=True)
    rng, found = np.random.default_rng(3), []
    members = np.split(np.argsort(whose, kind="stable"), np.cumsum(np.bincount(whose))[:-1])
    for _ in range(draws):
        rows = np.concatenate([members[k] for k in rng.integers(0, len(members), len(members))])
        found.append(recalibrate_chances(chances[rows], happened[rows]).slope)
    low, high = np.quantile(found, [0.025, 0.975])
    return value, float(low), float(high)
