"""What an analysis sees of closed courses: one line for each course and measure, without a name or a date."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClosedCourses:
    """Columns of equal length, one line for each closed course and measure with at least two scores.

    `clinic`, `therapist`, `client` and `course` are opaque keys that mean nothing outside this mart. `first` and `last`
    are scores in the measure's own units; `direction` is +1 where higher means worse and -1 where lower does.
    `reliable` is the smallest reliable change in those units and `cutoff` where the clinical range begins, both NaN
    where unknown. `appointments` counts kept appointments, `weeks` the time from first to last score, and `planned`
    tells whether the course ended as planned.
    """

    clinic: NDArray[np.str_]
    therapist: NDArray[np.str_]
    client: NDArray[np.str_]
    course: NDArray[np.str_]
    measure: NDArray[np.str_]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    direction: NDArray[np.int8]
    reliable: NDArray[np.float64]
    cutoff: NDArray[np.float64]
    appointments: NDArray[np.int64]
    weeks: NDArray[np.float64]
    planned: NDArray[np.bool_]
