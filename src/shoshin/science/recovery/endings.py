"""How will a course end? For each appointment a logistic regression of its own, whose lines may bend.

A growth curve is one curve for everybody. Where people are of several kinds, and stop once they are well, the end
depends on the first and the latest answer in ways that no such curve has; closed courses show them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shoshin.science.recovery.courses import Floats
from shoshin.science.recovery.logistic import logistic_coefficients

__all__ = ["EndingsModel", "chance_of_ending", "fit_endings"]

FEWEST = 200  # courses of each outcome that went on after an appointment, for a regression with some twenty columns
BENDS = (0.2, 0.5, 0.8)  # at which shares of first and of latest answers lines may bend
PENALTY = 1.0


@dataclass(frozen=True)
class _AtAppointment:
    """One appointment's regression: where its lines bend, its columns' means and spreads, its coefficients."""

    first_bends: Floats
    latest_bends: Floats
    mean: Floats
    spread: Floats
    beta: Floats


@dataclass(frozen=True)
class EndingsModel:
    """A regression for each appointment after the first, from the one after it on, and the points that count."""

    by_appointment: tuple[_AtAppointment, ...]
    reliable_points: float
    courses: int
    events: int


def fit_endings(scores: ArrayLike, happened: ArrayLike, *, reliable_points: float) -> EndingsModel:
    """What do closed courses say of how a course ends, appointment by appointment?

    `scores` courses × appointments from the first answer on, NaN where there was none; `happened` whether each came to
    the outcome, whichever that is, at its last answer. Equation: logit P = a + b'x for courses that went on, x the
    first, the latest, the one before and the mean answer since, squares and product of first and latest, and straight
    lines that bend at quantiles of either and at changes of 0, half and all of the reliable points to both sides;
    penalty ½|b|² on standardised columns. Source: regressions by appointment as Bone et al. 2021, with linear splines
    (Harrell 2015). Units: logits. Knows no direction. ValueError with fewer than 200 of either outcome at the second
    answer; where later ones have fewer, the last regression with enough stands for them.
    """
    y, came = np.asarray(scores, dtype=float), np.asarray(happened, dtype=bool)
    if y.ndim != 2 or came.shape != (len(y),) or reliable_points <= 0:
        raise ValueError("Scores are courses × appointments, with one outcome for each and points above 0.")
    last = y.shape[1] - 1 - np.argmax(~np.isnan(y)[:, ::-1], axis=1)
    models: list[_AtAppointment] = []
    for since in range(1, y.shape[1]):
        going = (last > since) & ~np.isnan(y[:, since])
        if min(came[going].sum(), (~came[going]).sum()) < FEWEST:
            break
        models.append(_fitted(_so_far(y[going], since), came[going], reliable_points))
    if not models:
        raise ValueError(f"Endings are learnt from {FEWEST} courses or more of each outcome that went on.")
    return EndingsModel(tuple(models), float(reliable_points), len(came), int(came.sum()))


def chance_of_ending(model: EndingsModel, scores: ArrayLike) -> Floats:
    """How likely is the outcome, after each answer of these courses?

    Equation: logit⁻¹(a + b'x) of the answer's appointment. Source: as fit_endings. Units: a chance, courses ×
    appointments; NaN at the first answer and where there was none. For courses that go on: at the last answer the
    outcome is known.
    """
    y = np.asarray(scores, dtype=float)
    out = np.full(y.shape, np.nan)
    for since in range(1, y.shape[1]):
        there = ~np.isnan(y[:, since])
        one = model.by_appointment[min(since, len(model.by_appointment)) - 1]
        x = _columns(_so_far(y[there], since), one.first_bends, one.latest_bends, model.reliable_points)
        logits = one.beta[0] + (x - one.mean) / one.spread @ one.beta[1:]
        out[there, since] = 1 / (1 + np.exp(-logits))
    return out


def _so_far(y: Floats, since: int) -> Floats:
    """First, latest, the one before and the mean since the first, for courses with an answer at this appointment."""
    after = y[:, 1 : since + 1]
    before = y[:, 0].copy()
    for place in range(1, since):
        before = np.where(np.isnan(y[:, place]), before, y[:, place])
    return np.column_stack([y[:, 0], y[:, since], before, np.nanmean(after, axis=1)])


def _columns(so_far: Floats, first_bends: Floats, latest_bends: Floats, points: float) -> Floats:
    first, latest, before, mean = so_far.T
    change = latest - first
    bent = [np.maximum(first - at, 0) for at in first_bends] + [np.maximum(latest - at, 0) for at in latest_bends]
    bent += [np.maximum(change - at * points, 0) for at in (-1, -0.5, 0, 0.5, 1)]
    return np.column_stack([first, latest, before, mean, first**2, latest**2, first * latest, *bent])


def _fitted(so_far: Floats, came: NDArray[np.bool_], points: float) -> _AtAppointment:
    first_bends, latest_bends = np.quantile(so_far[:, 0], BENDS), np.quantile(so_far[:, 1], BENDS)
    x = _columns(so_far, first_bends, latest_bends, points)
    mean, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    design = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    penalty = PENALTY * np.diag([0.0, *np.ones(x.shape[1])])
    beta = logistic_coefficients(design, came.astype(float), penalty, np.zeros(design.shape[1]))
    return _AtAppointment(first_bends, latest_bends, mean, spread, beta)
