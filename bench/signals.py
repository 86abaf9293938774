"""Which alarm finds the courses that end badly, how early, and at what price? Two made-up worlds, or courses of a file.

    python bench/signals.py                     20,000 courses to learn from, to choose lines on, and to be judged by
    python bench/signals.py --courses 5000      to try it
    python bench/signals.py --csv FILE --columns first,second,... --reliable 9 --cutoff 14    real courses, five folds

Outcomes, from first to last answer: reliably worse; not reliably better. An alarm counts only before the last answer.
Intervals (95 %) draw therapists again and again. What is learnt, where lines are drawn, and what is judged are three
different sets of courses. The first rule we ship is raw worsening itself, so the baseline is in every table. Only a
simulation: outcome and most rules are made of the same scores, which flatters all of them alike.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _alarm_scores import alarms, auc, balanced, best_line, line_for_rate, rates, slopes
from _machine import heading, table
from _signal_rules import (
    Rule,
    bands,
    endings,
    growth,
    neighbours,
    no_change,
    per_appointment,
    rational,
    raw,
    worse_signal,
    worse_watch,
)
from _signal_worlds import Bools, Clinic, Floats, from_file, service, states

from shoshin.science.recovery import recalibrate_chances, recalibrated

RATE = 0.20
MORE = 10  # times as many courses to learn from, to see how much more that would tell
FOURTH = 3  # the place of the fourth measure
Figure = tuple[float, float, float]


def main() -> None:
    asked = argparse.ArgumentParser(description="Compare alarms in two made-up worlds, or on real courses.")
    asked.add_argument("--courses", type=int, default=20_000)
    asked.add_argument("--csv", type=Path)
    asked.add_argument("--columns", default="")
    asked.add_argument("--reliable", type=float, default=6.0)
    asked.add_argument("--cutoff", type=float, default=10.0)
    given = asked.parse_args()
    if given.csv:
        heading("Alarms on courses of a file")
        real(from_file(given.csv, given.columns.split(","), given.reliable, given.cutoff))
        return
    heading(f"Alarms: {given.courses:,} courses begun, for each of three parts")
    for name, world in (("The product's own simulation", service), ("Hidden states, a second world", states)):
        learn, tune, judge = (world(given.courses, seed) for seed in (1, 2, 3))
        report(name, learn, tune, judge)
        with_more(world(MORE * given.courses, 4), tune, judge)
    speed()


def report(name: str, learn: Clinic, tune: Clinic, judge: Clinic) -> None:
    """Both outcomes of one world: the alarms, then what is known at the fourth measure, then the aims."""
    print(f"{name}: {len(judge.scores):,} courses judged\n")
    for what, outcome in (("reliably worse", worse), ("not reliably better", not_better)):
        found = outcome(judge)
        print(f"{what}: {100 * found.mean():.1f} % of courses\n")
        own, learnt = rules_of(learn, outcome)
        kept = alarm_table(own, learnt, tune, judge, outcome)
        fourth = fourth_table(learnt, tune, judge, outcome)
        aims(what, kept, fourth)


def worse(clinic: Clinic) -> Bools:
    return clinic.change >= clinic.reliable


def not_better(clinic: Clinic) -> Bools:
    return clinic.change > -clinic.reliable


Outcome = Callable[[Clinic], Bools]


def rules_of(learn: Clinic, outcome: Outcome) -> tuple[dict[str, Rule], dict[str, Rule]]:
    """Rules with a line of their own, and rules whose line is chosen."""
    bad = outcome is worse
    own: dict[str, Rule] = {
        "worse, signal (= raw worsening)": worse_signal,
        "worse, watch or signal": worse_watch,
        "no change by 6, signal": lambda clinic: no_change(clinic, 6),
        "no change by 3, watch": lambda clinic: no_change(clinic, 3),
        "rational, red": lambda clinic: rational(clinic, red=True),
        "rational, yellow or red": lambda clinic: rational(clinic, red=False),
    }
    learnt: dict[str, Rule] = {
        "raw change": raw,
        "band by appointment": bands(learn),
        "expected recovery": growth(learn, worse=bad),
        "expected endings": endings(learn, outcome(learn)),
        "nearest neighbours": neighbours(learn, outcome(learn)),
        "logistic by appointment": per_appointment(learn, outcome(learn)),
    }
    return own, learnt


def alarm_table(
    own: dict[str, Rule], learnt: dict[str, Rule], tune: Clinic, judge: Clinic, outcome: Outcome
) -> dict[str, dict[str, Figure]]:
    happened, kept, rows = outcome(judge), {}, []
    for name, rule in (own | learnt).items():
        line = 0.5 if name in own else line_for_rate(rule(tune), tune, RATE)
        kept[name] = rates(alarms(rule(judge), line, judge, happened))
        cells = [part(kept[name][key]) for key in ("rate", "sensitivity", "specificity", "ppv", "npv")]
        rows.append([name if name in own else f"{name}, line at 20 %", *cells, lead(kept[name]["lead"])])
    table(["alarms", "alarmed %", "sens %", "spec %", "PPV %", "NPV %", "median lead"], rows)
    return kept


def fourth_table(
    learnt: dict[str, Rule], tune: Clinic, judge: Clinic, outcome: Outcome
) -> dict[str, tuple[Figure, Figure | None]]:
    """At the fourth measure, of courses that go on: is the end foreseen, and do chances come about as often as said?"""
    kept: dict[str, tuple[Figure, Figure | None]] = {}
    rows, before, now = [], going(tune), going(judge)
    came = outcome(judge)[now]
    for name, rule in learnt.items():
        earlier, here = rule(tune)[before, FOURTH], rule(judge)[now, FOURTH]
        line = best_line(earlier, outcome(tune)[before])
        accuracy = balanced(here >= line, came, judge.therapist[now])
        slope = None
        if name == "expected recovery":
            plain = slopes(here, came, judge.therapist[now])
            rows.append(
                [f"{name}, as fitted", f"{auc(here, came):.3f}", part(accuracy), figure(plain), brier(here, came)]
            )
            here, name = recalibrated(here, recalibrate_chances(earlier, outcome(tune)[before])), f"{name}, set right"
        if here.min() >= 0 and here.max() <= 1:
            slope = slopes(here, came, judge.therapist[now])
        cells = [figure(slope), brier(here, came)] if slope else ["", ""]
        rows.append([name, f"{auc(here, came):.3f}", part(accuracy), *cells])
        kept[name] = (accuracy, slope)
    table(["at measure 4", "AUC", "balanced acc. %", "calibration slope", "Brier"], rows)
    return kept


def with_more(learn: Clinic, tune: Clinic, judge: Clinic) -> None:
    """How much better is *no better* foreseen by the best rule, if there is ten times as much to learn from?"""
    rule, before, now = endings(learn, not_better(learn)), going(tune), going(judge)
    line = best_line(rule(tune)[before, FOURTH], not_better(tune)[before])
    found = balanced(rule(judge)[now, FOURTH] >= line, not_better(judge)[now], judge.therapist[now])
    print(f"With {len(learn.scores):,} courses to learn from, balanced accuracy at measure 4: {part(found)} %\n")


def going(clinic: Clinic) -> Bools:
    return (clinic.last > FOURTH) & clinic.answered[:, FOURTH]


def aims(what: str, kept: dict[str, dict[str, Figure]], fourth: dict[str, tuple[Figure, Figure | None]]) -> None:
    """What was asked for, and whether our two rules meet it; what is missed is said to be missed."""
    for name, at_fourth in (("expected recovery", "expected recovery, set right"), ("expected endings",) * 2):
        _aims_of(name, what, kept, fourth[at_fourth])
    print()


def _aims_of(name: str, what: str, kept: dict[str, dict[str, Figure]], at_fourth: tuple[Figure, Figure | None]) -> None:
    ours, (accuracy, slope) = kept[name], at_fourth
    raw_rule = kept["raw change"]["sensitivity"][0]
    told = [
        (slope is not None and 0.9 <= slope[0] <= 1.1, "calibration slope", figure(slope) if slope else "", ".9 to 1.1")
    ]
    if what == "reliably worse":
        told += [
            (ours["rate"][0] <= RATE + 0.005, "alarmed", f"{part(ours['rate'])} %", "≤ 20 %"),
            (ours["sensitivity"][0] >= 0.80, "sensitivity", f"{part(ours['sensitivity'])} %", "≥ 80 %"),
            (ours["lead"][0] >= 3, "median lead", lead(ours["lead"]), "≥ 3 appointments"),
            (
                ours["sensitivity"][0] >= raw_rule,
                "raw change at as many alarms",
                f"{100 * raw_rule:.1f} %",
                "not better",
            ),
        ]
    else:
        told.append((accuracy[0] >= 0.78, "balanced accuracy at measure 4", f"{part(accuracy)} %", "≥ 78 %"))
    for met, figure_of, value, aim in told:
        print(f"{'met   ' if met else 'MISSED'}  {name}, {figure_of}: {value} (aim {aim})")


def part(value: Figure) -> str:
    return " ".join([f"{100 * value[0]:.1f}", f"({100 * value[1]:.1f} to {100 * value[2]:.1f})"])


def figure(value: Figure) -> str:
    return f"{value[0]:.2f} ({value[1]:.2f} to {value[2]:.2f})"


def lead(value: Figure) -> str:
    return f"{value[0]:.0f} ({value[1]:.0f} to {value[2]:.0f})"


def brier(chances: Floats, came: Bools) -> str:
    return f"{((chances - came) ** 2).mean():.4f}"


def real(clinic: Clinic) -> None:
    """Five folds: four to learn from and draw lines on, one to be judged. Rules that need many courses are left out."""
    fold = np.random.default_rng(5).permutation(len(clinic.scores)) % 5
    for what, outcome in (("reliably worse", worse), ("not reliably better", not_better)):
        happened = outcome(clinic)
        print(f"{what}: {int(happened.sum())} of {len(happened)} courses\n")
        plain: dict[str, Rule] = {
            "worse, signal (= raw worsening)": worse_signal,
            "worse, watch or signal": worse_watch,
        }
        plain["rational, yellow or red"] = lambda here: rational(here, red=False)
        rows = [cells_of(name, rates(alarms(rule(clinic), 0.5, clinic, happened))) for name, rule in plain.items()]
        for name in ("raw change", "expected recovery"):
            over = np.zeros(clinic.scores.shape)
            for one in range(5):
                learn, judge = clinic.rows(fold != one), clinic.rows(fold == one)
                rule = raw if name == "raw change" else growth(learn, worse=outcome is worse)
                over[fold == one] = rule(judge) >= line_for_rate(rule(learn), learn, RATE)
            rows.append(cells_of(f"{name}, line at 20 %", rates(alarms(over, 0.5, clinic, happened))))
        table(["alarms", "alarmed %", "sens %", "spec %", "PPV %", "NPV %", "median lead"], rows)


def cells_of(name: str, found: dict[str, Figure]) -> list[str]:
    shares = [part(found[key]) for key in ("rate", "sensitivity", "specificity", "ppv", "npv")]
    return [name, *shares, lead(found["lead"]) if np.isfinite(found["lead"][0]) else "none"]


def speed() -> None:
    """How long 100,000 courses take, every answer of each."""
    learn, many = service(20_000, 1), service(130_000, 4).rows(np.arange(100_000))
    for name, rule in (
        ("expected recovery", growth(learn, worse=True)),
        ("expected endings", endings(learn, worse(learn))),
    ):
        start = time.perf_counter()
        rule(many)
        took = time.perf_counter() - start
        met = "met   " if took < 5 else "MISSED"
        print(f"{met}  {name}, 100,000 courses, {int(many.answered.sum()):,} answers: {took:.1f} s (aim < 5 s)")


if __name__ == "__main__":
    main()
