"""Logistic regression by Newton's method: what chances are set right by, and endings learnt with."""

from contextlib import suppress

import numpy as np

from shoshin.science.recovery.courses import Floats

ROUNDS = 100
STEP = 2.0  # logits at most a round, so that no first step overshoots


def logistic_coefficients(x: Floats, came: Floats, penalty: Floats, start: Floats) -> Floats:
    """The b that makes what came about likeliest, less ½ b'penalty b. ValueError where it does not settle."""
    beta = start
    with suppress(np.linalg.LinAlgError):
        for _ in range(ROUNDS):
            p = 1 / (1 + np.exp(-(x @ beta)))
            curve = (x * (p * (1 - p))[:, None]).T @ x + penalty
            moved = np.linalg.solve(curve, x.T @ (came - p) - penalty @ beta)
            beta = beta + np.clip(moved, -STEP, STEP)
            if np.abs(moved).max() < 1e-10:
                return np.asarray(beta, dtype=np.float64)
    raise ValueError("The regression does not settle: what came about follows from what was said without error.")
