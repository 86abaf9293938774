"""How far could a variance be from its estimate? Profile intervals for spreads and for shares of variance.

One figure is held at a value, everything else is fitted again, and the value is allowed as long as −2 log likelihood
rises by no more than a chi-squared quantile. Such intervals need not be symmetric, and can begin at 0.
"""

from collections.abc import Mapping
from math import inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.blocks import Problem, evaluate, problem_of, value_of
from shoshin.science.mixed.grams import GramTable
from shoshin.science.mixed.models import INTERCEPT, BadModel, Floats
from shoshin.science.mixed.optimise import Objective
from shoshin.science.mixed.profiles import Held, ProfileInterval, profile
from shoshin.science.mixed.results import Fitted, own_m2ll, scale_of, variance_share, weights_at
from shoshin.science.mixed.shapes import (
    Shape,
    entries_for,
    factors_of,
    full_shapes,
    gradient_of,
    triangle,
)

__all__ = ["residual_sd_interval", "sd_interval", "share_interval"]


def sd_interval(
    table: GramTable, fit: Fitted, group: str, column: str = INTERCEPT, confidence: float = 0.95
) -> ProfileInterval:
    """Between which limits lies the spread of one column's effects between groups?

    Equation: the values at which −2 log likelihood (restricted under REML), everything else fitted again, is no
    more than the chi-squared quantile above its minimum. Source: Pinheiro & Bates 2000; lme4's confint profiles
    the maximum likelihood, so compare with a fit by that. Units: outcome per unit of the column.
    """
    level = fit.model.level(group)
    term = fit.model.random[level]
    if column not in term.columns:
        raise BadModel(f"{column!r} does not vary by {group!r}: it is one of {', '.join(term.columns)}.")
    place = term.columns.index(column)
    by = table.centering.scale[fit.model.outcome] / scale_of(table.centering, column)
    problem, least = problem_of(table, fit.model), fit.m2ll - own_m2ll(0.0, table, fit.model)
    shapes = _first(full_shapes(fit.model), level, place, np.eye(len(term.columns))[place])
    held = _held_place(shapes, level, place, term.correlated)
    start = np.delete(_opened(fit, shapes), held)
    spreads = np.append(np.delete(_spreads(shapes), held), False)
    sd = sqrt(fit.residual_variance) / table.centering.scale[fit.model.outcome]

    def objective(value: float) -> Objective:
        return _with_sd_held(problem, shapes, held, value / by)

    estimate = float(fit.levels[level].sd[place])
    typical = sqrt(fit.residual_variance) / scale_of(table.centering, column)
    return profile(Held(objective, least, np.append(start, log(sd)), spreads), estimate, typical, inf, confidence)


def residual_sd_interval(table: GramTable, fit: Fitted, confidence: float = 0.95) -> ProfileInterval:
    """Between which limits lies the residual spread?

    Equation and source: as sd_interval, with σ held. Units: the outcome's.
    """
    problem, least = problem_of(table, fit.model), fit.m2ll - own_m2ll(0.0, table, fit.model)
    shapes = full_shapes(fit.model)

    def objective(value: float) -> Objective:
        variance = (value / table.centering.scale[fit.model.outcome]) ** 2

        def at(x: Floats) -> tuple[float, Floats]:
            factors = factors_of(shapes, x)
            found = evaluate(problem, factors, variance)
            gradient = np.zeros(x.size) if found is None else gradient_of(shapes, factors, found.scores)
            return value_of(found), gradient

        return at

    estimate = sqrt(fit.residual_variance)
    held = Held(objective, least, _opened(fit, shapes), _spreads(shapes))
    return profile(held, estimate, estimate, inf, confidence)


def share_interval(
    table: GramTable, fit: Fitted, group: str, at: Mapping[str, float] | None = None, confidence: float = 0.95
) -> ProfileInterval:
    """Between which limits lies a level's share of the variance (with one level, the intraclass correlation)?

    Equation: as sd_interval, with `variance_share` held. Units: 0 to 1. Not for: a level with several uncorrelated
    columns at a point where more than one of them counts, which is refused.
    """
    level = fit.model.level(group)
    estimate = variance_share(fit, group, at)
    points = [
        z / np.array([scale_of(table.centering, name) for name in term.columns])
        for z, term in zip(weights_at(fit.model, at), fit.model.random, strict=True)
    ]
    counts = np.flatnonzero(points[level])
    term = fit.model.random[level]
    if not counts.size or (not term.correlated and counts.size > 1):
        raise BadModel(f"The share of {group!r} has no interval at this point: choose one where one column counts.")
    problem, least = problem_of(table, fit.model), fit.m2ll - own_m2ll(0.0, table, fit.model)
    shapes = _first(full_shapes(fit.model), level, int(counts[0]), points[level])
    held = _held_place(shapes, level, int(counts[0]), term.correlated)
    size = 1.0 if term.correlated else abs(float(points[level][counts[0]]))

    def objective(value: float) -> Objective:
        return _with_share_held(problem, shapes, (level, held), points, sqrt(value / (1 - value)) / size)

    start = np.delete(_opened(fit, shapes), held)
    kept = Held(objective, least, start, np.delete(_spreads(shapes), held))
    return profile(kept, estimate, max(estimate, 0.05), 1.0, confidence)


def _first(shapes: tuple[Shape, ...], level: int, place: int, point: Floats) -> tuple[Shape, ...]:
    """The shapes with another basis for one level, in which the effect at `point` is the first entry of L."""
    shape = shapes[level]
    if not shape.correlated:
        return shapes
    order = [place, *(i for i in range(shape.q) if i != place)]
    turn = np.eye(shape.q)[order]
    turn[0] = point
    basis = np.asarray(np.linalg.inv(turn), dtype=np.float64)
    other = Shape(basis, triangle(shape.q, shape.q), shape.q)
    return (*shapes[:level], other, *shapes[level + 1 :])


def _held_place(shapes: tuple[Shape, ...], level: int, place: int, correlated: bool) -> int:
    """Which of the free numbers is the spread that is held."""
    before = sum(len(shape.entries) for shape in shapes[:level])
    return before + (0 if correlated else place)


def _opened(fit: Fitted, shapes: tuple[Shape, ...]) -> Floats:
    """The optimum in other shapes."""
    factors = factors_of(fit.shapes, fit.theta)
    return np.concatenate([entries_for(shape, f @ f.T) for shape, f in zip(shapes, factors, strict=True)])


def _spreads(shapes: tuple[Shape, ...]) -> NDArray[np.bool_]:
    """Which of the free numbers are spreads."""
    return np.array([i == j for shape in shapes for i, j in shape.entries])


def _with_sd_held(problem: Problem, shapes: tuple[Shape, ...], held: int, value: float) -> Objective:
    """The criterion in the other entries and log σ, where the held entry is value/σ."""

    def at(x: Floats) -> tuple[float, Floats]:
        sd = np.exp(np.clip(x[-1], -300, 300))
        theta = np.insert(x[:-1], held, value / sd)
        factors = factors_of(shapes, theta)
        found = evaluate(problem, factors, sd * sd)
        if found is None:
            return inf, np.zeros(x.size)
        slope = gradient_of(shapes, factors, found.scores)
        by_log_sd = found.by_log_sd - slope[held] * value / sd
        return found.m2ll, np.append(np.delete(slope, held), by_log_sd)

    return at


def _with_share_held(
    problem: Problem, shapes: tuple[Shape, ...], held: tuple[int, int], points: list[Floats], root_odds: float
) -> Objective:
    """The criterion in the other entries, where the held entry keeps the level's share: root odds × √(1 + the
    others)."""
    level, place = held

    def at(x: Floats) -> tuple[float, Floats]:
        theta = np.insert(x, place, 0.0)
        turned = [z @ f for z, f in zip(points, factors_of(shapes, theta), strict=True)]
        others = 1 + sum(float(t @ t) for k, t in enumerate(turned) if k != level)
        theta[place] = root_odds * sqrt(others)
        factors = factors_of(shapes, theta)
        found = evaluate(problem, factors)
        if found is None:
            return inf, np.zeros(x.size)
        slope = gradient_of(shapes, factors, found.scores)
        by_others = slope[place] * root_odds / (2 * sqrt(others))
        extra = [
            shape.gradient(np.zeros_like(f) if k == level else 2 * by_others * np.outer(z, t))
            for k, (shape, f, z, t) in enumerate(zip(shapes, factors, points, turned, strict=True))
        ]
        return found.m2ll, np.delete(slope + np.concatenate(extra), place)

    return at
