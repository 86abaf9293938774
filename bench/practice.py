"""Which rule of difficulty lets trainees learn without overload? Two made-up worlds, every rule in each.

    python bench/practice.py                         500 trainees × 20 seeds, two to three minutes
    python bench/practice.py --trainees 100 --seeds 4    to try it

Figures are means over seeds with 95 % intervals (Student's t). Seeds are paired: every rule meets the same trainees
and the same luck. Simulation only: it says whether a rule does what it was made for, never that clients gain. The
worlds are in _practice_worlds.py and were fitted by the fixed rules alone (fit_practice.py); thresholds of our own
rule were chosen on seeds 101 to 104, which are not used here.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from _machine import heading, table
from _practice_rules import MINUTES, Elo, Fixed, LabelRule, Ladder, Oracle, Ours, Rule, ScoreOnly
from _practice_worlds import ATTEMPTS, DAYS, WEEKS, Bools, Draining, Floats, Truth, Weighing, World

T95 = {2: 12.706, 4: 3.182, 5: 2.776, 10: 2.262, 20: 2.093, 30: 2.045, 40: 2.023}
Make = Callable[[int], Rule]
BLIND: dict[str, Make] = {
    "fixed easy": lambda n: Fixed(n, 1),
    "fixed hard": lambda n: Fixed(n, 3),
    "random": lambda n: Fixed(n, 0),
    "ladder": Ladder,
    "label rule": LabelRule,
    "score only": ScoreOnly,
    "Elo, no guard": Elo,
    "ours, guard off": lambda n: Ours(n, guarded=False),
}
RULES: dict[str, Make] = {"ours": Ours} | BLIND | {"oracle of difficulty": Oracle}
CHANGED: list[tuple[str, Make, Truth, float]] = [
    ("strain under-reported 30 %", Ours, Truth(hidden=0.3), 1.0),
    ("strain under-reported 50 %", Ours, Truth(hidden=0.5), 1.0),
    ("check-in three times as noisy", Ours, Truth(noise=3.3), 1.0),
    ("true slope 0.7, taken for 1", Ours, Truth(), 0.7),
    ("true slope 1.4, taken for 1", Ours, Truth(), 1.4),
    ("K floor .10", lambda n: Ours(n, floor=0.10), Truth(), 1.0),
    ("K floor .50", lambda n: Ours(n, floor=0.50), Truth(), 1.0),
    ("never asks to go up", lambda n: Ours(n, asks=0.0), Truth(), 1.0),
]
COLUMNS = {
    "gain": 2,
    "weakest": 2,
    "zone": 0,
    "overload": 1,
    "anyone": 0,
    "retained": 0,
    "minutes": 0,
    "practised": 0,
}
HEAD = ["", "gain", "p10 gain", "zone %", "overload %", "anyone %", "stay %", "min to crit.", "min in all"]


@dataclass(frozen=True)
class Found:
    """One rule in one world: a figure for each seed."""

    gain: Floats
    weakest: Floats
    zone: Floats
    overload: Floats
    anyone: Floats
    retained: Floats
    minutes: Floats
    practised: Floats


def main() -> None:
    asked = argparse.ArgumentParser(description="Compare rules of difficulty in two made-up worlds.")
    asked.add_argument("--trainees", type=int, default=500)
    asked.add_argument("--seeds", type=int, default=20, choices=sorted(T95))
    given = asked.parse_args()
    heading(f"Practice: {given.trainees} trainees × {given.seeds} paired seeds, {WEEKS} weeks × {len(DAYS)} rounds")
    start = time.process_time()
    for kind in (Weighing, Draining):
        report(kind, given.seeds, given.trainees)
    print(f"{time.process_time() - start:.0f} s of one core.")


def report(kind: type[World], seeds: int, trainees: int) -> None:
    """Both tables of a world and how far the aims are met in it."""
    print(f"{(kind.__doc__ or '').splitlines()[0]}\n")
    found = {name: run(kind, make, seeds, trainees, Truth(), 1.0) for name, make in RULES.items()}
    table(HEAD, [[name, *cells(each)] for name, each in found.items()])
    aims(found)
    changed = [(name, run(kind, make, seeds, trainees, *world)) for name, make, *world in CHANGED]
    table(["ours, with", *HEAD[1:]], [[name, *cells(each)] for name, each in changed])


def cells(found: Found) -> list[str]:
    """Each figure with its interval."""
    return [interval(getattr(found, name), digits) for name, digits in COLUMNS.items()]


def interval(values: Floats, digits: int) -> str:
    half = T95[len(values)] * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.{digits}f} ± {half:.{digits}f}"


def aims(found: dict[str, Found]) -> None:
    """The three aims, each as a paired comparison over seeds; what is missed is said to be missed."""
    ours, score = found["ours"], found["score only"]
    best = max(BLIND, key=lambda name: found[name].gain.mean())
    gain = 100 * (ours.gain / found[best].gain - 1)
    weakest = ours.weakest / score.weakest
    told = (
        (
            gain.mean() >= -3,
            f"mean gain against the best rule without a guard ({best})",
            interval(gain, 1) + " %",
            "≥ -3 %",
        ),
        (ours.overload.mean() <= 2, "overload, share of attempts", interval(ours.overload, 2) + " %", "≤ 2 %"),
        (weakest.mean() >= 1.4, "weakest tenth against score only", interval(weakest, 2) + " times", "≥ 1.4"),
    )
    for met, what, figure, aim in told:
        print(f"{'met   ' if met else 'MISSED'}  {what}: {figure} (aim {aim})")
    print()


def run(kind: type[World], make: Make, seeds: int, trainees: int, truth: Truth, slope: float) -> Found:
    world = kind(range(1, seeds + 1), trainees, truth, slope)
    rule = make(seeds * trainees)
    n = seeds * trainees
    attempts, zone, over = (np.zeros(n) for _ in range(3))
    minutes_until = np.where(skilled(world), 0.0, np.inf)
    for week in range(WEEKS):
        capacity = world.capacity_answer()
        for place_in_week, day in enumerate(DAYS):
            rule.begin(7 * week + day, world.check_in(), capacity)
            for place in range(ATTEMPTS):
                doing = world.here & rule.going(place)
                statement = rule.pick(world)
                p, strained = world.chance(statement), world.overloaded()
                seen = world.attempt(place, statement, doing)
                rule.see(statement, seen, doing)
                attempts += doing
                zone += doing & (p >= 0.70) & (p <= 0.90)
                over += doing & strained
                minutes_until = np.minimum(minutes_until, np.where(skilled(world), MINUTES * attempts, np.inf))
            world.after_session(([*DAYS, 7])[place_in_week + 1] - day)
        world.after_week()
    return summary(world, attempts, zone, over, minutes_until, (seeds, trainees))


def skilled(world: World) -> Bools:
    """The criterion: four in five on a statement in the middle of the range."""
    return world.skill >= np.log(4)  # type: ignore[attr-defined]


def summary(world: World, attempts, zone, over, minutes_until, shape: tuple[int, int]) -> Found:
    def per_seed(values: Floats) -> Floats:
        return values.reshape(shape)

    gain = per_seed(world.learnt())  # type: ignore[attr-defined]
    total = np.maximum(per_seed(attempts).sum(axis=1), 1)
    most = MINUTES * ATTEMPTS * len(DAYS) * WEEKS
    waiting = per_seed(minutes_until) > 0
    minutes = np.where(waiting, np.minimum(per_seed(minutes_until), most), 0).sum(axis=1) / waiting.sum(axis=1)
    return Found(
        gain=gain.mean(axis=1),
        weakest=np.quantile(gain, 0.10, axis=1),
        zone=100 * per_seed(zone).sum(axis=1) / total,
        overload=100 * per_seed(over).sum(axis=1) / total,
        anyone=100 * (per_seed(over) > 0).mean(axis=1),
        retained=100 * per_seed(world.here).mean(axis=1),
        minutes=minutes,
        practised=MINUTES * per_seed(attempts).mean(axis=1),
    )


if __name__ == "__main__":
    main()
