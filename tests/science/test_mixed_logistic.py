"""The logistic model with one random intercept, against glmer (lme4 1.1-31), fine integration and differences."""

from math import pi

import numpy as np
import pytest

from shoshin.science.mixed import (
    BadData,
    BadModel,
    FittedLogistic,
    LogisticEffects,
    LogisticModel,
    NotFitted,
    chi2_quantile,
    complete_rows,
    fit_logistic,
    latent_share,
    logistic_effects,
    logistic_sd_interval,
)
from shoshin.science.mixed.quadrature import Binary, integrals
from tests.science.published_tables import herds

PERIODS = ("1", "period2", "period3", "period4")
HERDS = LogisticModel("ill", PERIODS, "herd", "animals")
# −2 log likelihood of chances equal to the shares observed; glmer's is counted from there with several points.
SATURATED = 454.90802690619


def fitted(rows: dict[str, np.ndarray], model: LogisticModel, nodes: int = 15) -> FittedLogistic:
    found = fit_logistic(rows, model, nodes=nodes)
    assert isinstance(found, FittedLogistic), found
    return found


def courses(seed: int, spread: float, therapists: int = 30, clients: int = 12) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    therapist = np.repeat(np.arange(therapists), clients)
    x = rng.normal(15, 5, len(therapist))
    eta = 0.4 - 0.1 * (x - 15) + spread * rng.normal(size=therapists)[therapist]
    return {"recovered": rng.random(len(x)) < 1 / (1 + np.exp(-eta)), "x": x, "therapist": therapist}


RECOVERED = LogisticModel("recovered", ("1", "x"), "therapist")


def test_it_agrees_with_glmer_on_herds_of_cattle() -> None:
    found = fitted(herds(), HERDS, nodes=9)
    assert found.beta == pytest.approx((-1.399230189, -0.991403888, -1.127819737, -1.579471015), abs=3e-7)
    errors = (0.233511358, 0.306767899, 0.326768261, 0.427594325)
    assert list(found.standard_errors.values()) == pytest.approx(errors, abs=3e-7)
    assert found.group_sd == pytest.approx(0.647517704, abs=3e-7)
    assert found.m2ll == pytest.approx(100.010036062 + SATURATED, abs=1e-7)
    assert [reason.code for reason in found.reasons] == ["optimum_certified", "few_groups"]
    assert latent_share(found) == pytest.approx(0.647517704**2 / (0.647517704**2 + pi**2 / 3), rel=1e-6)


def test_the_modes_of_herds_agree_with_glmer() -> None:
    found = logistic_effects(herds(), fitted(herds(), HERDS, nodes=9))
    assert isinstance(found, LogisticEffects)
    assert found.ids[:3].tolist() == [1, 2, 3]
    assert found.mode[:3] == pytest.approx((0.593024319, -0.300258157, 0.407863699), abs=1e-6)


def test_counted_trials_and_single_rows_are_the_same_data() -> None:
    counted = herds()
    ill = np.concatenate([np.arange(n) < k for k, n in zip(counted["ill"], counted["animals"], strict=True)])
    single = {name: np.repeat(values, counted["animals"]) for name, values in counted.items()} | {"ill": ill}
    one, other = fitted(counted, HERDS), fitted(single, LogisticModel("ill", PERIODS, "herd"))
    assert other.m2ll == pytest.approx(one.m2ll, abs=1e-8)
    assert other.beta == pytest.approx(one.beta, abs=1e-8)


def as_binary(rows: dict[str, np.ndarray]) -> Binary:
    size = len(rows["x"])
    starts = np.flatnonzero(np.append(True, np.diff(rows["therapist"]) > 0))
    columns = np.column_stack([np.ones(size), (rows["x"] - 15) / 5])
    return Binary(columns, rows["recovered"].astype(float), np.ones(size), rows["therapist"], starts)


@pytest.mark.parametrize("spread", [0.4, 1.5, -3.0])
@pytest.mark.parametrize("nodes", [7, 15])
def test_the_gradient_is_that_of_central_differences(spread: float, nodes: int) -> None:
    data = as_binary(courses(1, 0.8, clients=4))
    at = np.array([0.3, -0.6, spread])
    found = integrals(data, at[:-1], spread, nodes).gradient
    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-5
        ends = [integrals(data, (at + sign * step)[:-1], (at + sign * step)[-1], nodes).m2ll for sign in (1, -1)]
        assert found[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6, abs=1e-6)


def test_likelihood_means_and_variances_are_those_of_a_fine_integral() -> None:
    rows = courses(2, 1.0, therapists=5)
    data = as_binary(rows)
    beta, spread = np.array([0.4, -0.5]), 1.1
    b = np.linspace(-9, 9, 20_001)
    eta = data.x @ beta
    total, means, variances = 0.0, [], []
    for therapist in range(5):
        rest = data.group == therapist
        moved = eta[rest, None] + spread * b
        heights = (data.y[rest, None] * moved - np.logaddexp(0, moved)).sum(axis=0) - b**2 / 2
        density = np.exp(heights - heights.max())
        area = np.trapezoid(density, b)
        total -= 2 * (heights.max() + np.log(area) - np.log(2 * pi) / 2)
        means.append(np.trapezoid(density * b, b) / area)
        variances.append(np.trapezoid(density * (b - means[-1]) ** 2, b) / area)
    found = integrals(data, beta, spread, 25)
    assert found.m2ll == pytest.approx(total, abs=1e-7)
    assert found.mean == pytest.approx(means, abs=1e-7)
    assert found.variance == pytest.approx(variances, rel=1e-6)


def test_seven_points_are_enough_for_seven_digits_here() -> None:
    rows = courses(3, 0.6)
    assert fitted(rows, RECOVERED, nodes=7).m2ll == pytest.approx(fitted(rows, RECOVERED, nodes=31).m2ll, abs=1e-4)


def test_therapists_who_do_not_differ_are_a_result() -> None:
    rows = courses(4, 0.0)
    order = np.argsort(rows["recovered"], kind="stable")
    rows["therapist"] = np.empty_like(order)
    rows["therapist"][order] = np.arange(len(order)) % 30  # every therapist has as many who recovered as any other
    found = fitted(rows, RECOVERED)
    assert found.singular and found.group_sd == 0 and latent_share(found) == 0
    assert "at_boundary" in [reason.code for reason in found.reasons]
    interval = logistic_sd_interval(rows, found)
    assert interval.low == 0 and 0 < float(interval.high or 0) < 1
    assert not logistic_effects(rows, found).mean.any()


def test_a_false_zero_is_no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shoshin.science.mixed.logistic.STARTS", (0.0,))
    found = fit_logistic(courses(5, 0.9), RECOVERED)
    assert isinstance(found, NotFitted)
    assert found.reasons[0].code == "not_identified"


def test_the_limits_of_the_spread_are_where_the_likelihood_has_fallen() -> None:
    rows = courses(5, 0.9)
    found = fitted(rows, RECOVERED)
    interval = logistic_sd_interval(rows, found)
    assert 0 < float(interval.low or 0) < found.group_sd < float(interval.high or 0)
    data = as_binary(rows)
    for limit in (interval.low, interval.high):
        middle, width = np.array([0.5, -0.5]), 0.7
        for _ in range(4):  # a grid of 7 by 7, then a finer one around the best of it
            spots = [middle + width * np.array([i, j]) / 3 for i in range(-3, 4) for j in range(-3, 4)]
            values = [integrals(data, spot, float(limit or 0), 15).m2ll for spot in spots]
            middle, width = spots[int(np.argmin(values))], width / 3
        assert min(values) - found.m2ll == pytest.approx(chi2_quantile(0.95), abs=0.02)


def test_shifting_and_stretching_a_column_changes_its_coefficient_only() -> None:
    rows = courses(6, 0.7)
    one = fitted(rows, RECOVERED)
    other = fitted({**rows, "x": 1e4 + 100 * rows["x"]}, RECOVERED)
    assert other.m2ll == pytest.approx(one.m2ll, abs=1e-8)
    assert other.coefficients["x"] == pytest.approx(one.coefficients["x"] / 100, rel=1e-6)
    assert other.group_sd == pytest.approx(one.group_sd, rel=1e-6)


def test_rows_it_cannot_use_are_refused_with_the_way_out() -> None:
    rows = courses(7, 0.5)
    for changed, said in (
        ({"recovered": rows["recovered"] + 1.0}, "must be 0 and 1 only: code it so first"),
        ({"recovered": np.ones(360)}, "is the same in every row: there is nothing to explain"),
        ({"x": np.full(360, 3.0)}, "'x' is the same in every row: leave it out"),
        ({"x": np.where(rows["recovered"], 5.0, 1.0)}, "'x' divides the outcomes completely"),
        ({"x": np.append(rows["x"][:-1], np.nan)}, "'x' has 1 missing value: leave those rows out"),
        ({"therapist": np.zeros(360)}, "only one 'therapist'"),
        ({"therapist": np.arange(360)}, "Every row is a 'therapist' of its own"),
        ({"x": rows["x"][1:]}, "give each one value a row"),
    ):
        with pytest.raises(BadData, match=said):
            fit_logistic({**rows, **changed}, RECOVERED)
    rare = np.zeros(360)
    rare[np.flatnonzero(rows["recovered"])[:3]] = 1
    with pytest.raises(BadData, match="'rare' divides the outcomes completely"):
        fit_logistic({**rows, "rare": rare}, LogisticModel("recovered", ("1", "rare"), "therapist"))
    with pytest.raises(BadData, match="'animals' counts trials"):
        fit_logistic({**herds(), "animals": np.zeros(56)}, HERDS)
    with pytest.raises(BadData, match="whole numbers up to 'animals'"):
        fit_logistic({**herds(), "ill": herds()["animals"] + 1}, HERDS)
    with pytest.raises(BadModel, match="Fewer than 7 points"):
        fit_logistic(rows, RECOVERED, nodes=5)
    gone = {**rows, "x": np.append(rows["x"][:-1], np.nan)}
    assert complete_rows(gone, RECOVERED).n_dropped == 1


def test_few_points_far_from_the_integral_give_no_estimate() -> None:
    rows = courses(9, 4.0, therapists=12, clients=40)
    rough = fit_logistic(rows, RECOVERED, nodes=7)
    assert isinstance(rough, NotFitted)
    assert rough.reasons[0].code == "too_few_points"
    fine = fitted(rows, RECOVERED, nodes=41)
    assert 3 < fine.group_sd < 10


def test_therapists_whose_clients_all_fare_alike_have_no_finite_spread() -> None:
    rows = courses(10, 0.0)
    found = fit_logistic({**rows, "recovered": rows["therapist"] % 2}, RECOVERED, nodes=41)
    assert isinstance(found, NotFitted)
    assert found.reasons[0].code == "no_finite_spread"


def test_a_logistic_fit_that_has_not_arrived_has_no_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shoshin.science.mixed.logistic.CERTAIN", -1.0)
    found = fit_logistic(courses(8, 0.5), RECOVERED)
    assert isinstance(found, NotFitted)
    assert found.reasons[0].code == "not_converged" and not hasattr(found, "beta")
