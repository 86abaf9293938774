"""What is to be expected now that this has been answered? Each answer moves the expectation a little.

All arguments may be one course's figures or arrays of many courses; the work for one more answer never depends on how
many came before.
"""

from dataclasses import dataclass, replace
from math import ceil, erf, floor, sqrt

import numpy as np
from numpy.typing import ArrayLike

from shoshin.science.recovery.courses import Floats, time_of
from shoshin.science.recovery.growth import GrowthModel

__all__ = ["Expectation", "Foreseen", "begin", "chance_not_better", "chance_worse", "foreseen", "updated"]

_erf = np.vectorize(erf, otypes=[float])


@dataclass(frozen=True, eq=False)
class Expectation:
    """Level and pace of one course or many, as far as known: `mean` (..., 2), `covariance` (..., 2, 2)."""

    mean: Floats
    covariance: Floats
    residual_variance: float


@dataclass(frozen=True, eq=False)
class Foreseen:
    """Where one answer is likely to lie: mean and standard deviation, in points; no direction."""

    mean: Floats
    sd: Floats


def begin(model: GrowthModel, first: ArrayLike) -> Expectation:
    """What is to be expected of a course of which only the first score is known?

    Equation: level and pace ~ N((b0 + b2 y0, b1 + b3 y0), Σ). Source: as growth.fit_growth. Units: points, points per
    unit of log(1 + appointments). The coefficients count as known.
    """
    y0 = np.asarray(first, dtype=float)
    mean = np.stack([model.beta[0] + model.beta[2] * y0, model.beta[1] + model.beta[3] * y0], axis=-1)
    return Expectation(mean, np.broadcast_to(model.spread, (*y0.shape, 2, 2)), model.residual_variance)


def updated(before: Expectation, since: ArrayLike, score: ArrayLike) -> Expectation:
    """What is to be expected once one more answer has come?

    Equation: with x = (1, log(1 + since)), S = x'Px + σ², k = Px/S: mean + k(score - x'mean), P - kx'P. It is the
    conjugate update of a normal prior, in the form that a spread of 0 allows. Source: textbook (West & Harrison 1997);
    equal to the posterior from all answers at once (tested). Units: points. NaN leaves the expectation as it was.
    Not for: the first score, which `begin` has used; answers that carry over from one to the next count as apart.
    """
    observed = np.asarray(score, dtype=float)
    level_cov, cross, pace_cov = _parts(before.covariance)
    time = time_of(since)
    to_level, to_pace = level_cov + cross * time, cross + pace_cov * time
    total = to_level + to_pace * time + before.residual_variance
    surprise = observed - before.mean[..., 0] - before.mean[..., 1] * time
    gap = np.isnan(surprise)
    gain = np.stack([to_level / total, to_pace / total], axis=-1)
    moved = before.mean + gain * np.where(gap, 0.0, surprise)[..., None]
    known = np.where(gap, 0.0, 1 / total)
    pulled = np.stack([to_level, to_pace], axis=-1)
    less = pulled[..., :, None] * pulled[..., None, :] * known[..., None, None]
    return replace(before, mean=moved, covariance=before.covariance - less)


def foreseen(expectation: Expectation, since: ArrayLike) -> Foreseen:
    """Where is the answer so many appointments after the first likely to lie?

    Equation: mean x'm, variance x'Px + σ², x = (1, log(1 + since)). Source: as updated. Units: points.
    """
    time = time_of(since)
    level_cov, cross, pace_cov = _parts(expectation.covariance)
    variance = level_cov + 2 * cross * time + pace_cov * time**2 + expectation.residual_variance
    return Foreseen(expectation.mean[..., 0] + expectation.mean[..., 1] * time, np.sqrt(variance))


def chance_worse(
    ahead: Foreseen,
    first: ArrayLike,
    *,
    reliable_points: float,
    higher_is_worse: bool,
    official: bool = True,
    step: float = 1.0,
) -> Floats:
    """How likely is that answer to be reliably worse than the first?

    Equation: 1 - Φ((d - ½ step - worsening)/sd), worsening the mean's distance from the first in the worse direction,
    d the smallest difference on the scale that counts: reliable points rounded up to a whole step (`official`), or the
    next step above them. Source: a normal tail with the usual half-step correction. Units: a chance. Not for: the end
    of a course whose length is not known; it answers for one appointment.
    """
    move = _counted(reliable_points, official, step) - step / 2
    return _beyond(ahead, np.asarray(first, dtype=float), move, 1 if higher_is_worse else -1)


def chance_not_better(
    ahead: Foreseen,
    first: ArrayLike,
    *,
    reliable_points: float,
    higher_is_worse: bool,
    official: bool = True,
    step: float = 1.0,
) -> Floats:
    """How likely is that answer not to be reliably better than the first?

    Equation: one less the chance of a reliable improvement, by chance_worse with the direction turned. Source, units
    and limits: as there. Whoever began too low to improve reliably comes out near 1: look at the first score too.
    """
    move = _counted(reliable_points, official, step) - step / 2
    return 1 - _beyond(ahead, np.asarray(first, dtype=float), move, -1 if higher_is_worse else 1)


def _counted(points: float, official: bool, step: float) -> float:
    """The smallest difference that counts as reliable on a scale of such steps."""
    if points <= 0 or step <= 0:
        raise ValueError(f"A reliable change and a scale's step are above 0 points; got {points} and {step}.")
    steps = points / step
    return step * (ceil(steps - 1e-9) if official else floor(steps + 1e-9) + 1)


def _beyond(ahead: Foreseen, first: Floats, move: float, sign: int) -> Floats:
    z = (move - sign * (ahead.mean - first)) / ahead.sd
    return np.asarray(0.5 * (1 - _erf(z / sqrt(2))), dtype=float)


def _parts(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    return covariance[..., 0, 0], covariance[..., 0, 1], covariance[..., 1, 1]
