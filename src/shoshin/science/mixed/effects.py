"""What each group's own effects are, as far as its rows can tell: conditional means with their uncertainty."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.blocks import (
    Problem,
    SmallRows,
    carried,
    chunks,
    evaluate,
    problem_of,
    reduce_units,
    row_of,
    shrinkage,
    through,
)
from shoshin.science.mixed.grams import GramTable, pairs
from shoshin.science.mixed.models import BadData, Floats
from shoshin.science.mixed.results import Fitted, scale_of
from shoshin.science.mixed.shapes import factors_of

__all__ = ["GroupEffects", "conditional_effects"]


@dataclass(frozen=True, eq=False)
class GroupEffects:
    """The effects of one level's groups, in outcome units per unit of the column, shrunk towards 0.

    `mean` is units × columns. `variance` (units × columns × columns) takes all parameters as known, as lme4's; the
    wider `prediction_variance` adds that the fixed coefficients are estimated. Neither adds that the variances
    are.
    """

    group: str
    columns: tuple[str, ...]
    ids: NDArray[Any]
    mean: Floats
    variance: Floats
    prediction_variance: Floats


def conditional_effects(table: GramTable, fit: Fitted) -> tuple[GroupEffects, ...]:
    """How far does each group lie from what the fixed part says, given its rows?

    Equation: û = W Z'(y − Xβ̂ − outer groups' effects), W = F (F'Z'Z F + I)⁻¹ F', from the outermost level
    inwards; variance σ²(W + Q C Q') with the outer levels' uncertainty C. Source: best linear unbiased prediction
    (Robinson 1991). Units: own; positive is a higher outcome than expected, whether or not higher is worse. Not
    for: ranking therapists.
    """
    if table.columns != fit.model.pool or table.n_rows != fit.n_rows:
        raise BadData("This is not the table that the model was fitted to: give the same one.")
    problem = problem_of(table, fit.model)
    factors = factors_of(fit.shapes, fit.theta)
    found = evaluate(problem, factors)
    if found is None:
        raise BadData("The effects cannot be computed from this table: fit the model to it again.")
    grams = _grams(problem, factors)
    d, p = problem.d, problem.n_fixed
    weights = np.zeros((d, 1))
    weights[:p, 0], weights[-1, 0] = found.beta, -1.0
    known = np.zeros((len(pairs(d)), 1))
    estimated = np.array([[found.unscaled[i, j] if j < p else 0.0] for i, j in pairs(d)])
    effects: list[GroupEffects] = []
    for level in reversed(range(len(factors))):
        made = _level(problem, level, grams[level], factors[level], (weights, known, estimated))
        effects.append(_own(table, fit, level, made, found.sigma2))
        weights, known, estimated = made[3:]
    return tuple(reversed(effects))


Made = tuple[Floats, Floats, Floats, Floats, Floats, Floats]


def _grams(problem: Problem, factors: list[Floats]) -> list[Floats]:
    """The Gram tables of each level."""
    grams = [problem.gram]
    for level, factor in enumerate(factors[:-1]):
        parent = problem.parents[level]
        assert parent is not None
        reduced, _ = reduce_units(grams[level], factor, problem.places[level], problem.d)
        starts = np.flatnonzero(np.append(True, parent[1:] != parent[:-1]))
        grams.append(np.add.reduceat(reduced, starts, axis=1))
    return grams


def _level(problem: Problem, level: int, gram: Floats, factor: Floats, above: tuple[Floats, Floats, Floats]) -> Made:
    """Means, two kinds of variances (over σ²), and what the level inside needs: weights and two uncertainties."""
    size, places, d = problem.sizes[level], problem.places[level], problem.d
    q, parent = len(places), problem.parents[level]
    mean = np.empty((size, q))
    spreads = np.empty((2, size, q, q))
    weights = np.empty((d, size))
    inner = np.empty((2, len(gram), size))
    for part in chunks(size):
        homes = slice(None) if parent is None else parent[part]
        outer_weights, *outer = [each[:, homes] for each in above]
        crossed = [row_of(gram[:, part], z, d) for z in places]
        shrunk = shrinkage(crossed, factor, places)
        pull = [
            sum((row[c] * outer_weights[c] for c in range(1, d)), start=row[0] * outer_weights[0]) for row in crossed
        ]
        weights[:, part] = outer_weights
        for i, z in enumerate(places):
            mean[part, i] = -sum((shrunk[i][k] * pull[k] for k in range(1, q)), start=shrunk[i][0] * pull[0])
            weights[z, part] += mean[part, i]
        for kind, uncertain in enumerate(outer):
            turned = [through(row, uncertain, d) for row in crossed]
            spreads[kind, part] = _spread(crossed, turned, shrunk)
            inner[kind][:, part] = carried(uncertain, crossed, turned, shrunk, places)
    return mean, spreads[0], spreads[1], weights, inner[0], inner[1]


def _spread(crossed: list[SmallRows], turned: list[SmallRows], shrunk: list[SmallRows]) -> Floats:
    """W + W G_Z: C G_:Z W of each unit, as units × q × q."""
    width = np.ones_like(crossed[0][0])
    middle = [[sum((t[c] * row[c] for c in range(1, len(t))), start=t[0] * row[0]) for row in crossed] for t in turned]
    small = np.moveaxis(np.array([[cell * width for cell in row] for row in shrunk]), 2, 0)
    kept = np.moveaxis(np.array([[cell * width for cell in row] for row in middle]), 2, 0)
    made: Floats = small + small @ kept @ small
    return made


def _own(table: GramTable, fit: Fitted, level: int, made: Made, sigma2: float) -> GroupEffects:
    about, term = table.centering, fit.model.random[level]
    by = about.scale[fit.model.outcome] / np.array([scale_of(about, name) for name in term.columns])
    square = np.outer(by, by) * sigma2
    return GroupEffects(
        term.group, term.columns, np.asarray(table.ids[level]), made[0] * by, made[1] * square, made[2] * square
    )
