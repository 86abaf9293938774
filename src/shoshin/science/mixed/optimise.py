"""Going downhill: BFGS with a line search, and Newton steps with a differenced gradient at the end.

A function to be minimised gives its value and gradient; where the arithmetic breaks down the value is infinite.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from shoshin.science.mixed.models import Floats

Objective = Callable[[Floats], tuple[float, Floats]]

ARMIJO, CURVATURE = 1e-4, 0.9
LONGEST = 1.0  # of one step, in residual spreads, or as far as the point itself is from 0
STEPS = 200
NEGLIGIBLE = 1e-9  # a decrease of −2 log likelihood that no one could notice
ROUNDING = 1e-15  # one that the arithmetic cannot see


@dataclass(frozen=True, eq=False)
class Descent:
    """Where a descent ended; `inverse` is its idea of the inverse Hessian there."""

    x: Floats
    value: float
    gradient: Floats
    inverse: Floats
    evaluations: int


def descend(objective: Objective, start: Floats, inverse: Floats | None = None) -> Descent:
    """BFGS from `start` until the expected decrease is negligible or no step helps."""
    x = start.copy()
    value, gradient = objective(x)
    count = 1
    if not isfinite(value) or not x.size:
        return Descent(x, value, gradient, np.eye(x.size), count)
    fresh = inverse is None
    shape = np.eye(x.size) / max(1.0, 3 * float(np.abs(gradient).max())) if inverse is None else inverse.copy()
    for _ in range(STEPS):
        direction = -shape @ gradient
        slope = float(direction @ gradient)
        if slope >= 0:
            shape, direction = np.eye(x.size) / max(1.0, float(np.abs(gradient).max())), -gradient
            slope = float(direction @ gradient)
        if not fresh and -slope < max(NEGLIGIBLE, 1e-15 * abs(value)):
            break
        shorter = _shorter(x, direction)
        direction, slope = shorter * direction, shorter * slope
        found, used = _search(objective, x, value, direction, slope)
        count += used
        if found is None:
            break
        step, new_value, new_gradient = found
        moved, changed = step * direction, new_gradient - gradient
        x, value, gradient = x + moved, new_value, new_gradient
        bend = float(moved @ changed)
        if bend > 1e-12 * float(np.linalg.norm(moved) * np.linalg.norm(changed)):
            if fresh:
                shape = np.eye(x.size) * bend / float(changed @ changed)
                fresh = False
            shape = _updated(shape, moved, changed, bend)
    return Descent(x, value, gradient, shape, count)


def _updated(shape: Floats, moved: Floats, changed: Floats, bend: float) -> Floats:
    left = np.eye(len(moved)) - np.outer(moved, changed) / bend
    updated: Floats = left @ shape @ left.T + np.outer(moved, moved) / bend
    return updated


def _search(
    objective: Objective, x: Floats, value: float, direction: Floats, slope: float
) -> tuple[tuple[float, float, Floats] | None, int]:
    """A step that goes down enough and bends back (weak Wolfe conditions), by bisection; and the tries it took."""
    low, high, step = 0.0, inf, 1.0
    best: tuple[float, float, Floats] | None = None
    for tried in range(1, 31):
        new_value, new_gradient = objective(x + step * direction)
        if not new_value <= value + ARMIJO * step * slope:
            high = step
        else:
            best = (step, new_value, new_gradient)
            if float(new_gradient @ direction) >= CURVATURE * slope:
                return best, tried
            low = step
        step = (low + high) / 2 if isfinite(high) else 2 * low
        if isfinite(high) and high - low < 1e-10:
            break
    return best, tried


def hessian(objective: Objective, x: Floats) -> Floats:
    """The second derivatives at x, from central differences of the gradient."""
    rows = []
    for place in range(x.size):
        by = 1e-4 * max(1e-1, abs(float(x[place])))
        ahead, behind = x.copy(), x.copy()
        ahead[place] += by
        behind[place] -= by
        rows.append((objective(ahead)[1] - objective(behind)[1]) / (2 * by))
    full = np.array(rows).reshape(x.size, x.size)
    return (full + full.T) / 2


def newton(objective: Objective, found: Descent, most: int = 8) -> tuple[Descent, Floats, float]:
    """Newton steps from where a descent ended; then the Hessian there and the decrease still to be expected.

    The decrease is that of −2 log likelihood under the quadratic, g'H⁻¹g/2; infinite where H has a direction
    without upward curvature.
    """
    x, value, gradient, count = found.x, found.value, found.gradient, found.evaluations
    if not x.size:
        return found, np.zeros((0, 0)), 0.0
    second = hessian(objective, x)
    count += 2 * x.size
    left = decrease_left(second, gradient)
    for _ in range(most):
        if left < ROUNDING:
            break
        step = _newton_step(second, gradient)
        step = _shorter(x, step) * step
        for _ in range(20 if left > NEGLIGIBLE else 1):
            new_value, new_gradient = objective(x + step)
            count += 1
            if new_value <= value + 1e-13 * abs(value):
                break
            step = step / 4
        else:
            break
        moved = float(np.abs(step).max())
        x, value, gradient = x + step, new_value, new_gradient
        if moved > 1e-3:
            second = hessian(objective, x)
            count += 2 * x.size
        before, left = left, decrease_left(second, gradient)
        if before <= left:
            break
    return Descent(x, value, gradient, found.inverse, count), second, left


def _newton_step(second: Floats, gradient: Floats) -> Floats:
    values, vectors = np.linalg.eigh(second)
    floor = max(1e-8 * float(np.abs(values).max()), 1e-12)
    step: Floats = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), floor))
    return step


def _shorter(x: Floats, step: Floats) -> float:
    """How much of a step is taken, for it not to leave the neighbourhood of x."""
    return min(1.0, LONGEST * max(1.0, float(np.abs(x).max())) / max(float(np.abs(step).max()), 1e-300))


def smallest_curvature(second: Floats) -> float:
    """The smallest eigenvalue of a Hessian with its diagonal scaled to 1; 1 for none."""
    if not second.size:
        return 1.0
    diagonal = np.diag(second)
    if (diagonal <= 0).any():
        return -1.0
    return float(np.linalg.eigvalsh(second / np.sqrt(np.outer(diagonal, diagonal)))[0])


def slack(value: float) -> float:
    """How much two values of a criterion may differ and still be the same optimum: more where it is a longer sum."""
    return 1e-7 + 1e-13 * abs(value)


def decrease_left(second: Floats, gradient: Floats) -> float:
    if not gradient.size:
        return 0.0
    try:
        half = np.linalg.solve(np.linalg.cholesky(second), gradient)
    except np.linalg.LinAlgError:
        return inf
    return float(half @ half) / 2
