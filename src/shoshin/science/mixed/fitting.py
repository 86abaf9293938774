"""The maximum-likelihood and REML fit of a nested mixed model, with a certificate that it is an optimum.

Several starts, a descent from each, a step off the boundary wherever the criterion still falls that way, Newton
steps at the end. What cannot be certified is returned as NotFitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from shoshin.science.mixed.blocks import Evaluation, Problem, evaluate, problem_of, value_of
from shoshin.science.mixed.checks import check_table
from shoshin.science.mixed.grams import GramTable, outermost
from shoshin.science.mixed.models import BadModel, Floats, NestedModel
from shoshin.science.mixed.optimise import (
    Descent,
    Objective,
    descend,
    newton,
    slack,
    smallest_curvature,
)
from shoshin.science.mixed.results import (
    Fitted,
    LevelVariance,
    NotFitted,
    own_fixed,
    own_levels,
    own_m2ll,
    scale_of,
)
from shoshin.science.mixed.shapes import (
    Shape,
    entries_for,
    factors_of,
    full_shape,
    full_shapes,
    gradient_of,
    reduced,
)
from shoshin.science.reasons import Fact, Reason

__all__ = ["Criterion", "criterion", "fit"]

# Starting spreads over the residual's, innermost and outermost level, and the sign of all covariances.
STARTS = ((1.0, 1.0, 0.0), (0.2, 0.2, 0.0), (1.0, 0.2, -0.5), (0.3, 1.0, 0.5))
SMALL = 0.05  # a direction with less of the residual's spread is tried without
CERTAIN = 1e-9  # the decrease of −2 log likelihood that may be left at an optimum
FLAT = 1e-6  # scaled curvature below which a direction is not identified
FEW = 30  # units of a level below which its variance is a rough figure
HUGE = 1e6  # a spread of so many residual spreads: the residual has vanished
LARGE = 5_000  # innermost units from which a part of the table finds the start


@dataclass(frozen=True, eq=False)
class Criterion:
    """−2 log likelihood at given relative factors, its gradient by each of them, and what goes with them.

    All in own units: `gradients[l]` belongs to the factor of level l, `beta` and `residual_variance` are the best
    ones for these factors.
    """

    m2ll: float
    gradients: tuple[Floats, ...]
    beta: Floats
    residual_variance: float


def criterion(table: GramTable, model: NestedModel, factors: Sequence[Floats]) -> Criterion:
    """How likely are the data under these relative factors?

    Equation: −2 log likelihood of y ~ N(Xβ, σ²(I + Σ_l Z_l F_l F_l' Z_l')), at the best β and σ², restricted where
    `model.reml`. `factors[l]` is the q × q relative factor of level l in own units: its groups' covariance is σ² F F'.
    Source: Bates et al. 2015 for the criterion; the elimination is described in docs/methods/mixed.md.
    """
    check_table(table, model)
    wanted = [(len(term.columns), len(term.columns)) for term in model.random]
    if [np.shape(factor) for factor in factors] != wanted:
        raise BadModel("Give one factor for each group, from the innermost, as square as its columns are many.")
    scales = [np.array([[scale_of(table.centering, name)] for name in term.columns]) for term in model.random]
    found = evaluate(problem_of(table, model), [s * np.asarray(f, float) for s, f in zip(scales, factors, strict=True)])
    if found is None:
        raise BadModel("The criterion cannot be computed at these factors: take smaller ones.")
    pairs = zip(scales, factors, found.scores, strict=True)
    gradients = tuple(s * (2 * score @ (s * f)) for s, f, score in pairs)
    beta, _ = own_fixed(found, table, model)
    variance = found.sigma2 * table.centering.scale[model.outcome] ** 2
    return Criterion(own_m2ll(found.m2ll, table, model), gradients, beta, variance)


def fit(table: GramTable, model: NestedModel, *, starts: int = 4) -> Fitted | NotFitted:
    """Which coefficients and variances make these data most likely?

    Equation: the minimum of `criterion` over the factors of all levels. Source: Bates et al. 2015, whose lme4 it agrees
    with; the optimality conditions on the boundary are those of a semidefinite programme. Units: own. `starts` (1 to 4)
    descents guard against a local optimum; with very many units they run on a part of the table.
    Not for: crossed groups, weights, or residuals that depend on one another.
    """
    check_table(table, model)
    if not 1 <= starts <= len(STARTS):
        raise BadModel(f"Choose 1 to {len(STARTS)} starts; got {starts}.")
    shapes = full_shapes(model)
    problem = problem_of(table, model)
    thetas, inverse, tried = _first_thoughts(table, model, shapes, starts)
    ends = [_settle(problem, shapes, descend(objective(problem, shapes), theta, inverse)) for theta in thetas]
    reached = [end for end in ends if isfinite(end.found.value)]
    evaluations = sum(end.found.evaluations for end in ends)
    if not reached:
        return NotFitted(model, (Reason("arithmetic_broke_down", {"starts": len(thetas)}),))
    best = min(reached, key=lambda end: end.found.value)
    own = tuple(own_m2ll(end.found.value, table, model) for end in reached)
    found = _certified(table, model, problem, best, evaluations, own)
    return replace(found, reasons=(*found.reasons, *tried))


@dataclass(frozen=True, eq=False)
class _End:
    """Where a descent and its ways off the boundary ended."""

    shapes: tuple[Shape, ...]
    found: Descent


def objective(problem: Problem, shapes: Sequence[Shape]) -> Objective:
    """The profiled criterion as a function of the free numbers of the shapes."""

    def at(theta: Floats) -> tuple[float, Floats]:
        factors = factors_of(shapes, theta)
        found = evaluate(problem, factors)
        gradient = np.zeros(theta.size) if found is None else gradient_of(shapes, factors, found.scores)
        return value_of(found), gradient

    return at


def _start(shapes: Sequence[Shape], inner: float, outer: float, sign: float) -> Floats:
    found = []
    for level, shape in enumerate(shapes):
        part = level / max(1, len(shapes) - 1)
        size = inner * (1 - part) + outer * part
        found += [size if i == j else sign * size for i, j in shape.entries]
    return np.array(found)


def _first_thoughts(
    table: GramTable, model: NestedModel, shapes: Sequence[Shape], starts: int
) -> tuple[list[Floats], Floats | None, tuple[Reason, ...]]:
    """Where to start, the inverse Hessian to start with, and what was tried on a part of the table to know that."""
    plain = [_start(shapes, *start) for start in STARTS[:starts]]
    units, groups = len(table.ids[0]), len(table.ids[-1])
    if units <= LARGE or groups < 200:
        return plain, None, ()
    share = max(100, groups * 2_000 // units, groups // 25)
    problem = problem_of(outermost(table, share), model)
    found = [descend(objective(problem, shapes), theta) for theta in plain]
    best = min(found, key=lambda one: one.value)
    if not isfinite(best.value):
        return plain, None, ()
    floor = np.array([0.02 if i == j else 0.0 for shape in shapes for i, j in shape.entries])
    theta = np.where(np.abs(best.x) < floor, floor, best.x)
    ends = [one.value for one in found if isfinite(one.value)]
    facts: dict[str, Fact] = {"starts": len(ends), "spread": max(ends) - min(ends), "groups": share, "of": groups}
    return [theta], best.inverse * (share / groups), (Reason("started_from_a_part", facts),)


def _settle(problem: Problem, shapes: tuple[Shape, ...], found: Descent) -> _End:
    """Try the boundary where the descent ended near it, and leave it where the criterion still falls that way."""
    end = _End(shapes, found)
    for _ in range(6):
        end = _on_the_boundary(problem, end)
        left = _off_the_boundary(problem, end)
        if left is None:
            return end
        end = left
    return end


def _on_the_boundary(problem: Problem, end: _End) -> _End:
    """The same optimum with fewer directions, for each level, where that is no worse."""
    for level in range(len(end.shapes)):
        while end.shapes[level].rank:
            factors = factors_of(end.shapes, end.found.x)
            covariance = factors[level] @ factors[level].T
            sizes = np.sqrt(np.maximum(_sizes(end.shapes[level], covariance), 0))
            if sizes.min() > SMALL * max(1.0, sizes.max()):
                break
            smaller, values = reduced(end.shapes[level], covariance, end.shapes[level].rank - 1)
            shapes = (*end.shapes[:level], smaller, *end.shapes[level + 1 :])
            theta = [entries_for(s, f @ f.T) for s, f in zip(end.shapes, factors, strict=True)]
            theta[level] = values
            tried = descend(objective(problem, shapes), np.concatenate(theta))
            count = end.found.evaluations + tried.evaluations
            if not tried.value <= end.found.value + slack(end.found.value):
                end = _End(end.shapes, replace(end.found, evaluations=count))
                break
            end = _End(shapes, replace(tried, evaluations=count))
    return end


def _sizes(shape: Shape, covariance: Floats) -> Floats:
    """The variances along the directions in which the groups of a level differ."""
    if not shape.correlated:
        return np.array([covariance[i, i] for i, _ in shape.entries])
    values = np.asarray(np.linalg.eigvalsh(covariance), dtype=np.float64)
    return values[shape.q - shape.rank :]


def _off_the_boundary(problem: Problem, end: _End) -> _End | None:
    """A descent from beyond the boundary, where one step over it makes the data likelier."""
    factors = factors_of(end.shapes, end.found.x)
    found = evaluate(problem, factors)
    if found is None:
        return None
    for level, shape in enumerate(end.shapes):
        slope, way = _steepest(shape, factors[level], found.scores[level])
        if slope >= 0:
            continue
        wider = full_shape(shape.q, shape.correlated)
        shapes = (*end.shapes[:level], wider, *end.shapes[level + 1 :])
        theta = [entries_for(s, f @ f.T) for s, f in zip(end.shapes, factors, strict=True)]
        for step in 10.0 ** -np.arange(1, 7):
            theta[level] = entries_for(wider, factors[level] @ factors[level].T + step * np.outer(way, way))
            value, _ = objective(problem, shapes)(np.concatenate(theta))
            if value < end.found.value - slack(end.found.value):
                beyond = descend(objective(problem, shapes), np.concatenate(theta))
                return _End(shapes, replace(beyond, evaluations=beyond.evaluations + end.found.evaluations))
    return None


def _steepest(shape: Shape, factor: Floats, score: Floats) -> tuple[float, Floats]:
    """The steepest slope of the criterion along a new direction of a level's covariance, and the direction."""
    if shape.rank == shape.q:
        return 0.0, np.zeros(shape.q)
    if not shape.correlated:
        absent = [i for i in range(shape.q) if i not in {row for row, _ in shape.entries}]
        place = min(absent, key=lambda i: float(score[i, i]))
        return float(score[place, place]), np.eye(shape.q)[place]
    values, vectors = np.linalg.eigh(score)
    if shape.rank:
        # What is held may have a slope of its own, of rounding size: only new directions count.
        basis = np.linalg.svd(factor)[0][:, shape.rank :]
        values, inner = np.linalg.eigh(basis.T @ score @ basis)
        vectors = basis @ inner
    return float(values[0]), vectors[:, 0]


def _certified(
    table: GramTable, model: NestedModel, problem: Problem, end: _End, evaluations: int, starts: tuple[float, ...]
) -> Fitted | NotFitted:
    """The optimum in own units, if it is one."""
    best, second, left = newton(objective(problem, end.shapes), end.found)
    evaluations += best.evaluations - end.found.evaluations
    factors = factors_of(end.shapes, best.x)
    found = evaluate(problem, factors)
    curvature = smallest_curvature(second)
    doubts = _doubts(best, found, left, curvature)
    if doubts or found is None:
        return NotFitted(model, doubts)
    again = _off_the_boundary(problem, _End(end.shapes, best))
    if again is not None:
        return NotFitted(model, (Reason("boundary_not_settled", {"evaluations": evaluations}),))
    slopes = [_steepest(shape, f, s)[0] for shape, f, s in zip(end.shapes, factors, found.scores, strict=True)]
    singular = any(shape.rank < shape.q for shape in end.shapes)
    beta, covariance = own_fixed(found, table, model)
    levels = own_levels(table, model, factors, found.sigma2)
    return Fitted(
        model=model,
        beta=beta,
        beta_covariance=covariance,
        levels=levels,
        residual_variance=found.sigma2 * table.centering.scale[model.outcome] ** 2,
        m2ll=own_m2ll(found.m2ll, table, model),
        n_rows=table.n_rows,
        singular=singular,
        newton_decrement=left,
        boundary=min(slopes) / table.n_rows,
        evaluations=evaluations,
        starts=starts,
        reasons=_grounds(end.shapes, levels, left, evaluations, starts),
        shapes=end.shapes,
        theta=best.x,
    )


def _doubts(best: Descent, found: Evaluation | None, left: float, curvature: float) -> tuple[Reason, ...]:
    """Why this is no optimum that one may report; empty if it is."""
    doubts = []
    if found is None or np.abs(best.x).max(initial=0.0) > HUGE:
        return (Reason("no_residual_left", {"evaluations": best.evaluations}),)
    if curvature < FLAT:
        doubts.append(Reason("not_identified", {"curvature": curvature, "least": FLAT}))
    elif not left <= CERTAIN:
        doubts.append(Reason("not_converged", {"newton_decrement": left, "most": CERTAIN}))
    return tuple(doubts)


def _grounds(
    shapes: Sequence[Shape],
    levels: Sequence[LevelVariance],
    left: float,
    evaluations: int,
    starts: tuple[float, ...],
) -> tuple[Reason, ...]:
    grounds = [Reason("optimum_certified", {"newton_decrement": left, "evaluations": evaluations})]
    spread = max(starts) - min(starts)
    code = "starts_differ" if spread > 1e-4 else "starts_agree"
    grounds.append(Reason(code, {"starts": len(starts), "spread": spread}))
    for shape, level in zip(shapes, levels, strict=True):
        if shape.rank < shape.q:
            facts: dict[str, Fact] = {"group": level.group, "directions": shape.rank, "columns": shape.q}
            grounds.append(Reason("at_boundary", facts))
        if level.n_units < FEW:
            grounds.append(Reason("few_groups", {"group": level.group, "units": level.n_units, "enough": FEW}))
    return tuple(grounds)
