"""Rules that raise an alarm, each for whole clinics at once: an array courses × appointments, the higher the likelier.

A rule that has a line of its own gives yes or no; the others give a figure, and the line is chosen on courses that
are used for nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from _signal_worlds import Bools, Clinic, Floats

from shoshin.science.mixed import NotFitted
from shoshin.science.recovery import (
    GrowthModel,
    begin,
    chance_not_better,
    chance_of_ending,
    chance_worse,
    fit_bands,
    fit_endings,
    fit_growth,
    foreseen,
    updated,
)
from shoshin.science.recovery.logistic import logistic_coefficients

HORIZON = 9  # appointments after the first: near the usual end
NEIGHBOURS = 100
LAST_MODEL = 15  # appointments after the first for which there is a model of their own; later ones use the last


@dataclass(frozen=True)
class Seen:
    """What is known at each place: the latest score, the worst and best so far, and the pace since the last answer."""

    now: Floats
    best: Floats
    pace: Floats

    @classmethod
    def of(cls, clinic: Clinic) -> "Seen":
        y, there = clinic.scores, clinic.answered
        place = np.maximum.accumulate(np.where(there, np.arange(y.shape[1]), 0), axis=1)
        now = np.take_along_axis(y, place, axis=1)
        before = np.pad(np.fmin.accumulate(y, axis=1), ((0, 0), (1, 0)), mode="edge")[:, :-1]
        return cls(now, before, (now - y[:, :1]) / np.maximum(place, 1))


Rule = Callable[[Clinic], Floats]


def worse_signal(clinic: Clinic) -> Floats:
    """What we ship as "worse", at the level signal: reliably worse than the first score."""
    return (clinic.scores - clinic.scores[:, :1] >= clinic.reliable).astype(float)


def worse_watch(clinic: Clinic) -> Floats:
    """What we ship as "worse", at watch or above: reliably worse than the first score, or than the best since."""
    gone_up = clinic.scores - Seen.of(clinic).best >= clinic.reliable
    return (gone_up | (worse_signal(clinic) > 0)).astype(float)


def no_change(clinic: Clinic, k: int) -> Floats:
    """What we ship as "no change" from appointment k on: not reliably better, and still on the clinical side."""
    y = clinic.scores
    found = (y[:, :1] - y < clinic.reliable) & (y >= clinic.cutoff) & (np.arange(y.shape[1]) >= k - 1)
    return found.astype(float)


def raw(clinic: Clinic) -> Floats:
    """Points worse than the first score."""
    return np.where(clinic.answered, clinic.scores - clinic.scores[:, :1], -np.inf)


def rational(clinic: Clinic, *, red: bool) -> Floats:
    """A rational rule in units of reliable change: red, or yellow and red. Generic, no published system's own."""
    y, at = clinic.scores, np.arange(clinic.scores.shape[1])
    moved, above = (y - y[:, :1]) / clinic.reliable, y >= clinic.cutoff
    found = (moved >= 1) | ((moved >= 0.5) & (at >= 3)) | ((at >= 8) & (moved > -0.25) & above)
    if not red:
        found |= (moved >= 0.5) | ((at >= 4) & (moved > -0.25) & above)
    return (found & (at > 0)).astype(float)


def bands(learnt: Clinic) -> Rule:
    """How far above the band by appointment, in its residual spreads."""
    found = {band.since: band for band in fit_bands(learnt.scores)}
    last = max(found)

    def rule(clinic: Clinic) -> Floats:
        y, out = clinic.scores, np.full(clinic.scores.shape, -np.inf)
        for since in range(1, y.shape[1]):
            band = found.get(min(since, last), found[last])
            out[:, since] = (y[:, since] - band.beta[0] - band.beta[1] * y[:, 0]) / band.rmse
        return np.where(clinic.answered, out, -np.inf)

    return rule


def growth(learnt: Clinic, *, worse: bool) -> Rule:
    """Expected recovery: the chance that the end is worse, or no better, updated with each answer."""
    model = fit_growth(learnt.scores)
    if isinstance(model, NotFitted):
        raise SystemExit(f"The curve could not be fitted: {model.reasons}")
    return lambda clinic: growth_chances(model, clinic, worse=worse)


def growth_chances(model: GrowthModel, clinic: Clinic, *, worse: bool) -> Floats:
    y, chance = clinic.scores, chance_worse if worse else chance_not_better
    known, out = begin(model, y[:, 0]), np.full(y.shape, np.nan)
    for since in range(1, y.shape[1]):
        going = np.flatnonzero(~np.isnan(y[:, since:]).all(axis=1))
        known = updated(known, since, y[:, since])
        ahead = foreseen(known, max(HORIZON, since + 1))
        here = type(ahead)(ahead.mean[going], ahead.sd[going])
        out[going, since] = chance(here, y[going, 0], reliable_points=clinic.reliable, higher_is_worse=True)
    return np.where(clinic.answered, out, -np.inf)


def endings(learnt: Clinic, happened: Bools) -> Rule:
    """Expected endings: the regression of each appointment, from courses that went on after it."""
    model = fit_endings(learnt.scores, happened, reliable_points=learnt.reliable)
    return lambda clinic: np.nan_to_num(chance_of_ending(model, clinic.scores), nan=-1)


def features(clinic: Clinic, since: int) -> Floats:
    """First and latest score and the pace so far, as in per-appointment logistic regressions of the literature."""
    seen = Seen.of(clinic)
    return np.column_stack([clinic.scores[:, 0], seen.now[:, since], seen.pace[:, since]])


def per_appointment(learnt: Clinic, happened: Bools) -> Rule:
    """A logistic regression of its own for each appointment, from courses that went on after it."""
    models = {}
    for since in range(1, LAST_MODEL + 1):
        going = (learnt.last > since) & learnt.answered[:, since]
        if happened[going].sum() >= 20:
            models[since] = logistic(features(learnt, since)[going], happened[going])
    last = max(models)

    def rule(clinic: Clinic) -> Floats:
        out = np.full(clinic.scores.shape, -np.inf)
        for since in range(1, clinic.scores.shape[1]):
            mean, sd, beta = models[min(since, last)]
            out[:, since] = sigmoid(beta[0] + (features(clinic, since) - mean) / sd @ beta[1:])
        return np.where(clinic.answered, out, -np.inf)

    return rule


def logistic(x: Floats, y: Bools, ridge: float = 1.0) -> tuple[Floats, Floats, Floats]:
    """Logistic regression with the penalty that scikit-learn has by default (C = 1), on standardised columns."""
    mean, sd = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    design = np.column_stack([np.ones(len(x)), (x - mean) / sd])
    penalty = ridge * np.diag([0.0, *np.ones(x.shape[1])])
    beta = logistic_coefficients(design, y.astype(float), penalty, np.zeros(design.shape[1]))
    return mean, sd, beta


def neighbours(learnt: Clinic, happened: Bools) -> Rule:
    """The share among the nearest past courses by first and latest score at the same appointment."""
    tables = {}
    for since in range(1, LAST_MODEL + 1):
        going = (learnt.last > since) & learnt.answered[:, since]
        if going.sum() >= NEIGHBOURS:
            tables[since] = lattice(learnt.scores[going][:, [0, since]], happened[going])
    last = max(tables)

    def rule(clinic: Clinic) -> Floats:
        out = np.full(clinic.scores.shape, -np.inf)
        for since in range(1, clinic.scores.shape[1]):
            there = clinic.answered[:, since]
            first, now = (clinic.scores[there][:, place].astype(int) for place in (0, since))
            grid = tables[min(since, last)]
            most = len(grid) - 1
            out[there, since] = grid[np.minimum(first, most), np.minimum(now, most)]
        return out

    return rule


def lattice(points: Floats, happened: Bools) -> Floats:
    """The share of events among the nearest courses, for each pair of whole scores."""
    size = int(points.max()) + 2
    counts, events = np.zeros((size, size)), np.zeros((size, size))
    np.add.at(counts, tuple(points.astype(int).T), 1)
    np.add.at(events, tuple(points.astype(int).T), happened)
    cells = np.argwhere(counts > 0)
    n, k = counts[tuple(cells.T)], events[tuple(cells.T)]
    out = np.zeros((size, size))
    for first in range(size):
        for now in range(size):
            order = np.argsort(((cells - [first, now]) ** 2).sum(axis=1), kind="stable")
            enough = int(np.searchsorted(np.cumsum(n[order]), NEIGHBOURS)) + 1
            near = order[:enough]
            out[first, now] = k[near].sum() / n[near].sum()
    return out


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))
