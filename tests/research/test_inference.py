"""Whoever sees their own results and the clinic's, before and after a colleague's courses are in them, learns little.

The attack takes every stored figure that any page, picture, command or export could show. It inverts the clinic's
typical result, inverts its share, and lets a regression over worlds with known truth put both together. Its error on a
colleague's result must be one standard error of that result or more.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from shoshin.people.models import Clinic, Membership
from shoshin.research.actions import effects
from shoshin.science.therapist_effects import cases_of, own_results
from tests.cast import NOW

ME = "t00"
CLINIC = Clinic(pk=1)
Z = 1.959964


def courses(seed: int, therapists: int, each: int = 30, share: float = 0.1, largest: int = 0):
    """Closed courses of a clinic whose therapists differ by this share, in how far clients come and how they end.

    The second therapist holds `largest` of them where that is said, the others about as many as each other.
    """
    rng = np.random.default_rng([11, seed])
    counts = rng.integers(each - 6, each + 7, therapists)
    counts[1] = largest or counts[1]
    n = int(counts.sum())
    first = np.clip(np.round(rng.normal(15, 5, n)), 4, 27)
    better = np.repeat(rng.normal(0, np.sqrt(share), therapists), counts)
    change = 5 * (0.9 + better + 0.3 * (first - 15) / 5 + rng.normal(0, np.sqrt(1 - share), n))
    left = np.repeat(rng.normal(-1, np.pi * np.sqrt(share / (1 - share) / 3), therapists), counts)
    return {
        "therapist": np.repeat([f"t{number:02}" for number in range(therapists)], counts),
        "course": np.array([f"k{number}" for number in range(n)]),
        "measure": np.full(n, "phq-9"),
        "first": first,
        "last": np.round(first - change),
        "direction": np.ones(n),
        "appointments": rng.integers(2, 16, n),
        "planned": rng.random(n) > 1 / (1 + np.exp(-left)),
    }


def seen(cases, outcome):
    """All figures of one's own row, and of the clinic's first row of this outcome; a share that is not shown is 0."""
    me = Membership(pk=1, clinic_id=1)
    (mine,) = effects.own_rows({ME: me}, cases, outcome, NOW)
    clinic = effects.clinic_rows(CLINIC, cases, outcome, NOW)[0]
    own = (mine.low, mine.estimate, mine.high, mine.typical, mine.chance, mine.courses)
    return (*own, clinic.share or 0, clinic.low or 0, clinic.high or 0, clinic.courses, clinic.therapists)


@dataclass
class Looked:
    """A line for each world and colleague: figures with and without their courses, and the colleague's own result."""

    before: np.ndarray
    after: np.ndarray
    truth: np.ndarray
    error: np.ndarray
    world: np.ndarray

    def of(self, lines) -> "Looked":
        return Looked(*(each[lines] for each in (self.before, self.after, self.truth, self.error, self.world)))

    def in_errors(self, guess) -> float:
        return float(np.sqrt(np.mean(((self.truth - guess) / self.error) ** 2)))


def looked(worlds: int, therapists: int, outcome: str, spread: float = 0.1, largest: int = 0) -> Looked:
    before, after, truth, error, world = [], [], [], [], []
    for seed in range(worlds):
        told = courses(seed, therapists, share=spread, largest=largest)
        whole = cases_of(**told)
        exact, figures = own_results(whole, outcome), seen(whole, outcome)
        for name in sorted(set(told["therapist"]) - {ME}):
            kept = told["therapist"] != name
            before.append(figures)
            after.append(seen(cases_of(**{key: column[kept] for key, column in told.items()}), outcome))
            truth.append(exact[name].estimate)
            error.append((exact[name].high - exact[name].low) / (2 * Z))
            world.append(seed)
    return Looked(*(np.array(each, dtype=float) for each in (before, after, truth, error, world)))


as_shown = cache(looked)  # for tests that change nothing in the product


def learned(columns, wanted, world, ridge=1.0):
    """What a regression over all other worlds says of each line."""
    x = np.column_stack(columns)
    x = (x - x.mean(axis=0)) / np.where(x.std(axis=0) > 1e-12, x.std(axis=0), 1)
    x = np.column_stack([np.ones(len(wanted)), x])
    penalty = ridge * np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    found = np.zeros(len(wanted))
    for one in np.unique(world):
        other = world != one
        found[~other] = x[~other] @ np.linalg.solve(
            x[other].T @ x[other] + penalty, x[other].T @ np.asarray(wanted)[other]
        )
    return found


def plain(values):
    return values


def logit(values):
    inside = np.clip(values, 0.01, 0.99)
    return np.log(inside / (1 - inside))


def simple(look: Looked, scale=plain, back=plain) -> dict[str, float]:
    """What needs no learning: guessing what is typical, and inverting the mean that typical is on the model's scale."""
    typical, chance, therapists = look.before[:, 3], look.before[:, 4], look.before[:, -1]
    inverted = scale(typical) + therapists * (scale(typical) - scale(look.after[:, 3])) * (1 - chance)
    return {
        "nothing but what is typical": look.in_errors(typical),
        "typical inverted": look.in_errors(back(inverted)),
    }


def attacks(look: Looked) -> dict[str, float]:
    """The error of each way to guess a colleague's result, in that result's standard errors."""
    low, middle, high, typical, *_ = look.before.T
    shift = look.before - look.after
    centre = (shift[:, 0] + shift[:, 2]) / 2
    gone = look.before[:, 9] - look.after[:, 9]
    share, upper = look.before[:, 6:9], shift[:, 6:9]
    way = np.sign(shift[:, 3])
    squares = learned(
        [*upper.T, *share.T, *(upper.T * share[:, 1]), gone], (look.truth - typical) ** 2, look.world, 0.1
    )
    far = np.sqrt(np.clip(squares, 0, None))
    facts = [shift[:, 3], centre, shift[:, 1], middle - typical, high - low, way, way * far, *upper.T, *(way * upper.T)]
    return simple(look) | {
        "share inverted": look.in_errors(typical + way * far),
        "all put together": look.in_errors(typical + learned(facts, look.truth - typical, look.world, 3.0)),
    }


# Rates are noisier: therapists must differ more there for a guess of what is typical to be off by an error at all.
SEEN = [(8, 11, "change", 0.1), (8, 10, "change", 0.1), (14, 6, "change", 0.1), (8, 11, "rate", 0.3)]


@pytest.mark.parametrize("look", SEEN, ids=["eleven to ten", "ten to nine", "six to five", "rates"])
def test_a_colleague_s_result_is_not_told_by_what_changes_when_they_leave(look):
    found = attacks(as_shown(*look))
    assert min(found.values()) >= 1, found


@pytest.mark.parametrize("largest", [330, 1_000])
def test_nor_is_it_where_one_of_them_holds_most_of_the_courses(largest):
    worlds, therapists = 6, 11
    look = looked(worlds, therapists, "change", largest=largest)
    is_largest = np.tile(np.arange(1, therapists) == 1, worlds)
    for who, lines in (("the one with most", is_largest), ("the others", ~is_largest)):
        found = attacks(look.of(lines))
        assert min(found.values()) >= 1, (who, found)


@pytest.mark.parametrize("kind", ["shown", "in full"])
def test_nor_is_how_a_colleague_s_courses_end(monkeypatch, kind):
    """Logistic fits take their time: one world, and the attacks that need no others to learn from."""
    if kind == "in full":
        monkeypatch.setattr(effects, "coarse_results", lambda found: found)
    found = simple(looked(1, 11, "dropout"), logit, lambda values: 1 / (1 + np.exp(-values)))
    assert (min(found.values()) >= 1) == (kind == "shown"), found


def finer(digits):
    """The same results, rounded as finely as words and tables could show them."""

    def told(found):
        return found if digits is None else {name: rounded(one, digits) for name, one in found.items()}

    return told


def rounded(one, digits):
    names = ("low", "estimate", "high", "typical")
    return type(one)(**one.__dict__ | {name: round(getattr(one, name), digits) for name in names})


@pytest.mark.parametrize("digits", [None, 2])
def test_with_finer_figures_the_same_attack_would_tell_it(monkeypatch, digits):
    monkeypatch.setattr(effects, "coarse_results", finer(digits))
    assert simple(looked(4, 11, "change"))["typical inverted"] < 0.6


def told_the_side(look: Looked) -> float:
    """The error of whoever inverts the share and has heard on which side of typical the colleague is."""
    typical, shift = look.before[:, 3], (look.before - look.after)[:, 6:9]
    columns = [*shift.T, *look.before[:, 6:9].T, *(shift.T * look.before[:, 7])]
    far = np.sqrt(np.clip(learned(columns, (look.truth - typical) ** 2, look.world, 0.1), 0, None))
    return look.in_errors(typical + np.sign(look.truth - typical) * far)


def test_with_a_finer_share_the_same_attack_would_tell_how_far_off_a_colleague_is(monkeypatch):
    coarse = told_the_side(as_shown(*SEEN[0]))
    monkeypatch.setattr(effects, "coarse_share", lambda found: found)
    fine = told_the_side(looked(*SEEN[0]))
    assert fine < 0.5 and coarse >= 1
