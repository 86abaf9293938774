"""Which of the published formulas would call this change more than error, and do they agree?

Jacobson and Truax's index beside the six that were put forward in its place. They differ in what they take for
the true first score, and in the error they divide by. The figure that judges a client stays the one in
change.py; these are for showing how much hangs on the choice, and for research that has fixed one beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shoshin.science.change import Category, Change, is_case, points_worse, s_diff, sem
from shoshin.science.mixed import Fitted
from shoshin.science.reasons import Reason

__all__ = [
    "FORMULAS",
    "Formula",
    "Group",
    "Pace",
    "change_index",
    "group_of",
    "judge_index",
    "own_pace",
    "reliability_of_differences",
]

Formula = Literal["jt", "gln", "hll", "en", "nk", "ha"]
FORMULAS: tuple[Formula, ...] = ("jt", "gln", "hll", "en", "nk", "ha")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """The group that a person is compared with: its first and last scores, and the measure's reliability at each."""

    mean_first: float
    sd_first: float
    mean_last: float
    sd_last: float
    correlation: float
    reliability: float
    reliability_last: float


@dataclass(frozen=True)
class Pace:
    """One person's own pace of change, in points per unit of time, and how many standard errors it is from none."""

    points: float
    error: float
    index: float


def group_of(
    first: Sequence[float], last: Sequence[float], *, reliability: float, reliability_last: float | None = None
) -> Group:
    """Which figures of a group do the formulas need?

    Equation: means, standard deviations (n - 1) and the correlation of first with last scores. Source: textbook.
    Units: points of the scale; no direction. `reliability_last` is the first's unless given. Not for: fewer than
    three people, or scores that do not differ, which are refused.
    """
    if len(first) != len(last) or len(first) < 3:
        raise ValueError(f"A group is three people or more with two scores each; got {len(first)} and {len(last)}.")
    before, after = np.asarray(first, dtype=float), np.asarray(last, dtype=float)
    if not before.std() > 0:
        raise ValueError("The first scores of a group must differ, or no change can be compared with their spread.")
    together = float(np.corrcoef(before, after)[0, 1]) if after.std() > 0 else 0.0
    return Group(
        mean_first=float(before.mean()),
        sd_first=float(before.std(ddof=1)),
        mean_last=float(after.mean()),
        sd_last=float(after.std(ddof=1)),
        correlation=together,
        reliability=reliability,
        reliability_last=reliability if reliability_last is None else reliability_last,
    )


def reliability_of_differences(group: Group) -> float:
    """Which share of the spread of differences is more than error?

    Equation: (v1 r1 + v2 r2 - 2 c)/(v1 + v2 - 2 c), v the variances, c the covariance of first and last,
    r = 1 - SEM²/v with the one SEM of the first scores. Source: Hageman & Arrindell (1999), as coded in the R package
    clinicalsignificance. Units: a share. Not for: a group whose differences are all error, which is refused.
    """
    error = sem(group.sd_first, group.reliability) ** 2
    crossed = 2 * group.correlation * group.sd_first * group.sd_last
    spread = group.sd_first**2 + group.sd_last**2 - crossed
    if spread <= 2 * error:
        raise ValueError("The differences in this group spread no more than error alone: use another formula.")
    return (spread - 2 * error) / spread


def change_index(formula: Formula, first: float, last: float, group: Group) -> float:
    """How large is this change by one of six formulas, counted in that formula's standard errors?

    Equation, with M, S, r of the first scores, SEM = S sqrt(1 - r) and the true first score T = M + r (first - M):
    jt (last - first)/(sqrt(2) SEM); gln (last - T)/(S sqrt(1 - r²)); hll as gln with last - M_last for last - M;
    en (last - T)/SEM; nk (last - T)/(S sqrt(r²(1 - r) + 1 - r_last)); ha ((last - first) d + (M_last - M)(1 - d)) /
    (sqrt(d) sqrt(2) SEM), d from reliability_of_differences. Source: Jacobson & Truax (1991);
    Gulliksen-Lord-Novick (Hsu 1989), Hsu-Linn-Lord (Hsu 1989), Edwards-Nunnally (Speer 1992), Nunnally-Kotsch (1983),
    Hageman & Arrindell (1999), by their forms in the R package clinicalsignificance. Units: none; the sign is that of
    a rise in points. Not for: choosing the formula after seeing what it says.
    """
    m, s, r = group.mean_first, group.sd_first, group.reliability
    true_first = m + r * (first - m)
    error = sem(s, r)
    if error == 0:
        raise ValueError("A perfectly reliable measure has no error to compare a change with.")
    if formula == "jt":
        return (last - first) / s_diff(s, r)
    if formula == "gln":
        return (last - true_first) / (s * sqrt(1 - r**2))
    if formula == "hll":
        return (last - group.mean_last - (true_first - m)) / (s * sqrt(1 - r**2))
    if formula == "en":
        return (last - true_first) / error
    if formula == "nk":
        return (last - true_first) / (s * sqrt(r**2 * (1 - r) + 1 - group.reliability_last))
    true_share = reliability_of_differences(group)
    moved = (last - first) * true_share + (group.mean_last - m) * (1 - true_share)
    return moved / (sqrt(true_share) * s_diff(s, r))


def judge_index(
    index: float,
    first: float,
    last: float,
    *,
    cutoff: float | None,
    higher_is_worse: bool,
    critical: float = 1.96,
) -> Change:
    """Is this person recovered, improved, unchanged or worse by an index of change?

    Equation: as change.judge_change, with |index| > `critical` in place of points. Source: Jacobson & Truax (1991); the
    R package named above takes 2 for en and 1.65 for ha, and 1.96 for the others. Units: standard errors; direction by
    `higher_is_worse`; a start outside the clinical range is reported apart. Not for: a client's page.
    """
    if critical <= 0:
        raise ValueError(f"An index is compared with a figure above 0; got {critical}.")
    worse_by = points_worse(0.0, index, higher_is_worse=higher_is_worse)
    case_first = None if cutoff is None else is_case(first, cutoff=cutoff, higher_is_worse=higher_is_worse)
    case_last = None if cutoff is None else is_case(last, cutoff=cutoff, higher_is_worse=higher_is_worse)
    category: Category = "unchanged"
    if worse_by > critical:
        category = "worse"
    elif -worse_by > critical:
        category = "recovered" if case_first and not case_last else "improved"
    code = {"worse": "index_worse", "unchanged": "index_within"}.get(category, "index_better")
    facts: dict[str, float | int | str] = {"first": first, "last": last, "index": index, "critical": critical}
    return Change(category, last - first, None if case_first is None else not case_first, (Reason(code, facts),))


def own_pace(fit: Fitted, times: Sequence[float], scores: Sequence[float]) -> Pace:
    """Is this person's own pace of change other than none, given everybody's?

    Equation: with a model of level and pace, b = B + A(b_own - B) shrunk towards the group's B; A = 1 - (1 + S G/v)⁻¹,
    S the covariance between people, G = Z'Z of the person's times, v the residual variance. The error is that of
    V + P Cov(B) P', V = P S, P = (1 + S G/v)⁻¹. index = pace/error. Source: hierarchical linear model of change
    (Speer & Greenbaum 1995); the R package named above tests the deviation from the mean pace, which calls a person
    who changes as everybody does unchanged. Units: points per unit of time; the sign is that of a rise. Needs a fit
    with fixed and random columns ("1", one time). Not for: fewer than two of the person's scores.
    """
    if len(fit.model.fixed) != 2 or len(fit.levels) != 1 or fit.levels[0].columns != fit.model.fixed:
        raise ValueError("A pace needs a model of level and one time, both for everybody and for each person.")
    if len(times) != len(scores) or len(times) < 2:
        raise ValueError(f"A pace needs two scores or more, each with its time; got {len(scores)} and {len(times)}.")
    z = np.column_stack([np.ones(len(times)), np.asarray(times, dtype=float)])
    spread, v = fit.levels[0].covariance, fit.residual_variance
    kept = np.linalg.inv(np.eye(2) + spread @ (z.T @ z) / v)
    own = kept @ (fit.beta + spread @ z.T @ np.asarray(scores, dtype=float) / v)
    error: NDArray[Any] = kept @ spread + kept @ fit.beta_covariance @ kept.T
    deviation = sqrt(float(error[1, 1]))
    return Pace(float(own[1]), deviation, float(own[1]) / deviation)
