"""Where do courses with such a first score stand, so many appointments later? A regression for each appointment.

Three intervals, each with its name: confidence (where the mean lies), prediction (where one new course lies) and
tolerance (where a share of all courses lies, with a given confidence).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from shoshin.science.mixed import chi2_tail, t_quantile
from shoshin.science.recovery.courses import Floats, from_first_answer

__all__ = ["AppointmentBand", "Band", "BandKind", "band_at", "fit_bands", "tolerance_factor"]

BandKind = Literal["confidence", "prediction", "tolerance"]


@dataclass(frozen=True, eq=False)
class AppointmentBand:
    """The regression of the scores `since` appointments after the first answer on the first answer.

    `beta` is (level, by point of the first score), `unscaled` the inverse of X'X, `rmse` the residual spread in points.
    """

    since: int
    beta: Floats
    unscaled: Floats
    rmse: float
    courses: int


@dataclass(frozen=True)
class Band:
    """An interval of scores with its name: low, middle and high in points of the scale; no direction."""

    low: float
    middle: float
    high: float
    kind: BandKind
    share: float
    courses: int


def fit_bands(scores: ArrayLike, *, least: int = 30) -> tuple[AppointmentBand, ...]:
    """Where do courses that are still going stand at each appointment, by their first score?

    Equation: at each appointment, least squares of the score on (1, first score), over the courses with an answer
    there. Source: the plain form of expected treatment response (Finch, Lambert & Schaalje 2001, who fit one curve).
    Units: points. `scores` is courses × appointments with NaN; an appointment with fewer than `least` answers, or
    whose first scores do not differ, has no band. Not for: those who have left, who may have fared otherwise.
    """
    if least < 3:
        raise ValueError(f"A line with its spread needs three courses or more; got {least}.")
    table = from_first_answer(scores)
    found = (_regressed(table[:, 0], table[:, since], since, least) for since in range(1, table.shape[1]))
    return tuple(band for band in found if band is not None)


def band_at(
    bands: Sequence[AppointmentBand],
    since: int,
    first: float,
    *,
    kind: BandKind,
    share: float = 0.80,
    confidence: float = 0.95,
) -> Band | None:
    """Between which scores does a course with this first score lie, so many appointments later?

    Equation: fit ± t s √h (confidence, of the mean), ± t s √(1 + h) (prediction, of one new course), ± k s (tolerance,
    of `share` of all courses with this `confidence`), h = x'(X'X)⁻¹x, t on n - 2 degrees, k by tolerance_factor with
    1/h in place of n. Source: textbook regression; Howe (1969) for k, with 1/h as his n (Wallis 1951). Units: points;
    no direction. None where that appointment has no band. Not for: scores far from those the band was fitted to.
    """
    found = next((band for band in bands if band.since == since), None)
    if found is None:
        return None
    if not 0 < share < 1:
        raise ValueError(f"A share lies between 0 and 1; got {share}.")
    x = np.array([1.0, first])
    leverage, df = float(x @ found.unscaled @ x), found.courses - 2
    if kind == "tolerance":
        reach = tolerance_factor(share, confidence, n=1 / leverage, df=df)
    else:
        reach = t_quantile(share, df) * sqrt(leverage + (kind == "prediction"))
    middle, half = float(x @ found.beta), reach * found.rmse
    return Band(middle - half, middle, middle + half, kind, share, found.courses)


def tolerance_factor(share: float, confidence: float, *, n: float, df: int) -> float:
    """How many residual spreads must a band reach to hold this share of people, with this confidence?

    Equation: k = z √(df (1 + 1/n)/χ²), z the two-sided normal quantile of `share`, χ² the figure that a chi-squared
    variable on `df` degrees exceeds with probability `confidence`. Source: Howe (1969). Units: spreads. Not for: scores
    that are far from normal about their mean.
    """
    if not (0 < share < 1 and 0 < confidence < 1 and n > 0 and df >= 1):
        raise ValueError("A tolerance factor needs a share and a confidence between 0 and 1, and n and df above 0.")
    low, high = 0.0, 4.0 * df + 20.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if chi2_tail(middle, df) > confidence else (low, middle)
    return NormalDist().inv_cdf((1 + share) / 2) * sqrt(df * (1 + 1 / n) / low)


def _regressed(first: Floats, later: Floats, since: int, least: int) -> AppointmentBand | None:
    there = ~np.isnan(later)
    x, y = np.column_stack([np.ones(int(there.sum())), first[there]]), later[there]
    if len(y) < least or not np.ptp(x[:, 1]) > 0:
        return None
    unscaled = np.linalg.inv(x.T @ x)
    beta = unscaled @ x.T @ y
    rmse = sqrt(float(((y - x @ beta) ** 2).sum()) / (len(y) - 2))
    return AppointmentBand(since, beta, unscaled, rmse, len(y))
