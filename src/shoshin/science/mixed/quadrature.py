"""The likelihood of a logistic model with one random intercept, by adaptive Gauss-Hermite quadrature, with its
gradient.

The integral over each group's effect is taken at nodes around the group's own mode, scaled by the curvature there. The
gradient is that of the sum so made, including how modes and scales move.
"""

from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np

from shoshin.science.mixed.models import Floats, Ints


@dataclass(frozen=True, eq=False)
class Binary:
    """Rows sorted by group: columns x, successes y of m trials, the group of each row and where each group starts."""

    x: Floats
    y: Floats
    m: Floats
    group: Ints
    starts: Ints

    def sums(self, values: Floats) -> Floats:
        """Within groups."""
        return np.add.reduceat(values, self.starts)


@dataclass(frozen=True, eq=False)
class Integrals:
    """−2 log likelihood with its gradient by (β, s), and each group's mode, posterior mean and variance (in units of
    s)."""

    m2ll: float
    gradient: Floats
    mode: Floats
    mean: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class _Mode:
    """Each group's most likely effect with the sums there: residuals r, weights v, their derivatives."""

    b: Floats
    v: Floats
    bend: Floats
    sum_r: Floats
    sum_v: Floats
    sum_bend: Floats
    curvature: Floats


def integrals(data: Binary, beta: Floats, s: float, nodes: int, near: Floats | None = None) -> Integrals:
    """−2 log Π_j ∫ Π_i p(y_i | x_i'β + s b) φ(b) db, by `nodes` points a group; modes are sought `near` these."""
    eta = data.x @ beta
    at = _modes(data, eta, s, near)
    points, weights = np.polynomial.hermite.hermgauss(nodes)
    scale = 1 / np.sqrt(at.curvature)
    spots = at.b[:, None] + sqrt(2) * scale[:, None] * points
    heights = np.empty_like(spots)
    rests = np.empty((nodes, len(eta)))
    slopes = np.empty_like(spots)
    for k in range(nodes):
        moved = eta + s * spots[data.group, k]
        chance, small = _chance(moved)
        softplus = np.maximum(moved, 0) + np.log1p(small)
        rests[k] = data.y - data.m * chance
        heights[:, k] = data.sums(data.y * moved - data.m * softplus) - spots[:, k] ** 2 / 2
        slopes[:, k] = data.sums(rests[k])
    logs = np.log(weights) + points**2 + heights
    top = logs.max(axis=1, keepdims=True)
    shares = np.exp(logs - top)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total
    m2ll = -2 * float((top[:, 0] + np.log(total[:, 0]) + np.log(scale)).sum()) + len(scale) * log(pi)
    gradient = _gradient(data, s, at, (points, spots, shares, slopes, rests))
    mean = (shares * spots).sum(axis=1)
    variance = (shares * (spots - mean[:, None]) ** 2).sum(axis=1)
    return Integrals(m2ll, gradient, at.b, mean, variance)


def _gradient(data: Binary, s: float, at: _Mode, found: tuple[Floats, Floats, Floats, Floats, Floats]) -> Floats:
    points, spots, shares, slopes, rests = found
    climbs = s * slopes - spots
    by_mode = (shares * climbs).sum(axis=1)
    by_scale = sqrt(2) * (shares * climbs * points).sum(axis=1) + np.sqrt(at.curvature)
    by_curvature = -by_scale / 2 * at.curvature**-1.5
    rest = np.zeros(len(data.group))
    for k in range(len(points)):
        rest += shares[data.group, k] * rests[k]
    along = by_mode + by_curvature * s**3 * at.sum_bend
    per_row = rest - (along * s / at.curvature)[data.group] * at.v + (by_curvature * s**2)[data.group] * at.bend
    mode_by_s = (at.sum_r - at.b * s * at.sum_v) / at.curvature
    curvature_by_s = 2 * s * at.sum_v + s**2 * at.sum_bend * (at.b + s * mode_by_s)
    by_s = (shares * spots * slopes).sum(axis=1) + by_mode * mode_by_s + by_curvature * curvature_by_s
    return -2 * np.append(data.x.T @ per_row, by_s.sum())


def _modes(data: Binary, eta: Floats, s: float, near: Floats | None) -> _Mode:
    """Newton steps for all groups at once, kept between bounds that close in on each mode."""
    size = abs(s)
    successes, trials = data.sums(data.y), data.sums(data.m)
    up, down = size * successes, -size * (trials - successes)
    high, low = (up, down) if s >= 0 else (-down, -up)
    b = np.zeros(len(successes)) if near is None else np.clip(near, low, high)
    for _ in range(100):
        chance = _chance(eta + s * b[data.group])[0]
        v = data.m * chance * (1 - chance)
        sum_r, sum_v = data.sums(data.y - data.m * chance), data.sums(v)
        curvature = 1 + s * s * sum_v
        climb = s * sum_r - b
        if np.abs(climb).max() < 1e-11 * (1 + size * trials.max()):
            break
        low, high = np.where(climb > 0, b, low), np.where(climb > 0, high, b)
        step = b + climb / curvature
        b = np.where((step >= low) & (step <= high), step, (low + high) / 2)
    bend = v * (1 - 2 * chance)
    return _Mode(b, v, bend, sum_r, sum_v, data.sums(bend), curvature)


def _chance(eta: Floats) -> tuple[Floats, Floats]:
    """1/(1 + e^−η) without overflow, and e^−|η|."""
    small = np.exp(-np.abs(eta))
    return np.where(eta >= 0, 1.0, small) / (1 + small), small


def plain(data: Binary, beta: Floats) -> tuple[float, Floats, Floats, float]:
    """−2 log likelihood without random effects, its gradient and Hessian by β, and its slope by s² at 0."""
    eta = data.x @ beta
    chance, small = _chance(eta)
    softplus = np.maximum(eta, 0) + np.log1p(small)
    rest, v = data.y - data.m * chance, data.m * chance * (1 - chance)
    m2ll = -2 * float((data.y * eta - data.m * softplus).sum())
    slope = -float((data.sums(rest) ** 2 - data.sums(v)).sum())
    return m2ll, -2 * data.x.T @ rest, 2 * (data.x.T * v) @ data.x, slope
