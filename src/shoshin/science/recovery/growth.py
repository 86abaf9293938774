"""One curve for all courses, by the first score, with level and pace that differ between people."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from shoshin.science.mixed import NestedModel, NotFitted, RandomTerm, fit, gram_table
from shoshin.science.recovery.bands import Band
from shoshin.science.recovery.courses import Floats, from_first_answer, time_of

__all__ = ["GrowthModel", "fit_growth", "growth_band"]

_MODEL = NestedModel("score", ("1", "time", "first", "first_time"), (RandomTerm("course", ("1", "time")),))


@dataclass(frozen=True, eq=False)
class GrowthModel:
    """What to expect of a course from its first score alone.

    `beta` is (level, pace, level by point of the first score, pace by point of the first score) in points and points
    per unit of log(1 + appointments); `spread` the covariance of people's own level and pace about it;
    `residual_variance` that of one answer. `source` says whether it was fitted to courses or made from
    published figures.
    """

    beta: Floats
    beta_covariance: Floats
    spread: Floats
    residual_variance: float
    courses: int
    source: Literal["courses", "published"]


def fit_growth(scores: ArrayLike) -> GrowthModel | NotFitted:
    """Which curve do these courses follow, by their first score, and how much do people differ about it?

    Equation: y = b0 + b1 L + b2 y0 + b3 y0 L + u0 + u1 L + e for every answer after the first, L = log(1 + appointments
    since), (u0, u1) and e normal; by mixed.fit (REML). Source: Finch, Lambert & Schaalje (2001); Lutz, Martinovich &
    Howard (1999) for what is known at intake in level and pace. Units: points. `scores` is courses × appointments with
    NaN. Not for: endings that depend on what nobody wrote down, or two kinds of course, of which it takes the middle.
    """
    table = from_first_answer(scores)
    rows, since = np.nonzero(~np.isnan(table[:, 1:]))
    if len(np.unique(rows)) < 3:
        raise ValueError("A curve for all courses needs three courses or more with a second answer.")
    first, time = table[rows, 0], time_of(since + 1)
    columns = {"score": table[rows, since + 1], "time": time, "first": first, "first_time": first * time}
    found = fit(gram_table({**columns, "course": rows}, _MODEL), _MODEL)
    if isinstance(found, NotFitted):
        return found
    spread = found.level("course")
    return GrowthModel(
        found.beta, found.beta_covariance, spread.covariance, found.residual_variance, spread.n_units, "courses"
    )


def growth_band(
    model: GrowthModel, first: float, since: int, *, kind: Literal["confidence", "prediction"], share: float = 0.80
) -> Band:
    """Between which scores does a course with this first score lie, before anything else is known of it?

    Equation: w'β ± z √(w'Cov(β)w) (confidence, of the mean), or ± z √(w'Cov(β)w + x'Σx + σ²) (prediction, of one new
    course); x = (1, L), w = (x, first · x). Source: as fit_growth. Units: points; no direction, and not cut at the ends
    of the scale. Variances count as known. Not for: a share of all courses with a confidence (see band_at).
    """
    if not 0 < share < 1:
        raise ValueError(f"A share lies between 0 and 1; got {share}.")
    x = np.array([1.0, float(time_of(since))])
    w = np.concatenate([x, first * x])
    middle, variance = float(w @ model.beta), float(w @ model.beta_covariance @ w)
    if kind == "prediction":
        variance += float(x @ model.spread @ x) + model.residual_variance
    half = NormalDist().inv_cdf((1 + share) / 2) * sqrt(variance)
    return Band(middle - half, middle, middle + half, kind, share, model.courses)
