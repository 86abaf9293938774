"""Block elimination: from Gram tables to −2 log likelihood and its gradient, one level of groups after another.

For units with Gram matrix G, varying columns Z and relative factor F (the groups' covariance is σ² F F'):
M = F'G_ZZ F + I, G_reduced = G − G_:Z F M⁻¹ F' G_Z:, and log|M| adds up; reduced matrices are summed within the next
outer group. The gradient goes the way back. Everything is an array over units; matrices are as small as the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, pi

import numpy as np

from shoshin.science.mixed.grams import GramTable, pairs, square
from shoshin.science.mixed.models import Floats, Ints, NestedModel

CHUNK = 8_192  # units at a time: larger pieces leave the processor's cache and take twice as long

SmallRows = list[Floats]  # one array over units for each place in a row of a small matrix


@dataclass(frozen=True, eq=False)
class Problem:
    """A Gram table with what a model asks of it, in the table's own scaled units."""

    gram: Floats
    parents: tuple[Ints | None, ...]  # of the units of each level; None stands for the one root
    sizes: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]
    n_rows: int
    n_fixed: int
    d: int
    reml: bool

    @property
    def df(self) -> int:
        """What the residual variance is divided by."""
        return self.n_rows - self.n_fixed if self.reml else self.n_rows


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The criterion at one set of factors, in scaled units.

    `scores[l]` is the derivative by the relative covariance F F' of level l; `by_log_sd` that by log σ where σ was
    given. `beta`, `sigma2` and `unscaled` (the covariance of beta over σ²) belong to the same factors.
    """

    m2ll: float
    scores: tuple[Floats, ...]
    by_log_sd: float
    beta: Floats
    sigma2: float
    unscaled: Floats


def problem_of(table: GramTable, model: NestedModel) -> Problem:
    levels = range(len(model.random))
    return Problem(
        gram=table.gram,
        parents=(*table.parents, None),
        sizes=tuple(len(ids) for ids in table.ids),
        places=tuple(model.places(level) for level in levels),
        n_rows=table.n_rows,
        n_fixed=len(model.fixed),
        d=len(model.pool),
        reml=model.reml,
    )


def evaluate(problem: Problem, factors: Sequence[Floats], sigma2: float | None = None) -> Evaluation | None:
    """−2 log likelihood and its derivatives at these factors; σ² is the best one where none is given.

    None where the arithmetic breaks down, far outside of anything sensible.
    """
    with np.errstate(all="ignore"):
        grams, log_det = _forward(problem, factors)
        root = square(grams[-1][:, 0], problem.d)
        p, y = problem.n_fixed, problem.d - 1
        try:
            low = np.linalg.cholesky(root[:p, :p])
        except np.linalg.LinAlgError:
            return None
        half = np.linalg.solve(low, root[:p, y])
        beta = np.linalg.solve(low.T, half)
        rest = float(root[y, y] - half @ half)
        if not np.isfinite(log_det) or not np.isfinite(rest) or rest <= 0:
            return None
        inverse = np.linalg.inv(low)
        unscaled = inverse.T @ inverse
        df = problem.df
        fixed_part = 2 * float(np.log(np.diag(low)).sum()) if problem.reml else 0.0
        variance = rest / df if sigma2 is None else float(sigma2)
        if not variance > 0:
            return None
        m2ll = log_det + fixed_part + df * log(2 * pi * variance) + rest / variance
        weights = np.zeros(problem.d)
        weights[:p], weights[y] = -beta, 1.0
        top = np.outer(weights, weights) / variance
        if problem.reml:
            top[:p, :p] += unscaled
        scores = _backward(problem, factors, grams, top)
    if not all(np.isfinite(score).all() for score in scores):
        return None
    return Evaluation(m2ll, scores, 2 * (df - rest / variance), beta, variance, unscaled)


def value_of(found: Evaluation | None) -> float:
    return inf if found is None else found.m2ll


def chunks(size: int) -> list[slice]:
    return [slice(start, min(start + CHUNK, size)) for start in range(0, size, CHUNK)]


def _forward(problem: Problem, factors: Sequence[Floats]) -> tuple[list[Floats], float]:
    """The Gram tables of each level and of the root, and the sum of log|M|."""
    grams, log_det = [problem.gram], 0.0
    for level, factor in enumerate(factors):
        parent = problem.parents[level]
        above = 1 if parent is None else problem.sizes[level + 1]
        out = np.zeros((len(problem.gram), above))
        for part in chunks(problem.sizes[level]):
            reduced, by = reduce_units(grams[level][:, part], factor, problem.places[level], problem.d)
            log_det += by
            if parent is None:
                out[:, 0] += reduced.sum(axis=1)
            else:
                homes = parent[part]
                starts = np.flatnonzero(np.append(True, homes[1:] != homes[:-1]))
                out[:, homes[0] : homes[-1] + 1] += np.add.reduceat(reduced, starts, axis=1)
        grams.append(out)
    return grams, log_det


def reduce_units(gram: Floats, factor: Floats, places: tuple[int, ...], d: int) -> tuple[Floats, float]:
    """G − B'B with B = R⁻¹ F'G_Z:, RR' = M, for each unit; and the sum of log|M|."""
    if factor.shape[1] == 0:
        return gram, 0.0
    crossed = [row_of(gram, z, d) for z in places]
    chol, half = _half(crossed, factor, places)
    out = gram.copy()
    spare = np.empty(gram.shape[1])
    for place, (i, j) in enumerate(pairs(d)):
        for row in half:
            np.multiply(row[i], row[j], out=spare)
            out[place] -= spare
    return out, 2 * sum(float(np.log(chol[k][k]).sum()) for k in range(len(chol)))


def row_of(gram: Floats, i: int, d: int) -> SmallRows:
    """Row i of each unit's symmetric matrix."""
    return [gram[place_of(i, j, d)] for j in range(d)]


def place_of(i: int, j: int, d: int) -> int:
    """Where the pair (i, j) stands in a packed table."""
    i, j = min(i, j), max(i, j)
    return i * d - i * (i - 1) // 2 + j - i


def _half(crossed: list[SmallRows], factor: Floats, places: tuple[int, ...]) -> tuple[list[SmallRows], list[SmallRows]]:
    """R with RR' = F'G_ZZ F + I, and R⁻¹ F'G_Z:, unrolled over the few columns that vary."""
    rank = factor.shape[1]
    d = len(crossed[0])
    turned = [[_combine(factor[:, k], [row[c] for row in crossed]) for c in range(d)] for k in range(rank)]
    inner = [
        [_combine(factor[:, other], [turned[k][z] for z in places]) + (k == other) for other in range(k + 1)]
        for k in range(rank)
    ]
    chol: list[SmallRows] = []
    for k in range(rank):
        row: SmallRows = []
        for other in range(k):
            done = sum((row[m] * chol[other][m] for m in range(other)), start=np.zeros(1))
            row.append((inner[k][other] - done) / chol[other][other])
        row.append(np.sqrt(inner[k][k] - sum((part * part for part in row), start=np.zeros(1))))
        chol.append(row)
    return chol, _solve_lower(chol, turned)


def _solve_lower(chol: list[SmallRows], right: list[SmallRows]) -> list[SmallRows]:
    solved: list[SmallRows] = []
    for k, row in enumerate(right):
        made = []
        for c, value in enumerate(row):
            left = value
            for m in range(k):
                left = left - chol[k][m] * solved[m][c]
            made.append(left / chol[k][k])
        solved.append(made)
    return solved


def _combine(weights: Floats, values: SmallRows) -> Floats:
    """Σ w v, leaving out the zeros."""
    total: Floats | None = None
    for weight, value in zip(weights, values, strict=True):
        if weight:
            total = weight * value if total is None else total + weight * value
    return np.zeros_like(values[0]) if total is None else total


def shrinkage(crossed: list[SmallRows], factor: Floats, places: tuple[int, ...]) -> list[SmallRows]:
    """W = F M⁻¹ F' of each unit: the conditional covariance of its effects over σ²."""
    q, rank = factor.shape
    if rank == 0:
        return [[np.zeros_like(crossed[0][0])] * q for _ in range(q)]
    chol, _ = _half([[row[z] for z in places] for row in crossed], factor, tuple(range(q)))
    width = np.ones_like(crossed[0][0])
    half = _solve_lower(chol, [[factor[i, k] * width for i in range(q)] for k in range(rank)])
    return _product([list(column) for column in zip(*half, strict=True)], half)


def _product(left: list[SmallRows], right: list[SmallRows]) -> list[SmallRows]:
    """The matrix product of each unit's small matrices."""
    return [
        [
            sum((row[k] * right[k][c] for k in range(1, len(row))), start=row[0] * right[0][c])
            for c in range(len(right[0]))
        ]
        for row in left
    ]


def _backward(problem: Problem, factors: Sequence[Floats], grams: list[Floats], top: Floats) -> tuple[Floats, ...]:
    """The derivative by the relative covariance of each level, from the root inwards."""
    above = np.array([[top[i, j]] for i, j in pairs(problem.d)])
    scores: list[Floats] = []
    for level in reversed(range(len(factors))):
        q = len(problem.places[level])
        score = np.zeros((q, q))
        parent = problem.parents[level]
        below = np.empty((len(above), problem.sizes[level])) if level else None
        for part in chunks(problem.sizes[level]):
            outer = above if parent is None else above[:, parent[part]]
            crossed = [row_of(grams[level][:, part], z, problem.d) for z in problem.places[level]]
            shrunk = shrinkage(crossed, factors[level], problem.places[level])
            turned = [through(row, outer, problem.d) for row in crossed]
            score += _score(crossed, turned, shrunk, problem.places[level])
            if below is not None:
                below[:, part] = carried(outer, crossed, turned, shrunk, problem.places[level])
        scores.append((score + score.T) / 2)
        if below is not None:
            above = below
    return tuple(reversed(scores))


def through(row: SmallRows, outer: Floats, d: int) -> SmallRows:
    """One row of G_Z: A."""
    return [
        sum((row[b] * outer[place_of(b, c, d)] for b in range(1, d)), start=row[0] * outer[place_of(0, c, d)])
        for c in range(d)
    ]


def _score(
    crossed: list[SmallRows], turned: list[SmallRows], shrunk: list[SmallRows], places: tuple[int, ...]
) -> Floats:
    """Σ N G_ZZ − N E N', with E = G_Z: A G_:Z and N = I − G_ZZ W."""
    q = len(places)
    own = [[row[z] for z in places] for row in crossed]
    spread = _product(turned, [[crossed[j][c] for j in range(q)] for c in range(len(turned[0]))])
    damped = [[(i == j) - cell for j, cell in enumerate(row)] for i, row in enumerate(_product(own, shrunk))]
    kept = [[left - right for left, right in zip(a, b, strict=True)] for a, b in zip(
        own, _product(spread, [list(column) for column in zip(*damped, strict=True)]), strict=True)]  # fmt: skip
    return np.array([[float(cell.sum()) for cell in row] for row in _product(damped, kept)])


def carried(
    outer: Floats, crossed: list[SmallRows], turned: list[SmallRows], shrunk: list[SmallRows], places: tuple[int, ...]
) -> Floats:
    """P A P' + W on the varying columns, with P = I − e_Z W G_Z:, for the units inside."""
    d = len(crossed[0])
    q = len(places)
    size = crossed[0][0].shape[0]
    out = np.empty((len(outer), size))
    out[:] = outer
    pulled = _product(shrunk, turned)  # W G_Z: A
    back = _product(pulled, [[crossed[j][c] for j in range(q)] for c in range(d)])  # W E
    twice = _product(back, shrunk)  # W E W
    for i, z in enumerate(places):
        for c in range(d):
            out[place_of(z, c, d)] -= pulled[i][c] * (2 if c == z else 1)
    for i, z in enumerate(places):
        for j, other in enumerate(places[: i + 1]):
            # Each pair of varying columns met both of its rows above.
            out[place_of(z, other, d)] += twice[i][j] + shrunk[i][j]
    return out
