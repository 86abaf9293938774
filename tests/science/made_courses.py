"""Made-up courses of clients with therapists, the same everywhere: small sets in which optima are easily missed."""

from math import log
from random import Random
from statistics import NormalDist

import numpy as np

from shoshin.science.mixed import NestedModel, RandomTerm

SETS = 60
FIXED = ("1", "t", "x")
MODELS = (
    NestedModel("y", FIXED, (RandomTerm("client"), RandomTerm("therapist"))),
    NestedModel("y", FIXED, (RandomTerm("client", ("1", "t")), RandomTerm("therapist"))),
    NestedModel("y", FIXED, (RandomTerm("client", ("1", "t")), RandomTerm("therapist", ("1", "t")))),
)
FORMULAS = (
    "y ~ t + x + (1 | client) + (1 | therapist)",
    "y ~ t + x + (t | client) + (1 | therapist)",
    "y ~ t + x + (t | client) + (t | therapist)",
)


def made_set(seed: int) -> dict[str, np.ndarray]:
    """60 to 150 clients of 8 to 20 therapists, who differ not at all, a little or much, in level and in pace."""
    chance = Random(seed)

    def normal() -> float:
        return NormalDist().inv_cdf(chance.random())

    therapist_sd, pace_sd = (0, 0.3, 1)[seed % 3], (0, 0.3, 1)[seed // 3 % 3]
    therapists, clients = 8 + int(13 * chance.random()), 60 + int(91 * chance.random())
    shifts = [therapist_sd * normal() for _ in range(therapists)]
    rows = []
    for client in range(clients):
        therapist = client if client < therapists else int(therapists * chance.random())
        level, pace, x = normal(), pace_sd * normal(), normal()
        for session in range(1, 3 + int(7 * chance.random())):
            t = log(session)
            y = 10 - 0.8 * t + 0.5 * x + shifts[therapist] + level + pace * t + 1.5 * normal()
            rows.append((y, t, x, client, therapist))
    y, t, x, client, therapist = map(np.array, zip(*rows, strict=True))
    return {"y": y, "t": t, "x": x, "client": client, "therapist": therapist}
