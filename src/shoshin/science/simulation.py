"""Made-up courses of therapy with the rates of a real service, for the demo clinic and for testing alarms.

Nobody in here is real. Chance comes in as a numpy Generator, so the same seed gives the same clinic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FITTED",
    "GAD7_CASE",
    "GAD7_RELIABLE",
    "MISSING",
    "PHQ9_CASE",
    "PHQ9_RELIABLE",
    "Appointment",
    "Course",
    "CourseModel",
    "CourseRates",
    "Courses",
    "Ending",
    "course_rates",
    "gad7_items",
    "phq9_items",
    "simulate_courses",
    "therapist_shifts",
]

Ending = Literal["planned", "unplanned", "open"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# NHS Talking Therapies: caseness and reliable change (NCT05134103).
PHQ9_CASE, PHQ9_RELIABLE = 10, 6
GAD7_CASE, GAD7_RELIABLE = 8, 4
MISSING = -1

# How readily each symptom is marked, items 1 to 8 and 1 to 7: our own rough order, for demo forms only.
_PHQ9_WEIGHTS = np.array([1.0, 1.0, 1.3, 1.5, 0.9, 1.1, 0.9, 0.5])
_GAD7_WEIGHTS = np.array([1.2, 1.1, 1.3, 1.2, 0.8, 1.1, 0.8])


@dataclass(frozen=True)
class CourseModel:
    """The settings of the generator. Scores higher = worse, alliance higher = better.

    `removed` is the share of the first score that a whole course takes away, in one of two kinds of course.
    The figures from `phq9_mean` to `other_sd` are fitted (bench/fit_simulation.py); the rest are chosen.
    """

    phq9_mean: float
    phq9_sd: float
    gad7_mean: float
    gad7_sd: float
    responders: float
    responder_mean: float
    responder_sd: float
    other_mean: float
    other_sd: float
    start_correlation: float = 0.70
    removed_correlation: float = 0.90
    phq9_noise: float = 2.0
    gad7_noise: float = 1.4
    therapist_icc: float = 0.05
    appointments_mean: float = 9.5
    appointments_shape: float = 3.0
    appointments_most: int = 30
    sudden_gain: float = 0.25
    planned_stop: float = 0.35
    unplanned_hazard: tuple[float, ...] = (0.015, 0.06, 0.06, 0.05, 0.015)
    alliance_mean: float = 8.1
    alliance_sd: float = 1.2
    alliance_carry: float = 0.4
    alliance_noise: float = 0.7
    alliance_outcome: float = 0.30
    dip: float = 0.10
    missing_form: float = 0.08


FITTED = CourseModel(
    phq9_mean=14.442,
    phq9_sd=6.087,
    gad7_mean=13.686,
    gad7_sd=5.407,
    responders=0.699,
    responder_mean=0.643,
    responder_sd=0.151,
    other_mean=-0.052,
    other_sd=0.25,
)


@dataclass(frozen=True)
class Appointment:
    """One appointment's answers; None where a form was not filled in. Alliance: four sliders from 0 to 10."""

    number: int
    phq9: int | None
    gad7: int | None
    item9: int | None
    alliance: tuple[int, int, int, int] | None


@dataclass(frozen=True)
class Course:
    """One made-up course, from first appointment to ending."""

    appointments: tuple[Appointment, ...]
    ending: Ending

    def until(self, number: int) -> "Course":
        """The same course as it stands after appointment `number`: open, if more was to come."""
        if number >= len(self.appointments):
            return self
        return Course(self.appointments[:number], "open")


@dataclass(frozen=True)
class Courses:
    """Many courses as arrays, a row each and a column per appointment; MISSING where there is no answer."""

    phq9: Ints
    gad7: Ints
    item9: Ints
    alliance: Ints
    length: Ints
    planned: Bools

    def __len__(self) -> int:
        return len(self.length)

    def course(self, row: int) -> Course:
        """One row as a course."""
        held = tuple(self._appointment(row, column) for column in range(int(self.length[row])))
        return Course(held, "planned" if self.planned[row] else "unplanned")

    def _appointment(self, row: int, column: int) -> Appointment:
        phq9, gad7, item9 = (_or_none(a[row, column]) for a in (self.phq9, self.gad7, self.item9))
        first, second, third, fourth = (int(slider) for slider in self.alliance[row, column])
        check = None if first == MISSING else (first, second, third, fourth)
        return Appointment(column + 1, phq9, gad7, item9, check)


@dataclass(frozen=True)
class CourseRates:
    """What a service would report of these courses: rates in percent, (mean, SD) of first and last scores."""

    counted: int
    caseness: float
    recovery: float
    reliable_improvement: float
    deterioration: float
    phq9_first: tuple[float, float]
    phq9_last: tuple[float, float]
    gad7_first: tuple[float, float]
    gad7_last: tuple[float, float]
    unplanned: float
    appointments: float


def simulate_courses(
    n: int, rng: np.random.Generator, *, model: CourseModel = FITTED, shifts: Floats | None = None
) -> Courses:
    """What might the courses of a talking-therapy service look like, answer by answer?

    Equation: first scores bivariate normal; with probability logit⁻¹(logit p + u) a course is a responder's,
    u its therapist's shift; removed share f ~ N(mean, SD) by kind, correlated between the two scales; score
    at step s = first (1 - f g(s)) + occasion noise, rounded and clipped; g = log(1 + s)/log(S) up to 10
    appointments, s/(S - 1) beyond, partly jumped at once in a sudden gain. Endings: a responder below both
    cut-offs twice stops at a constant chance; anyone may stop unplanned, early above all, and more so when
    alliance is low or falling.
    Source: rates and norms of NHS CBT courses 2024-25; the shape is our own, fitted by
    bench/fit_simulation.py.
    Units: points of PHQ-9 and GAD-7 (higher is worse), sliders 0-10 (higher is better). `shifts`: one logit
    per course, drawn afresh if not given. Not for: any statement about real clients, or as proof of two kinds
    of them.
    """
    if shifts is None:
        shifts = therapist_shifts(n, rng, icc=model.therapist_icc)
    chance = 1 / (1 + np.exp(-(log(model.responders / (1 - model.responders)) + shifts)))
    responder = rng.random(n) < chance
    scheduled = _scheduled(n, rng, model)
    most = int(scheduled.max(initial=2))
    phq9_first, gad7_first = _first_scores(n, rng, model)
    removed, strength = _removed(responder, rng, model)
    path = _path(scheduled, most, responder, rng, model)
    phq9 = _observed(phq9_first, removed[0], path, model.phq9_noise, 27, rng)
    gad7 = _observed(gad7_first, removed[1], path, model.gad7_noise, 21, rng)
    feeling = _alliance(strength, most, rng, model)
    well = (phq9 < PHQ9_CASE) & (gad7 < GAD7_CASE)
    length, planned = _ends(scheduled, responder, well, feeling, rng, model)
    item9, sliders = _item9(phq9, rng), _sliders(feeling, rng)
    held = np.arange(most) < length[:, None]
    form = held & (rng.random((n, most)) >= model.missing_form)
    check = held & (rng.random((n, most)) >= model.missing_form)
    phq9, gad7, item9 = (np.where(form, scores, MISSING) for scores in (phq9, gad7, item9))
    return Courses(phq9, gad7, item9, np.where(check[:, :, None], sliders, MISSING), length, planned)


def therapist_shifts(n: int, rng: np.random.Generator, *, icc: float) -> Floats:
    """How much likelier does each of n therapists make a good course, in logits?

    Equation: u ~ N(0, icc/(1 - icc) pi²/3). Source: latent-scale intraclass correlation of a logistic model;
    about 5 % of outcome variance (Johns 2019). Units: logits, positive is better. Not for: judging anybody
    real.
    """
    if not 0 <= icc < 1:
        raise ValueError(f"A share of variance lies between 0 and 1; got {icc}.")
    return rng.normal(0, np.sqrt(icc / (1 - icc) * pi**2 / 3), n)


def course_rates(courses: Courses) -> CourseRates:
    """Which rates would the English service report of these courses?

    Equation: over courses with at least two appointments and two filled-in forms, first to last available
    score: caseness, recovery over cases at first, reliable improvement and deterioration by the joint rule of
    PHQ-9 and GAD-7 (change.joint_recovery and its neighbours, here for arrays). Source: as there. Units:
    percent, points.
    Not for: real courses, which are judged one by one with their reasons.
    """
    usable = (courses.length >= 2) & ((courses.phq9 != MISSING).sum(axis=1) >= 2)
    phq9, gad7 = _ends_of(courses.phq9[usable]), _ends_of(courses.gad7[usable])
    case = [(p >= PHQ9_CASE) | (g >= GAD7_CASE) for p, g in zip(phq9, gad7, strict=True)]
    better = (phq9[0] - phq9[1] >= PHQ9_RELIABLE) | (gad7[0] - gad7[1] >= GAD7_RELIABLE)
    worse = (phq9[1] - phq9[0] >= PHQ9_RELIABLE) | (gad7[1] - gad7[0] >= GAD7_RELIABLE)
    return CourseRates(
        counted=int(usable.sum()),
        caseness=_percent(case[0]),
        recovery=_percent(~case[1][case[0]]),
        reliable_improvement=_percent(better & ~worse),
        deterioration=_percent(worse & ~better),
        phq9_first=_mean_sd(phq9[0]),
        phq9_last=_mean_sd(phq9[1]),
        gad7_first=_mean_sd(gad7[0]),
        gad7_last=_mean_sd(gad7[1]),
        unplanned=_percent(~courses.planned[usable]),
        appointments=float(courses.length[usable].mean()),
    )


def phq9_items(total: int, item9: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Which nine answers might stand behind this PHQ-9 total?

    Equation: item 9 as given; each other point falls on one of items 1-8 not yet at 3, by rough frequency.
    Source: our own, for demo forms. Units: answers 0-3, higher is worse. Not for: filling in a real client's
    form.
    """
    if not 0 <= item9 <= 3 or not 0 <= total - item9 <= 24:
        raise ValueError(f"No nine answers of 0 to 3 add up to {total} with item 9 at {item9}.")
    return (*_spread(total - item9, _PHQ9_WEIGHTS, rng), item9)


def gad7_items(total: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Which seven answers might stand behind this GAD-7 total?

    Equation, source, units and limits: as phq9_items, over items 1-7.
    """
    if not 0 <= total <= 21:
        raise ValueError(f"No seven answers of 0 to 3 add up to {total}.")
    return _spread(total, _GAD7_WEIGHTS, rng)


def _spread(points: int, weights: Floats, rng: np.random.Generator) -> tuple[int, ...]:
    # Drawing from a deck with three cards per item keeps each answer at 3 or below. A key log(u)/w per card,
    # highest first, is weighted drawing without replacement (Efraimidis & Spirakis 2006).
    deck = np.repeat(np.arange(len(weights)), 3)
    keys = np.log(rng.random(len(deck))) / weights[deck]
    drawn = deck[np.argsort(-keys)[:points]]
    return tuple(int(count) for count in np.bincount(drawn, minlength=len(weights)))


def _scheduled(n: int, rng: np.random.Generator, model: CourseModel) -> Ints:
    rates = rng.gamma(model.appointments_shape, model.appointments_mean / model.appointments_shape, n)
    return np.clip(rng.poisson(rates), 2, model.appointments_most)


def _first_scores(n: int, rng: np.random.Generator, model: CourseModel) -> tuple[Floats, Floats]:
    z, r = rng.normal(size=(2, n)), model.start_correlation
    other = r * z[0] + np.sqrt(1 - r**2) * z[1]
    phq9 = np.clip(model.phq9_mean + model.phq9_sd * z[0], 0, 27)
    return phq9, np.clip(model.gad7_mean + model.gad7_sd * other, 0, 21)


def _removed(responder: Bools, rng: np.random.Generator, model: CourseModel) -> tuple[Sequence[Floats], Floats]:
    """The share removed on each scale, and how good the course is in standard units."""
    z, r = rng.normal(size=(2, len(responder))), model.removed_correlation
    mean = np.where(responder, model.responder_mean, model.other_mean)
    sd = np.where(responder, model.responder_sd, model.other_sd)
    shares = [np.minimum(mean + sd * part, 1.0) for part in (z[0], r * z[0] + np.sqrt(1 - r**2) * z[1])]
    spread = shares[0].std() or 1.0
    return shares, (shares[0] - shares[0].mean()) / spread


def _path(scheduled: Ints, most: int, responder: Bools, rng: np.random.Generator, model: CourseModel) -> Floats:
    """How much of the whole change has happened by each appointment: 0 at the first, 1 at the last scheduled."""
    step, whole = np.arange(most), scheduled[:, None]
    path = np.where(whole <= 10, np.log1p(step) / np.log(whole), step / (whole - 1))
    jumps = responder & (rng.random(len(scheduled)) < model.sudden_gain)
    at = 1 + rng.integers(0, np.maximum(scheduled - 1, 1))
    jumped = 0.4 * path + 0.6 * (step >= at[:, None])
    return np.minimum(np.where(jumps[:, None], jumped, path), 1.0)


def _observed(
    first: Floats, removed: Floats, path: Floats, noise: float, highest: int, rng: np.random.Generator
) -> Ints:
    true = first[:, None] * (1 - removed[:, None] * path)
    return np.clip(np.rint(true + rng.normal(0, noise, path.shape)), 0, highest).astype(np.int64)


def _alliance(strength: Floats, most: int, rng: np.random.Generator, model: CourseModel) -> Floats:
    """How the alliance feels, before the ceiling of the form: steady within a client, with a dip in some."""
    n, r = len(strength), model.alliance_outcome
    usual = model.alliance_mean + model.alliance_sd * (r * strength + np.sqrt(1 - r**2) * rng.normal(size=n))
    feeling, drift = np.empty((n, most)), np.zeros(n)
    for column in range(most):
        drift = model.alliance_carry * drift + rng.normal(0, model.alliance_noise, n)
        feeling[:, column] = usual + drift + 0.03 * column
    dips = np.flatnonzero(rng.random(n) < model.dip)
    at = rng.integers(1, max(most, 2), len(dips)) if most <= 6 else rng.integers(1, 7, len(dips))
    feeling[dips, at] -= 3.0
    after = at + 1 < most
    feeling[dips[after], at[after] + 1] -= 1.5
    return feeling


def _ends(
    scheduled: Ints,
    responder: Bools,
    well: Bools,
    feeling: Floats,
    rng: np.random.Generator,
    model: CourseModel,
) -> tuple[Ints, Bools]:
    """After which appointment each course ends, and whether by plan."""
    length, planned = scheduled.copy(), np.ones(len(scheduled), dtype=np.bool_)
    going = np.ones(len(scheduled), dtype=np.bool_)
    for column in range(well.shape[1] - 1):
        low = (feeling[:, column] - model.alliance_mean) / model.alliance_sd
        fall = (feeling[:, column] - feeling[:, column - 1]) / model.alliance_sd if column else np.zeros(len(low))
        hazard = model.unplanned_hazard[min(column, len(model.unplanned_hazard) - 1)]
        leave = rng.random(len(low)) < np.minimum(hazard * np.exp(-0.5 * low - 0.3 * fall), 0.9)
        done = responder & well[:, column] & well[:, column - 1] if column else np.zeros_like(responder)
        finish = done & (rng.random(len(low)) < model.planned_stop)
        going &= scheduled > column + 1
        now = going & (leave | finish)
        length[now] = column + 1
        planned[now & ~finish] = False
        going &= ~now
    return length, planned


def _item9(phq9: Ints, rng: np.random.Generator) -> Ints:
    """Item 9 by total: about 4 in 10 above 0 at a total of 15, steady within a person, possible with the total."""
    person = rng.random((len(phq9), 1))
    place = np.where(rng.random(phq9.shape) < 0.7, person, rng.random(phq9.shape))
    marked = 1 / (1 + np.exp(3.2 - 0.195 * phq9))
    value = (place < marked).astype(np.int64) + (place < 0.35 * marked) + (place < 0.12 * marked)
    possible: Ints = np.clip(value, np.maximum(phq9 - 24, 0), np.minimum(phq9, 3))
    return possible


def _sliders(feeling: Floats, rng: np.random.Generator) -> Ints:
    noise = rng.normal(0, 0.5, (*feeling.shape, 4))
    return np.clip(np.rint(feeling[:, :, None] + noise), 0, 10).astype(np.int64)


def _ends_of(scores: Ints) -> tuple[Ints, Ints]:
    """The first and the last score of each row that is not missing."""
    there, rows = scores != MISSING, np.arange(len(scores))
    last = scores.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    return scores[rows, np.argmax(there, axis=1)], scores[rows, last]


def _percent(flags: Bools) -> float:
    return float(100 * flags.mean()) if len(flags) else float("nan")


def _mean_sd(scores: Ints) -> tuple[float, float]:
    return float(scores.mean()), float(scores.std(ddof=1))


def _or_none(value: np.int64) -> int | None:
    return None if value == MISSING else int(value)
