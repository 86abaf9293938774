"""From closed courses to one line each: how severe it began, how far it came, how fast, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST_OF_MEASURE", "OUTCOMES", "Cases", "Outcome", "cases_of", "outcome_rows"]

Floats = NDArray[np.float64]
Outcome = Literal["change", "rate", "dropout"]
OUTCOMES: tuple[Outcome, ...] = ("change", "rate", "dropout")
FEWEST_OF_MEASURE = 20  # courses by one measure, for its spread to be known at all


@dataclass(frozen=True, eq=False)
class Cases:
    """One line for each closed course of a clinic, by the one of its measures that most courses have.

    `severity` is the first score and `change` the improvement, both in standard deviations of the measure's first
    scores: positive severity began worse, positive change improved more. `rate` is the change per kept appointment, NaN
    with fewer than two. `unplanned` is 1 where the course ended otherwise than planned. `left_out` counts courses
    without a measure that enough others share.
    """

    therapist: NDArray[np.str_]
    severity: Floats
    change: Floats
    rate: Floats
    unplanned: Floats
    left_out: int

    def __len__(self) -> int:
        return len(self.therapist)


def cases_of(
    *,
    therapist: NDArray[Any],
    course: NDArray[Any],
    measure: NDArray[Any],
    first: NDArray[Any],
    last: NDArray[Any],
    direction: NDArray[Any],
    appointments: NDArray[Any],
    planned: NDArray[Any],
) -> Cases:
    """What did each closed course bring, in units that measures share?

    Equation: severity (first − mean)·d/SD and change (first − last)·d/SD, d = +1 where higher is worse and −1
    elsewhere, mean and SD of the first scores of the same measure here. Columns of equal length, one line for each
    course and measure. A course with several measures counts once, by the most common one. Source: standardised
    change (Cohen's d by the intake SD). Not for: comparing clinics, since each has its own SD.
    """
    columns = (therapist, course, measure, first, last, direction, appointments, planned)
    if len({len(each) for each in columns}) != 1:
        raise ValueError("The columns differ in length: give one value for each course and measure.")
    first, last = (np.asarray(each, dtype=np.float64) for each in (first, last))
    names, codes = np.unique(np.asarray(measure).astype(str), return_inverse=True)
    usable = np.isfinite(first) & np.isfinite(last)
    common = np.bincount(codes[usable], minlength=len(names))
    order = np.lexsort((codes, -common[codes], np.asarray(course).astype(str)))
    order = order[usable[order]]
    _, starts = np.unique(np.asarray(course).astype(str)[order], return_index=True)
    chosen = order[starts]
    way = np.asarray(direction, dtype=np.float64)
    severity, change = np.full(len(first), np.nan), np.full(len(first), np.nan)
    for code in range(len(names)):
        here = chosen[codes[chosen] == code]
        spread = float(first[here].std(ddof=1)) if len(here) >= FEWEST_OF_MEASURE else 0.0
        if spread > 0:
            severity[here] = way[here] * (first[here] - first[here].mean()) / spread
            change[here] = way[here] * (first[here] - last[here]) / spread
    kept = chosen[np.isfinite(change[chosen])]
    held = np.asarray(appointments, dtype=np.float64)[kept]
    rate = np.where(held >= 2, change[kept] / np.maximum(held, 2), np.nan)
    unplanned = 1.0 - np.asarray(planned, dtype=np.float64)[kept]
    everybody = np.asarray(therapist).astype(str)[kept]
    total = len(np.unique(np.asarray(course).astype(str)))
    return Cases(everybody, severity[kept], change[kept], rate, unplanned, total - len(kept))


def outcome_rows(cases: Cases, outcome: Outcome) -> Mapping[str, NDArray[Any]]:
    """Which lines tell about one outcome? Columns `therapist`, `severity` and `outcome`, without gaps.

    Units: as in Cases; dropout is 1 for an unplanned ending. Source: complete cases. Not for: counting courses, of
    which those without this outcome are missing here.
    """
    values = {"change": cases.change, "rate": cases.rate, "dropout": cases.unplanned}[outcome]
    there = np.isfinite(values)
    return {"therapist": cases.therapist[there], "severity": cases.severity[there], "outcome": values[there]}
