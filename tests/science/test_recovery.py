"""Expected recovery agrees with R, holds what it promises in the world it assumes, and can be set right in another."""

from math import log, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from shoshin.science.mixed import NotFitted
from shoshin.science.recovery import (
    AppointmentBand,
    Band,
    BandKind,
    Expectation,
    Foreseen,
    GrowthModel,
    band_at,
    begin,
    chance_not_better,
    chance_worse,
    fit_bands,
    fit_growth,
    foreseen,
    from_first_answer,
    growth_band,
    time_of,
    tolerance_factor,
    updated,
)
from tests.science.published_tables import SLEEP

DRIVERS = np.array(SLEEP).reshape(18, 10)
WORLD = GrowthModel(
    beta=np.array([2.0, -1.0, 0.9, -0.15]),
    beta_covariance=np.zeros((4, 4)),
    spread=np.array([[6.0, -1.0], [-1.0, 3.0]]),
    residual_variance=5.0,
    courses=0,
    source="published",
)
PHQ9 = {"reliable_points": 6, "higher_is_worse": True}


def drawn(n: int, rng: np.random.Generator, appointments: int = 10) -> np.ndarray:
    """Courses of the world that the model assumes, with gaps and endings that have nothing to do with the scores."""
    first = rng.normal(15, 5, n)
    own = rng.multivariate_normal([0, 0], WORLD.spread, n)
    time = np.log(np.arange(1, appointments + 1))
    level, pace = (WORLD.beta[k] + WORLD.beta[k + 2] * first + own[:, k] for k in (0, 1))
    scores = level[:, None] + pace[:, None] * time + rng.normal(0, sqrt(WORLD.residual_variance), (n, appointments))
    scores[:, 0] = first
    gone = np.arange(appointments) >= rng.integers(3, appointments + 1, n)[:, None]
    return np.where(gone | (rng.random(scores.shape) < 0.1), np.nan, scores)


# --- rows


def test_a_course_begins_with_its_first_answer() -> None:
    table = from_first_answer([[np.nan, 12, 11, np.nan, 9], [15, np.nan, 8, 7, 6], [np.nan] * 5])
    expected = [[12, 11, np.nan, 9, np.nan], [15, np.nan, 8, 7, 6], [np.nan] * 5]
    np.testing.assert_array_equal(table, expected)


def test_time_is_the_logarithm_of_appointments_and_does_not_run_backwards() -> None:
    assert time_of([0, 1, 9]) == pytest.approx([0, log(2), log(10)])
    with pytest.raises(ValueError, match="counted from the first answer"):
        time_of(-1)


# --- bands by appointment


def test_the_bands_are_those_of_r() -> None:
    # R: lm(day 5 ~ day 0), predict(…, data.frame(260), interval, level = .8), on the 18 drivers of Belenky 2003.
    bands = fit_bands(DRIVERS, least=10)
    fifth = next(band for band in bands if band.since == 5)
    assert isinstance(fifth, AppointmentBand) and fifth.courses == 18
    assert fifth.rmse == pytest.approx(49.5340458, abs=1e-6)
    ahead = band_at(bands, 5, 260, kind="prediction")
    assert isinstance(ahead, Band)
    assert (ahead.low, ahead.middle, ahead.high) == pytest.approx((242.475122, 310.52514, 378.575158), abs=1e-5)
    mean = band_at(bands, 5, 260, kind="confidence")
    assert mean is not None and (mean.low, mean.high) == pytest.approx((294.828645, 326.221634), abs=1e-5)


def test_tolerance_factors_agree_with_the_handbook_of_nist_and_with_printed_tables() -> None:
    # NIST/SEMATECH handbook 7.2.6.3: n 43, 90 % of the population with 99 % confidence: 2.217. The others: R.
    assert tolerance_factor(0.90, 0.99, n=43, df=42) == pytest.approx(2.2173159, abs=1e-6)
    assert tolerance_factor(0.95, 0.95, n=20, df=19) == pytest.approx(2.7522849, abs=1e-6)
    assert tolerance_factor(0.80, 0.95, n=100, df=99) == pytest.approx(1.4599514, abs=1e-6)


@pytest.mark.parametrize("kind", ["confidence", "prediction", "tolerance"])
def test_each_interval_holds_what_its_name_says(kind: BandKind) -> None:
    """80 % of means; 80 % of new courses; 80 % of courses or more in 95 % of bands. 1,000 groups of 40 courses."""
    rng, held = np.random.default_rng(3), []
    noise = sqrt(WORLD.spread[0, 0] + 2 * WORLD.spread[0, 1] * log(4) + WORLD.spread[1, 1] * log(4) ** 2 + 5.0)
    mean = 2.0 - log(4) + 12 * (0.9 - 0.15 * log(4))
    for _ in range(1000):
        first = rng.normal(15, 5, 40)
        later = 2.0 - log(4) + first * (0.9 - 0.15 * log(4)) + rng.normal(0, noise, 40)
        table = np.column_stack([first, later])
        band = band_at(fit_bands(table), 1, 12.0, kind=kind)
        assert band is not None
        if kind == "tolerance":
            law = NormalDist(mean, noise)
            held.append(law.cdf(band.high) - law.cdf(band.low) >= 0.80)
        else:
            new = mean + (kind == "prediction") * rng.normal(0, noise)
            held.append(band.low <= new <= band.high)
    assert np.mean(held) == pytest.approx(0.95 if kind == "tolerance" else 0.80, abs=0.025)


def test_an_appointment_with_few_answers_has_no_band() -> None:
    scores = drawn(60, np.random.default_rng(1))
    scores[10:, 7:] = np.nan
    bands = fit_bands(scores)
    assert max(band.since for band in bands) <= 6
    assert band_at(bands, 8, 12, kind="prediction") is None
    assert fit_bands(np.full((40, 3), 7.0)) == ()


# --- the growth model


def test_the_growth_model_is_that_of_lme4() -> None:
    # R: lmer(ms ~ L * first + (L | driver)) on days 1 to 9, L = log(1 + day), first = day 0.
    found = fit_growth(DRIVERS)
    assert isinstance(found, GrowthModel) and (found.source, found.courses) == ("courses", 18)
    assert found.beta == pytest.approx([97.876277, 22.942177, 0.449429123, 0.119407305], rel=1e-5)
    assert np.sqrt(np.diag(found.beta_covariance)) == pytest.approx([89.45192, 72.23181, 0.345983, 0.279379], rel=1e-4)
    assert found.spread == pytest.approx(np.array([[1128.8239, -857.44168], [-857.44168, 1053.41317]]), rel=1e-4)
    assert found.residual_variance == pytest.approx(727.90031, rel=1e-5)


def test_it_finds_the_world_it_was_drawn_from() -> None:
    found = fit_growth(drawn(4000, np.random.default_rng(5)))
    assert not isinstance(found, NotFitted)
    off = (found.beta - WORLD.beta) / np.sqrt(np.diag(found.beta_covariance))
    assert np.abs(off).max() < 3.5
    assert found.spread == pytest.approx(WORLD.spread, abs=0.6)


@pytest.mark.parametrize("share", [0.50, 0.80, 0.95])
def test_in_the_world_it_assumes_its_bands_hold_what_they_say(share: float) -> None:
    found = fit_growth(drawn(1500, np.random.default_rng(11)))
    assert not isinstance(found, NotFitted)
    new = from_first_answer(drawn(6000, np.random.default_rng(12)))
    for since in (1, 3, 6, 9):
        there = new[~np.isnan(new[:, since])]
        bands = [growth_band(found, first, since, kind="prediction", share=share) for first in there[:, 0]]
        held = [band.low <= y <= band.high for band, y in zip(bands, there[:, since], strict=True)]
        assert np.mean(held) == pytest.approx(share, abs=0.02)


def test_the_mean_of_new_courses_lies_within_its_confidence_band() -> None:
    held = []
    for seed in range(60):
        found = fit_growth(drawn(100, np.random.default_rng(seed)))
        assert not isinstance(found, NotFitted)
        band = growth_band(found, 12, 5, kind="confidence", share=0.80)
        held.append(band.low <= 2 - log(6) + 12 * (0.9 - 0.15 * log(6)) <= band.high)
    assert 0.68 <= np.mean(held) <= 0.92


def test_the_band_of_a_known_world_is_that_of_its_formula() -> None:
    band = growth_band(WORLD, 16, 3, kind="prediction", share=0.80)
    time = log(4)
    middle = 2 - time + 16 * (0.9 - 0.15 * time)
    half = NormalDist().inv_cdf(0.9) * sqrt(6 - 2 * time + 3 * time**2 + 5)
    assert (band.low, band.middle, band.high) == pytest.approx((middle - half, middle, middle + half))


# --- one answer after another


def batch(first: float, answers: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    """The posterior from all answers at once, by precision matrices (methods: Λ = Σ⁻¹ + X'X/R)."""
    x = np.array([[1, log(1 + since)] for since, _ in answers])
    y = np.array([score for _, score in answers])
    start = np.array([2 + 0.9 * first, -1 - 0.15 * first])
    precision = np.linalg.inv(WORLD.spread)
    total = precision + x.T @ x / 5
    return np.linalg.solve(total, precision @ start + x.T @ y / 5), np.linalg.inv(total)


def test_one_after_another_is_the_same_as_all_at_once() -> None:
    answers = [(1, 15.0), (2, 17.0), (4, 9.0), (5, 12.0), (9, 3.0)]
    known = begin(WORLD, 16.0)
    assert isinstance(known, Expectation)
    for since, score in answers:
        known = updated(known, since, score)
    mean, covariance = batch(16.0, answers)
    np.testing.assert_allclose(known.mean, mean, atol=1e-9)
    np.testing.assert_allclose(known.covariance, covariance, atol=1e-9)


def test_many_courses_go_as_one_does_and_a_gap_changes_nothing() -> None:
    table = np.array([[16.0, 15, np.nan, 9], [10.0, np.nan, 12, 14]])
    known = begin(WORLD, table[:, 0])
    for since in (1, 2, 3):
        known = updated(known, since, table[:, since])
    for row, answers in ((0, [(1, 15.0), (3, 9.0)]), (1, [(2, 12.0), (3, 14.0)])):
        mean, covariance = batch(float(table[row, 0]), answers)
        np.testing.assert_allclose(known.mean[row], mean, atol=1e-9)
        np.testing.assert_allclose(known.covariance[row], covariance, atol=1e-9)


def test_people_who_do_not_differ_are_expected_to_go_on_as_everybody() -> None:
    alike = GrowthModel(WORLD.beta, WORLD.beta_covariance, np.zeros((2, 2)), 5.0, 0, "published")
    known = updated(begin(alike, 16.0), 2, 27.0)
    np.testing.assert_array_equal(known.mean, begin(alike, 16.0).mean)
    assert foreseen(known, 5).sd == pytest.approx(sqrt(5))


def test_what_was_foreseen_comes_about_as_often_as_was_said() -> None:
    """Where each next answer falls in its own forecast is uniform: a tenth of answers in each tenth."""
    table = from_first_answer(drawn(8000, np.random.default_rng(21)))
    known, places = begin(WORLD, table[:, 0]), []
    for since in range(1, 10):
        ahead = foreseen(known, since)
        z = (table[:, since] - ahead.mean) / ahead.sd
        places.append(z[~np.isnan(z)])
        known = updated(known, since, table[:, since])
    law = NormalDist()
    tenths = np.bincount([int(10 * law.cdf(z)) for z in np.concatenate(places)], minlength=10)
    assert tenths / tenths.sum() == pytest.approx(np.full(10, 0.1), abs=0.006)


def test_the_chances_count_whole_points_and_know_their_direction() -> None:
    ahead = Foreseen(np.array(17.0), np.array(3.0))
    law = NormalDist()
    assert chance_worse(ahead, 14, **PHQ9) == pytest.approx(1 - law.cdf((14 + 6 - 0.5 - 17) / 3))
    assert chance_not_better(ahead, 14, **PHQ9) == pytest.approx(1 - law.cdf((14 - 6 + 0.5 - 17) / 3))
    computed = chance_worse(ahead, 14, reliable_points=5.6, higher_is_worse=True, official=False)
    assert computed == pytest.approx(chance_worse(ahead, 14, **PHQ9))
    mirrored = Foreseen(np.array(-17.0), np.array(3.0))
    turned = chance_worse(mirrored, -14, reliable_points=6, higher_is_worse=False)
    assert turned == pytest.approx(chance_worse(ahead, 14, **PHQ9))
    halves = chance_worse(ahead, 14, reliable_points=6, higher_is_worse=True, official=False, step=0.5)
    assert halves == pytest.approx(1 - law.cdf((14 + 6.5 - 0.25 - 17) / 3))


def test_impossible_questions_are_refused() -> None:
    ahead = Foreseen(np.array(17.0), np.array(3.0))
    with pytest.raises(ValueError, match="above 0 points"):
        chance_worse(ahead, 14, reliable_points=0, higher_is_worse=True)
    with pytest.raises(ValueError, match="share lies"):
        growth_band(WORLD, 12, 3, kind="prediction", share=1.0)
    with pytest.raises(ValueError, match="share lies"):
        band_at(fit_bands(DRIVERS, least=10), 3, 250, kind="prediction", share=0)
    with pytest.raises(ValueError, match="tolerance factor"):
        tolerance_factor(0.9, 0.9, n=0, df=5)
    with pytest.raises(ValueError, match="three courses"):
        fit_growth([[12, 11], [13, np.nan]])
    with pytest.raises(ValueError, match="three courses"):
        fit_bands([[12, 11]], least=2)
