"""Courses as a table: a row for each, a column for each appointment, NaN where nothing was answered."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["from_first_answer", "time_of"]

Floats = NDArray[np.float64]


def from_first_answer(scores: ArrayLike) -> Floats:
    """What does each course look like, counted from its first answer?

    Each row is moved to the left until its first column is an answer; NaN fills up the right. Rows without any answer
    stay NaN. Source: a convention of this software: the first answer stands for the start, whenever it came. Units:
    those of the scores. Not for: courses whose first form came weeks into the work.
    """
    table = np.atleast_2d(np.asarray(scores, dtype=float))
    answered = ~np.isnan(table)
    columns = table.shape[1]
    places = np.argmax(answered, axis=1)[:, None] + np.arange(columns)
    moved = np.take_along_axis(table, np.minimum(places, columns - 1), axis=1)
    return np.where(places < columns, moved, np.nan)


def time_of(since: ArrayLike) -> Floats:
    """How far along its way is a course, so many appointments after the first answer?

    Equation: log(1 + since). Source: change by appointment is steep first and flat later; the logarithm is the usual
    choice (Finch, Lambert & Schaalje 2001). Units: log appointments. Not for: a pause of months, which it does not see.
    """
    passed = np.asarray(since, dtype=float)
    if np.any(passed < 0):
        raise ValueError("Appointments are counted from the first answer on: 0, 1, 2 and so forth.")
    logs: Floats = np.log1p(passed)
    return logs
