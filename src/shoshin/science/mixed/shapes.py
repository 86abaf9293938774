"""How the free numbers of an optimisation become the factors of each level's covariance.

A level's relative factor is basis @ L, with L lower triangular (diagonal where nothing is correlated). Fewer columns
in L say that the groups differ in fewer directions than they have columns; another basis lets one linear
combination of the columns stand first, where its spread is a single entry of L.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shoshin.science.mixed.models import Floats, NestedModel

Held = tuple[int, float]  # a level whose first entry is not free, and its value


@dataclass(frozen=True, eq=False)
class Shape:
    """One level's basis (q × q) and the free entries (row, column) of L (q × rank)."""

    basis: Floats
    entries: tuple[tuple[int, int], ...]
    rank: int
    correlated: bool = True

    @property
    def q(self) -> int:
        return len(self.basis)

    def factor(self, values: Floats) -> Floats:
        """The relative factor for the values of the entries."""
        low = np.zeros((self.q, self.rank))
        for (i, j), value in zip(self.entries, values, strict=True):
            low[i, j] = value
        made: Floats = self.basis @ low
        return made

    def gradient(self, by_factor: Floats) -> Floats:
        """The derivative by the entries, from that by the factor."""
        turned = self.basis.T @ by_factor
        return np.array([turned[i, j] for i, j in self.entries])


def full_shapes(model: NestedModel) -> tuple[Shape, ...]:
    """Every level with all its variances, and covariances where the model has them."""
    shapes = []
    for term in model.random:
        q = len(term.columns)
        shapes.append(full_shape(q, term.correlated))
    return tuple(shapes)


def full_shape(q: int, correlated: bool) -> Shape:
    """All variances of q columns, with their covariances or without."""
    return Shape(np.eye(q), triangle(q, q) if correlated else tuple((i, i) for i in range(q)), q, correlated)


def triangle(q: int, rank: int) -> tuple[tuple[int, int], ...]:
    return tuple((i, j) for j in range(rank) for i in range(j, q))


def split(shapes: Sequence[Shape], theta: Floats) -> list[Floats]:
    """The entries of each level out of all free numbers."""
    ends = np.cumsum([len(shape.entries) for shape in shapes])
    return np.split(theta, ends[:-1])


def factors_of(shapes: Sequence[Shape], theta: Floats) -> list[Floats]:
    return [shape.factor(values) for shape, values in zip(shapes, split(shapes, theta), strict=True)]


def gradient_of(shapes: Sequence[Shape], factors: Sequence[Floats], scores: Sequence[Floats]) -> Floats:
    """The derivative by all free numbers; that by a factor F is 2 S F."""
    made = [shape.gradient(2 * s @ f) for shape, f, s in zip(shapes, factors, scores, strict=True)]
    return np.concatenate(made) if made else np.zeros(0)


def entries_for(shape: Shape, covariance: Floats) -> Floats:
    """The entries whose factor gives this relative covariance, as far as the shape can hold it."""
    back = np.linalg.inv(shape.basis)
    inner = back @ covariance @ back.T
    if not shape.correlated:
        return np.array([np.sqrt(max(inner[i, i], 0.0)) for i, _ in shape.entries])
    low = _semi_cholesky(inner)
    return np.array([low[i, j] for i, j in shape.entries])


def _semi_cholesky(matrix: Floats) -> Floats:
    """A lower triangular root of a positive semidefinite matrix; a column of zeros where nothing is left."""
    left = matrix.copy()
    low = np.zeros_like(left)
    floor = 1e-14 * max(float(np.abs(np.diag(matrix)).max(initial=0.0)), 1e-300)
    for k in range(len(left)):
        if left[k, k] > floor:
            low[:, k] = left[:, k] / np.sqrt(left[k, k])
            low[:k, k] = 0
            left = left - np.outer(low[:, k], low[:, k])
    return low


def reduced(shape: Shape, covariance: Floats, rank: int) -> tuple[Shape, Floats]:
    """The nearest covariance of so low a rank, as a shape with its entries."""
    if not shape.correlated:
        sizes = np.diag(covariance)
        keep = sorted(np.argsort(-sizes, kind="stable")[:rank].tolist())
        smaller = Shape(np.eye(shape.q), tuple((i, k) for k, i in enumerate(keep)), rank, correlated=False)
        return smaller, np.sqrt(np.maximum(sizes[keep], 0))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors[:, len(values) - rank :] * np.sqrt(np.maximum(values[len(values) - rank :], 0))
    near = root @ root.T
    order = _pivots(near)
    smaller = Shape(np.eye(shape.q)[:, order], triangle(shape.q, rank), rank)
    low = _semi_cholesky(near[np.ix_(order, order)])
    return smaller, np.array([low[i, j] for i, j in smaller.entries])


def _pivots(matrix: Floats) -> list[int]:
    """The order in which a pivoted Cholesky factor takes the columns."""
    left, order = matrix.copy(), []
    waiting = list(range(len(matrix)))
    while waiting:
        pivot = max(waiting, key=lambda k: float(left[k, k]))
        waiting.remove(pivot)
        order.append(pivot)
        if left[pivot, pivot] > 0:
            left = left - np.outer(left[:, pivot], left[pivot]) / left[pivot, pivot]
    return order
