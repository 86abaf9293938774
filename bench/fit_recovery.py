"""Make the expected recovery that comes with the program, from made-up courses fitted to published rates.

    python bench/fit_recovery.py       print feedback/content/expected_recovery.yaml, and how well its bands hold

The figures behind it are those of bench/fit_simulation.py: first and last scores and rates of NHS Talking Therapies.
What lies between first and last is assumed there, and so it is here.
"""

import argparse

import numpy as np

from shoshin.science.mixed import NotFitted
from shoshin.science.recovery import GrowthModel, begin, fit_growth, foreseen, from_first_answer
from shoshin.science.simulation import MISSING, Courses, simulate_courses

MEASURES = {"phq-9": "phq9", "gad-7": "gad7"}
SHARE_Z = 1.2816  # 80 %


def scores(courses: Courses, name: str) -> np.ndarray:
    held = getattr(courses, name).astype(float)
    return from_first_answer(np.where(held == MISSING, np.nan, held))


def printed(measure: str, model: GrowthModel) -> str:
    level, pace, level_first, pace_first = (round(float(value), 3) for value in model.beta)
    spread = [round(float(model.spread[i, j]), 3) for i, j in ((0, 0), (0, 1), (1, 1))]
    return (
        f"  {measure}:\n    level: {level}\n    pace: {pace}\n    level_by_first: {level_first}\n"
        f"    pace_by_first: {pace_first}\n    level_variance: {spread[0]}\n    covariance: {spread[1]}\n"
        f"    pace_variance: {spread[2]}\n    answer_variance: {round(model.residual_variance, 3)}\n"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description="Fit the expected recovery that comes with the program.")
    asked.add_argument("--courses", type=int, default=60_000)
    given = asked.parse_args()
    learnt, new = (simulate_courses(given.courses, np.random.default_rng(seed)) for seed in (1, 2))
    print("measures:")
    for measure, name in MEASURES.items():
        model = fit_growth(scores(learnt, name))
        if isinstance(model, NotFitted):
            raise SystemExit(f"The curve could not be fitted: {model.reasons}")
        print(printed(measure, model), end="")
        table = scores(new, name)
        for since in (1, 2, 3, 5, 8, 12):
            ahead = foreseen(begin(model, table[:, 0]), since)
            z = ((table[:, since] - ahead.mean) / ahead.sd)[~np.isnan(table[:, since])]
            held = [float((z < -SHARE_Z).mean()), float((np.abs(z) <= SHARE_Z).mean()), float((z > SHARE_Z).mean())]
            print(f"    # {since} later: {held[0]:.1%} below, {held[1]:.1%} within, {held[2]:.1%} above, of {len(z):,}")


if __name__ == "__main__":
    main()
