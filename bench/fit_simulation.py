"""Fit the made-up courses to the published rates of NHS CBT, and print how close they come.

    python bench/fit_simulation.py            check the settings in use, on three seeds
    python bench/fit_simulation.py --fit 300  search again from them in 300 tries, and print the new settings

A plain random search with a shrinking step. Every try is judged on the same seeds, so only settings differ.
"""

import argparse
from dataclasses import replace

import numpy as np

from shoshin.science.simulation import FITTED, CourseModel, CourseRates, course_rates, simulate_courses

# NHS Talking Therapies 2024-25, CBT courses (n 233,776): target, and the distance that counts as one.
TARGETS: dict[str, tuple[float, float]] = {
    "caseness": (91.4, 0.5),
    "recovery": (45.0, 0.5),
    "reliable_improvement": (60.7, 0.5),
    "deterioration": (5.9, 0.3),
    "PHQ-9 first M": (14.2, 0.15),
    "PHQ-9 first SD": (6.1, 0.15),
    "PHQ-9 last M": (9.5, 0.3),
    "PHQ-9 last SD": (6.6, 0.2),
    "GAD-7 first M": (13.3, 0.15),
    "GAD-7 first SD": (5.1, 0.15),
    "GAD-7 last M": (8.6, 0.3),
    "GAD-7 last SD": (5.7, 0.2),
}
STEPS = {
    "phq9_mean": 0.3,
    "phq9_sd": 0.3,
    "gad7_mean": 0.3,
    "gad7_sd": 0.3,
    "responders": 0.03,
    "responder_mean": 0.04,
    "responder_sd": 0.03,
    "other_mean": 0.04,
    "other_sd": 0.03,
}
CHECK_SEEDS = (1, 2, 3)
FIT_SEEDS = (101, 102)


def figures(rates: CourseRates) -> dict[str, float]:
    """The simulated counterpart of each target."""
    found = {name: getattr(rates, name) for name in list(TARGETS)[:4]}
    for measure, label in (("phq9", "PHQ-9"), ("gad7", "GAD-7")):
        for end in ("first", "last"):
            mean, sd = getattr(rates, f"{measure}_{end}")
            found |= {f"{label} {end} M": mean, f"{label} {end} SD": sd}
    return found


def distance(model: CourseModel, courses: int) -> float:
    """How far the model's figures are from the targets, in squared distances that count."""
    total = 0.0
    for seed in FIT_SEEDS:
        found = figures(course_rates(simulate_courses(courses, np.random.default_rng(seed), model=model)))
        total += sum(((found[name] - target) / unit) ** 2 for name, (target, unit) in TARGETS.items())
    return total / len(FIT_SEEDS)


def fitted(model: CourseModel, tries: int, courses: int, rng: np.random.Generator) -> CourseModel:
    """The best model met on a random walk whose step shrinks after failures and grows after successes."""
    best, scale = distance(model, courses), 1.0
    for number in range(1, tries + 1):
        moves = {
            name: getattr(model, name) + scale * step * rng.normal() * (rng.random() < 0.5)
            for name, step in STEPS.items()
        }
        moves["responders"] = min(max(moves["responders"], 0.05), 0.95)
        moves |= {name: max(moves[name], 0.01) for name in moves if name.endswith("_sd")}
        trial = replace(model, **moves)
        found = distance(trial, courses)
        if found < best:
            model, best, scale = trial, found, min(scale * 1.5, 1.0)
            print(f"  try {number}: distance {best:.2f}")
        else:
            scale = max(scale * 0.96, 0.05)
    return model


def print_table(model: CourseModel, courses: int) -> None:
    """Each target beside what the check seeds give."""
    runs = [course_rates(simulate_courses(courses, np.random.default_rng(s), model=model)) for s in CHECK_SEEDS]
    print(f"\n{'':22}{'target':>8}" + "".join(f"{f'seed {s}':>9}" for s in CHECK_SEEDS))
    found = [figures(run) for run in runs]
    for name, (target, _) in TARGETS.items():
        print(f"{name:22}{target:8.1f}" + "".join(f"{run[name]:9.2f}" for run in found))
    for name in ("unplanned", "appointments", "counted"):
        print(f"{name:22}{'':8}" + "".join(f"{getattr(run, name):9.2f}" for run in runs))


def main() -> None:
    parser = argparse.ArgumentParser(description="Check or refit the made-up courses.")
    parser.add_argument("--fit", type=int, default=0, metavar="TRIES", help="search again from the settings in use")
    parser.add_argument("--courses", type=int, default=20_000, help="courses per try and per check")
    options = parser.parse_args()
    model = FITTED
    if options.fit:
        model = fitted(model, options.fit, options.courses, np.random.default_rng(7))
        print("\nSettings:", {name: round(getattr(model, name), 3) for name in STEPS})
        model = replace(model, **{name: round(getattr(model, name), 3) for name in STEPS})
    print_table(model, options.courses)


if __name__ == "__main__":
    main()
