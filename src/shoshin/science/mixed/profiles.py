"""A figure held at one value after another, everything else fitted again: where −2 log likelihood has risen too far."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.models import Floats
from shoshin.science.mixed.optimise import Objective, descend
from shoshin.science.mixed.tails import chi2_quantile
from shoshin.science.reasons import Reason

__all__ = ["ProfileInterval"]

NUDGE = 0.05  # where an inner fit starts again from the boundary, so that it can leave it
CLOSE = 1e-5  # of the root of the rise of −2 log likelihood at a limit


@dataclass(frozen=True)
class ProfileInterval:
    """An estimate with the values that the data allow. `low` is 0 where 0 is allowed; None is not found."""

    estimate: float
    low: float | None
    high: float | None
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, eq=False)
class Held:
    """A criterion with one figure held: for a value of it the objective, its least value when nothing is, a start.

    `spreads` marks the free numbers that are spreads.
    """

    objective: Callable[[float], Objective]
    least: float
    start: Floats
    spreads: NDArray[np.bool_]


def profile(held: Held, estimate: float, typical: float, most: float, confidence: float) -> ProfileInterval:
    """The interval of the held figure; `typical` is a step of its size, `most` what it cannot exceed."""
    if not 0 < confidence < 1:
        raise ValueError(f"Confidence lies between 0 and 1; got {confidence}.")
    rise = chi2_quantile(confidence)
    last: list[tuple[Floats, Floats | None]] = [(held.start, None)]

    def above(value: float) -> float:
        """How far −2 log likelihood is above its minimum where the figure is held at this value."""
        x, inverse = last[0]
        found = descend(held.objective(value), _nudged(held, x), inverse)
        if not isfinite(found.value):
            found = descend(held.objective(value), _nudged(held, held.start))
        if isfinite(found.value):
            last[0] = (found.x, found.inverse)
        return found.value - held.least

    start = estimate if estimate > 1e-9 * typical else 0.0
    at_start = above(start)
    facts = {"rise": rise, "confidence": confidence}
    if at_start < -1e-5 or at_start > 1e-3 * rise:
        return ProfileInterval(estimate, None, None, confidence, (Reason("profile_not_at_optimum", facts),))
    reasons = [Reason("profile", facts)]
    low = 0.0
    if start and above(0.0) > rise:
        low = _crossing(above, rise, start, 0.0)
    else:
        reasons.append(Reason("zero_allowed", facts))
    last[0] = (held.start, None)
    far = _far(above, rise, start, typical, most)
    if far is None:
        reasons.append(Reason("no_upper_limit", facts))
        return ProfileInterval(estimate, low, None, confidence, tuple(reasons))
    return ProfileInterval(estimate, low, _crossing(above, rise, start, far), confidence, tuple(reasons))


def _far(above: Callable[[float], float], rise: float, start: float, typical: float, most: float) -> float | None:
    """A value beyond the upper limit."""
    step = typical / 2
    for _ in range(40):
        far = start + step if not isfinite(most) else most - (most - start) * typical / (typical + step)
        found = above(far)
        if found > rise or not isfinite(found):
            return far
        step *= 2
    return None


def _crossing(above: Callable[[float], float], rise: float, inside: float, outside: float) -> float:
    """Where the rise is met between a value inside the interval and one outside, on the nearly straight root scale."""
    low, low_off = inside, -sqrt(rise)
    high, high_off = outside, _root(above(outside)) - sqrt(rise)
    for turn in range(60):
        if isfinite(high_off) and turn % 3 != 2:
            at = low - low_off * (high - low) / (high_off - low_off)
        else:
            at = (low + high) / 2
        off = _root(above(at)) - sqrt(rise)
        if abs(off) < CLOSE or abs(high - low) < 1e-10 * max(abs(high), abs(low)):
            break
        if off > 0:
            high, high_off = at, off
        else:
            low, low_off = at, off
    return at


def _root(value: float) -> float:
    return sqrt(max(0.0, value))


def _nudged(held: Held, x: Floats) -> Floats:
    """The same, off the boundary: at a spread of exactly 0 the gradient by it is 0 and a descent would stay."""
    return np.where(held.spreads & (np.abs(x) < NUDGE), NUDGE, x)
