"""Chances and bands are set right by courses that the model has not seen, in worlds it does not assume too."""

import numpy as np
import pytest

from shoshin.science.mixed import NotFitted
from shoshin.science.recovery import (
    ChanceCalibration,
    Foreseen,
    GrowthModel,
    WidthCalibration,
    begin,
    fit_growth,
    foreseen,
    from_first_answer,
    recalibrate_chances,
    recalibrate_widths,
    recalibrated,
    widened,
)
from shoshin.science.simulation import MISSING, simulate_courses


def clinic(n: int, seed: int) -> np.ndarray:
    """PHQ-9 of a made-up service: two kinds of course, a floor, sudden gains, and people who leave when well."""
    scores = simulate_courses(n, np.random.default_rng(seed)).phq9.astype(float)
    return from_first_answer(np.where(scores == MISSING, np.nan, scores))


def test_the_calibration_of_chances_is_that_of_r() -> None:
    # R: glm(y ~ qlogis(p), binomial) on these ten, five times over.
    said = np.tile([0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.6, 0.7, 0.9], 5)
    came = np.tile([0, 0, 0, 1, 0, 1, 1, 0, 1, 1], 5)
    found = recalibrate_chances(said, came)
    assert isinstance(found, ChanceCalibration) and (found.courses, found.events) == (50, 25)
    assert (found.intercept, found.slope) == pytest.approx((0.354008362, 1.644751), abs=1e-6)
    assert recalibrated(said, found).sum() == pytest.approx(came.sum())


def test_chances_that_were_never_wrong_cannot_be_set_right() -> None:
    said = np.repeat([0.3, 0.7], 30)
    with pytest.raises(ValueError, match="does not settle"):
        recalibrate_chances(said, said > 0.5)


def test_chances_that_exaggerate_are_drawn_back() -> None:
    rng = np.random.default_rng(2)
    logit = rng.normal(-1, 1, 40_000)
    came = rng.random(40_000) < 1 / (1 + np.exp(-logit))
    said = 1 / (1 + np.exp(-(2 * logit + 0.6)))
    found = recalibrate_chances(said, came)
    assert (found.slope, found.intercept) == pytest.approx((0.5, -0.3), abs=0.03)
    right = recalibrate_chances(recalibrated(said, found), came)
    assert (right.slope, right.intercept) == pytest.approx((1, 0), abs=1e-6)


def test_a_width_is_the_quantile_from_either_end() -> None:
    ahead = Foreseen(np.zeros(201), np.full(201, 2.0))
    found = recalibrate_widths(ahead, np.arange(-100.0, 101.0))
    # 201 answers: the 182nd smallest and the 182nd largest, 81 from the middle, in spreads of 2.
    assert found == WidthCalibration(below=40.5, above=40.5, share=0.80, answers=201)
    low, high = widened(Foreseen(np.array(10.0), np.array(3.0)), found)
    assert (low, high) == (pytest.approx(10 - 121.5), pytest.approx(10 + 121.5))


def test_in_a_world_it_does_not_assume_the_bands_miss_and_are_set_right() -> None:
    """Two kinds of course and endings by score: raw coverage of 80 % bands is off, and within 2 points afterwards."""
    model = fit_growth(clinic(6000, 1))
    assert isinstance(model, GrowthModel) and not isinstance(model, NotFitted)
    held_out, new = clinic(6000, 2), clinic(20_000, 3)
    raw, right = [], []
    for since in range(1, 9):
        learnt = recalibrate_widths(foreseen(begin(model, held_out[:, 0]), since), held_out[:, since])
        ahead, came = foreseen(begin(model, new[:, 0]), since), new[:, since]
        there = ~np.isnan(came)
        raw.append(float((np.abs(came - ahead.mean) < 1.2816 * ahead.sd)[there].mean()))
        low, high = widened(ahead, learnt)
        right.append(float(((came >= low) & (came <= high))[there].mean()))
    assert np.abs(np.array(raw) - 0.80).max() > 0.04, "if the raw bands held, there would be nothing to show"
    assert np.abs(np.array(right) - 0.80).max() < 0.02


def test_too_few_courses_are_refused() -> None:
    with pytest.raises(ValueError, match="each outcome"):
        recalibrate_chances(np.full(100, 0.2), np.arange(100) < 19)
    with pytest.raises(ValueError, match="between 0 and 1"):
        recalibrate_chances([1.2] * 50, [0, 1] * 25)
    with pytest.raises(ValueError, match="beyond each limit"):
        recalibrate_widths(Foreseen(np.zeros(150), np.ones(150)), np.zeros(150))
    with pytest.raises(ValueError, match="share lies"):
        recalibrate_widths(Foreseen(np.zeros(3), np.ones(3)), np.zeros(3), share=1.5)
