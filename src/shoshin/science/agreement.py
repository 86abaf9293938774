"""Do readers who sort statements blind find the levels that the writers meant?

Agreement beyond chance, with an interval, and nothing at all before enough readers have sorted enough. A level off by
two counts as twice as far off as one off by one. Higher is better: 1 is full agreement, 0 what chance would give.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from shoshin.science.reasons import Reason

__all__ = [
    "LEAST_READERS",
    "LEAST_STATEMENTS",
    "SORTED_LEVELS",
    "Agreement",
    "Kappa",
    "agreement_with",
    "weighted_kappa",
]

SORTED_LEVELS = 3
# Before this much is sorted no figure is shown: with fewer its interval says next to nothing.
LEAST_READERS, LEAST_STATEMENTS = 3, 30
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Kappa:
    """Agreement of two sortings beyond chance, with its standard error; no value where neither could differ."""

    value: float | None
    error: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Agreement:
    """How far readers agree with the writers: the mean of their kappas with its 95 % interval, or none yet."""

    value: float | None
    low: float | None
    high: float | None
    readers: int
    statements: int
    reasons: tuple[Reason, ...]


def weighted_kappa(first: Sequence[int], second: Sequence[int], *, levels: int = SORTED_LEVELS) -> Kappa:
    """How far do two sortings of the same statements agree, beyond chance?

    Equation: with weights w = 1 - |i - j| / (levels - 1) and shares p of the table, o = Σ w p_ij,
    e = Σ w p_i. p_.j, kappa = (o - e) / (1 - e); error by the delta method. Source: Cohen (1968); the error is that of
    Fleiss, Cohen and Everitt (1969). `first` and `second` hold levels from 1, in the same order of statements. Units:
    none, -1 to 1, higher is better. Not for: deciding whether one level is right.
    """
    shares = _table(first, second, levels)
    w = _weights(levels)
    rows, columns = shares.sum(1), shares.sum(0)
    observed, expected = float((w * shares).sum()), float(rows @ w @ columns)
    facts = {"observed": round(observed, 3), "expected": round(expected, 3), "statements": len(first)}
    if expected >= 1 - 1e-12:
        return Kappa(None, None, (Reason("all_in_one_level", facts),))
    value = (observed - expected) / (1 - expected)
    means = (w @ columns)[:, None] + (rows @ w)[None, :]
    spread = float((shares * (w - means * (1 - value)) ** 2).sum()) - (value - expected * (1 - value)) ** 2
    error = sqrt(max(spread, 0.0) / len(first)) / (1 - expected)
    return Kappa(value, error, (Reason("agreement_beyond_chance", facts),))


def agreement_with(
    writers: Sequence[int], readers: Sequence[Sequence[int]], *, levels: int = SORTED_LEVELS
) -> Agreement:
    """How far do readers, each sorting alone, agree with the levels that the writers meant?

    Equation: mean over readers of weighted_kappa(writers, reader); interval mean ± 1.96 s, s by leaving out one
    statement at a time: s² = (n - 1) / n Σ (k_(i) - mean of k_(i))². No value below 3 readers or 30 statements. Source:
    mean of pairs after Light (1971); the jackknife after Tukey (1958), because readers of one statement hang together.
    Units: as weighted_kappa. Not for: comparing readers.
    """
    count, n = len(readers), len(writers)
    if count < LEAST_READERS:
        few = Reason("too_few_readers", {"readers": count, "needed": LEAST_READERS})
        return Agreement(None, None, None, count, n, (few,))
    if n < LEAST_STATEMENTS:
        few = Reason("too_few_statements", {"statements": n, "needed": LEAST_STATEMENTS})
        return Agreement(None, None, None, count, n, (few,))
    found = _mean_kappa(np.array(writers), np.array(readers), levels)
    without = [_mean_kappa(np.delete(writers, i), np.delete(readers, i, axis=1), levels) for i in range(n)]
    known = [each for each in without if each is not None]
    if found is None or len(known) < n:
        return Agreement(None, None, None, count, n, (Reason("all_in_one_level", {"statements": n}),))
    s = sqrt((n - 1) / n * sum((each - sum(known) / n) ** 2 for each in known))
    reach = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2) * s
    reason = Reason("mean_over_readers", {"readers": count, "statements": n})
    return Agreement(found, max(found - reach, -1.0), min(found + reach, 1.0), count, n, (reason,))


def _mean_kappa(writers: np.ndarray, readers: np.ndarray, levels: int) -> float | None:
    found = [weighted_kappa(writers.tolist(), reader.tolist(), levels=levels).value for reader in readers]
    known = [each for each in found if each is not None]
    return sum(known) / len(known) if len(known) == len(found) else None


def _weights(levels: int) -> np.ndarray:
    steps = np.arange(levels)
    return np.asarray(1 - abs(steps[:, None] - steps) / (levels - 1))


def _table(first: Sequence[int], second: Sequence[int], levels: int) -> np.ndarray:
    if len(first) != len(second) or not first:
        raise ValueError(f"Two sortings of the same statements are compared; got {len(first)} and {len(second)}.")
    if levels < 2 or not all(1 <= level <= levels for level in (*first, *second)):
        raise ValueError(f"Levels go from 1 to {levels}, and there are at least two of them.")
    table = np.zeros((levels, levels))
    np.add.at(table, (np.array(first) - 1, np.array(second) - 1), 1)
    return table / len(first)
