"""Made-up clinics in which alarms can be compared. Nobody in them is real, and neither world is true.

The first is the product's own simulation, fitted to a service's published rates. The second shares no equation with
it: people move between hidden states, heavy-tailed weeks come and go, some only begin to change late.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shoshin.science.recovery import from_first_answer
from shoshin.science.simulation import MISSING, simulate_courses, therapist_shifts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
CLIENTS_EACH = 40


@dataclass(frozen=True)
class Clinic:
    """Scores, courses × appointments from the first answer on (NaN: none; higher is worse), and whose they are."""

    scores: Floats
    therapist: Ints
    reliable: float = 6.0
    cutoff: float = 10.0

    @property
    def answered(self) -> Bools:
        return ~np.isnan(self.scores)

    @property
    def last(self) -> Ints:
        """The place of each course's last answer."""
        return self.scores.shape[1] - 1 - np.argmax(self.answered[:, ::-1], axis=1)

    @property
    def change(self) -> Floats:
        """Last less first score: positive is worse."""
        return self.scores[np.arange(len(self.scores)), self.last] - self.scores[:, 0]

    def rows(self, keep: NDArray[np.generic]) -> "Clinic":
        return Clinic(self.scores[keep], self.therapist[keep], self.reliable, self.cutoff)


def service(n: int, seed: int) -> Clinic:
    """The product's simulation: two kinds of course, fitted to the published rates of NHS CBT."""
    rng = np.random.default_rng(seed)
    whose = np.arange(n) // CLIENTS_EACH
    shifts = therapist_shifts(int(whose.max()) + 1, rng, icc=0.05)[whose]
    scores = simulate_courses(n, rng, shifts=shifts).phq9.astype(float)
    return usable(np.where(scores == MISSING, np.nan, scores), whose)


def states(n: int, seed: int) -> Clinic:
    """Hidden states: waiting, mending, slipping and settled; a bounded scale; heavy-tailed weeks that carry over."""
    rng = np.random.default_rng(seed)
    whose = np.arange(n) // CLIENTS_EACH
    help_of = rng.normal(0, 0.35, int(whose.max()) + 1)[whose]
    most = 24
    level = rng.normal(0.25, 0.85, n)
    kind = rng.random(n)
    state = np.where(kind < 0.38, 1, np.where(kind < 0.90, 0, 2))  # 0 waiting, 1 mending, 2 slipping, 3 settled
    late = rng.random(n) < 0.25
    speed, carried = rng.gamma(4, 0.085, n), np.zeros(n)
    scores, gone = np.full((n, most), np.nan), np.zeros(n, dtype=np.bool_)
    for place in range(most):
        carried = 0.45 * carried + 0.30 * rng.standard_t(4, n)
        scores[:, place] = np.where(gone, np.nan, np.rint(27 / (1 + np.exp(-(level + carried)))))
        level = level + np.select([state == 1, state == 2, state == 3], [-speed, 0.14, 0.02], 0.0)
        chance = rng.random(n)
        wake = np.where(late, 0.02 if place < 5 else 0.30, 0.07) * np.exp(help_of)
        state = np.select(
            [(state == 0) & (chance < wake), (state == 0) & (chance > 0.985), (state == 1) & (chance < 0.10),
             (state == 2) & (chance < 0.10), (state == 3) & (chance > 0.98)],
            [1, 2, 3, 0, 2],
            state,
        )  # fmt: skip
        well = level < -1.6
        gone |= rng.random(n) < np.select([well, state == 2, place >= 12], [0.22, 0.09, 0.15], 0.05)
    scores[rng.random(scores.shape) < 0.08] = np.nan
    return usable(scores, whose)


def usable(scores: Floats, whose: Ints) -> Clinic:
    """Courses with three answers or more: one to begin with, one to learn from, one to be foreseen."""
    keep = (~np.isnan(scores)).sum(axis=1) >= 3
    return Clinic(from_first_answer(scores[keep]), whose[keep])


def from_file(path: Path, columns: list[str], reliable: float, cutoff: float) -> Clinic:
    """Courses from a CSV file with a row for each person and a column for each time; everybody is their own cluster."""
    lines = [line.split(",") for line in path.read_text().splitlines() if line]
    places = [[cell.strip('"') for cell in lines[0]].index(name) for name in columns]
    cells = [[line[place].strip('"') for place in places] for line in lines[1:]]
    scores = np.array([[float(cell) if cell not in ("", "NA") else np.nan for cell in row] for row in cells])
    made = usable(scores, np.arange(len(scores)))
    return Clinic(made.scores, made.therapist, reliable, cutoff)
