"""Do things come about as often as was said? If not, by how much must chances and widths be moved?

Both need courses that the model has not seen.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from shoshin.science.recovery.courses import Floats
from shoshin.science.recovery.logistic import logistic_coefficients
from shoshin.science.recovery.updating import Foreseen

__all__ = [
    "ChanceCalibration",
    "WidthCalibration",
    "recalibrate_chances",
    "recalibrate_widths",
    "recalibrated",
    "widened",
]

FEWEST = 20  # of each outcome, and of answers beyond each limit's quantile, below which a figure would be luck
_EDGE = 1e-9


@dataclass(frozen=True)
class ChanceCalibration:
    """logit(what came about) = intercept + slope · logit(what was said): 0 and 1 where all is right already."""

    intercept: float
    slope: float
    courses: int
    events: int


@dataclass(frozen=True)
class WidthCalibration:
    """How many standard deviations a band must reach to either side to hold its share of new answers."""

    below: float
    above: float
    share: float
    answers: int


def recalibrate_chances(chances: ArrayLike, happened: ArrayLike) -> ChanceCalibration:
    """By how much do these chances exaggerate, or keep back?

    Equation: logistic regression of what happened on logit(chance), by Newton's method. A slope below 1 means chances
    too extreme, an intercept above 0 events too often. Source: Cox (1958); the calibration intercept and slope of
    prediction models. Units: logits. Needs 20 of each outcome, one row for each course; ValueError with fewer, and
    where the chances were never wrong. Not for: the courses that the model was fitted to.
    """
    said, came = _logit(np.asarray(chances, dtype=float)), np.asarray(happened, dtype=float)
    events = int(came.sum())
    if said.shape != came.shape or min(events, len(came) - events) < FEWEST:
        raise ValueError(f"Chances are set right by {FEWEST} courses or more of each outcome; got {events} events.")
    x = np.column_stack([np.ones(len(said)), said])
    beta = logistic_coefficients(x, came, np.zeros((2, 2)), np.array([0.0, 1.0]))
    return ChanceCalibration(float(beta[0]), float(beta[1]), len(came), events)


def recalibrated(chances: ArrayLike, by: ChanceCalibration) -> Floats:
    """What are these chances once they have been set right?

    Equation: logit⁻¹(intercept + slope · logit(chance)). Source: as recalibrate_chances. Units: a chance.
    """
    said = _logit(np.asarray(chances, dtype=float))
    return np.asarray(1 / (1 + np.exp(-(by.intercept + by.slope * said))), dtype=float)


def recalibrate_widths(ahead: Foreseen, observed: ArrayLike, *, share: float = 0.80) -> WidthCalibration:
    """How wide must a band be to hold this share of answers that the model has not seen?

    Equation: of r = (observed - mean)/sd, the ceil((n + 1)(1 + share)/2)-th from either end. Source: split conformal
    prediction (Vovk, Gammerman & Shafer 2005; Lei et al. 2018): one new answer of the same kind lies within with the
    stated chance whatever the distribution. Units: standard deviations, positive outwards. One answer for each course;
    needs 20 beyond either limit. Not for: each first score or appointment apart, where it holds on average only.
    """
    if not 0 < share < 1:
        raise ValueError(f"A share lies between 0 and 1; got {share}.")
    values = np.asarray(observed, dtype=float)
    there = ~np.isnan(values)
    away = np.sort(((values - ahead.mean) / ahead.sd)[there])
    if len(away) * (1 - share) / 2 < FEWEST:
        raise ValueError(f"A band's width is set right by {FEWEST} answers beyond each limit; got {len(away)} in all.")
    place = ceil((len(away) + 1) * (1 + share) / 2) - 1
    return WidthCalibration(float(-away[len(away) - 1 - place]), float(away[place]), share, len(away))


def widened(ahead: Foreseen, by: WidthCalibration) -> tuple[Floats, Floats]:
    """Between which scores does the answer lie, once the width has been set right?

    Equation: mean - below · sd, mean + above · sd. Source: as recalibrate_widths. Units: points; (low, high).
    """
    return ahead.mean - by.below * ahead.sd, ahead.mean + by.above * ahead.sd


def _logit(chances: Floats) -> Floats:
    if np.any((chances < 0) | (chances > 1)):
        raise ValueError("A chance lies between 0 and 1.")
    safe = np.clip(chances, _EDGE, 1 - _EDGE)
    return np.log(safe / (1 - safe))
