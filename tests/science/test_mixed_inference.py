"""Intervals, t tests and likelihood ratios of mixed models, against lmerTest, lme4, closed forms and refits."""

from dataclasses import replace
from math import inf, log, pi, sqrt

import numpy as np
import pytest

from shoshin.science.mixed import (
    INTERCEPT,
    BadData,
    BadModel,
    Fitted,
    GramTable,
    GroupEffects,
    LikelihoodRatio,
    NestedModel,
    ProfileInterval,
    RandomTerm,
    TTest,
    chi2_quantile,
    chi2_tail,
    compare,
    conditional_effects,
    criterion,
    fit,
    gram_table,
    residual_sd_interval,
    satterthwaite,
    sd_interval,
    share_interval,
    t_quantile,
    t_tail,
    variance_share,
)
from tests.science.made_courses import MODELS, made_set
from tests.science.published_tables import DYESTUFF, DYESTUFF2, dyestuff, oats, pastes, sleepstudy

SLEEP = NestedModel("ms", (INTERCEPT, "days"), (RandomTerm("driver", (INTERCEPT, "days")),))
BATCHES = NestedModel("yield", (INTERCEPT,), (RandomTerm("batch"),))
CASKS = NestedModel("strength", (INTERCEPT,), (RandomTerm("cask"), RandomTerm("batch")), reml=False)


def both(rows: dict[str, np.ndarray], model: NestedModel) -> tuple[GramTable, Fitted]:
    table = gram_table(rows, model)
    found = fit(table, model)
    assert isinstance(found, Fitted)
    return table, found


def limits(found: ProfileInterval) -> tuple[float | None, float | None]:
    return found.low, found.high


@pytest.mark.parametrize(
    ("share", "df", "printed"),
    [(0.95, 1, 12.706), (0.95, 5, 2.571), (0.99, 10, 3.169), (0.95, 30, 2.042), (0.90, 17, 1.740), (0.95, inf, 1.960)],
)
def test_quantiles_of_t_are_those_of_printed_tables(share: float, df: float, printed: float) -> None:
    assert t_quantile(share, df) == pytest.approx(printed, abs=0.0005)
    assert t_tail(t_quantile(share, df), df) == pytest.approx(1 - share, rel=1e-9)


def test_tails_of_t_agree_with_their_closed_forms() -> None:
    for t in (1e-6, 0.1, 1.0, 3.0, 40.0, 1e4):
        assert t_tail(t, 1) == pytest.approx(1 - 2 * np.arctan(t) / pi, rel=1e-6)
        assert t_tail(-t, 2) == pytest.approx(1 - t / sqrt(2 + t * t), rel=1e-6, abs=1e-16)
    assert t_tail(0, 4.5) == 1
    assert t_tail(2.3, 3.5) == pytest.approx((t_tail(2.3, 3) + t_tail(2.3, 4)) / 2, rel=0.02)
    with pytest.raises(ValueError, match="above 0"):
        t_tail(1, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(1, 3)


@pytest.mark.parametrize(
    ("x", "df", "share"), [(3.841, 1, 0.05), (5.991, 2, 0.05), (11.345, 3, 0.01), (18.307, 10, 0.05)]
)
def test_tails_of_chi_squared_are_those_of_printed_tables(x: float, df: int, share: float) -> None:
    assert chi2_tail(x, df) == pytest.approx(share, abs=2e-5)
    assert chi2_tail(0, df) == 1
    assert chi2_tail(chi2_quantile(0.95), 1) == pytest.approx(0.05, rel=1e-9)


def test_no_degrees_of_freedom_leave_nothing_above_0() -> None:
    assert (chi2_tail(0.1, 0), chi2_tail(0, 0)) == (0, 1)
    with pytest.raises(ValueError, match="0 or more"):
        chi2_tail(1, -1)


def test_satterthwaite_agrees_with_lmertest_on_the_sleep_of_drivers() -> None:
    # lmerTest's printed example: days 10.467, standard error 1.546, 17.00 degrees of freedom, t 6.771, p 3.26e-06.
    found = satterthwaite(*both(sleepstudy(), SLEEP), {"days": 1})
    assert isinstance(found, TTest)
    assert (found.estimate, found.standard_error) == pytest.approx((10.467, 1.546), abs=5e-4)
    assert found.df == pytest.approx(17, abs=1e-4)
    assert (found.t, found.p) == pytest.approx((6.771, 3.26e-6), rel=2e-3)
    reach = t_quantile(0.95, found.df) * found.standard_error
    assert (found.low, found.high) == pytest.approx((found.estimate - reach, found.estimate + reach))


def test_satterthwaite_finds_the_degrees_of_freedom_of_balanced_layouts() -> None:
    assert satterthwaite(*both(dyestuff(DYESTUFF), BATCHES), {"1": 1}).df == pytest.approx(5, abs=1e-4)
    fixed = ("1", "nitrogen", "marvellous", "victory")
    table, found = both(oats(), NestedModel("yield", fixed, (RandomTerm("plot"), RandomTerm("block"))))
    # Split plots: 18 × 3 − 1 − … = 53 within plots with one slope for nitrogen; varieties against (6 − 1)(3 − 1) plots.
    assert satterthwaite(table, found, {"nitrogen": 1}).df == pytest.approx(53, abs=1e-3)
    assert satterthwaite(table, found, {"marvellous": 1, "victory": -1}).df == pytest.approx(10, abs=1e-3)


def test_satterthwaite_names_its_grounds_and_refuses_what_is_no_contrast() -> None:
    table, found = both(dyestuff(DYESTUFF2), BATCHES)
    test = satterthwaite(table, found, {"1": 2})
    assert test.df == pytest.approx(29, abs=1e-3), "no spread between batches: a plain mean of 30"
    assert [reason.code for reason in test.reasons] == ["satterthwaite", "boundary_taken_as_known"]
    by_ml = satterthwaite(*both(dyestuff(DYESTUFF), replace(BATCHES, reml=False)), {"1": 1})
    assert by_ml.reasons[-1].code == "maximum_likelihood_errors"
    for weights in ({"batch": 1.0}, {"1": 0.0}, {}):
        with pytest.raises(BadModel, match="Weights name fixed columns"):
            satterthwaite(table, found, weights)
    with pytest.raises(ValueError, match="between 0 and 1"):
        satterthwaite(table, found, {"1": 1}, confidence=95)


def test_profiles_agree_with_lme4_which_draws_a_curve_through_some_points() -> None:
    table, found = both(sleepstudy(), replace(SLEEP, reml=False))
    assert limits(sd_interval(table, found, "driver")) == pytest.approx((14.381481, 37.716019), rel=2e-5)
    assert limits(sd_interval(table, found, "driver", "days")) == pytest.approx((3.801165, 8.753367), rel=2e-5)
    assert limits(residual_sd_interval(table, found)) == pytest.approx((22.898266, 28.857997), rel=2e-5)
    table, found = both(pastes(), CASKS)
    assert limits(sd_interval(table, found, "cask")) == pytest.approx((2.157934, 4.053805), rel=1e-4)
    assert limits(residual_sd_interval(table, found)) == pytest.approx((0.652024, 1.085448), rel=1e-4)
    batches = sd_interval(table, found, "batch")
    assert batches.low == 0 and batches.high == pytest.approx(2.946600, rel=1e-4)
    assert [reason.code for reason in batches.reasons] == ["profile", "zero_allowed"]


def test_a_limit_is_where_the_likelihood_of_one_layout_falls_by_the_quantile() -> None:
    table, found = both(dyestuff(DYESTUFF), replace(BATCHES, reml=False))
    cells = np.array(DYESTUFF, dtype=float).reshape(6, 5)
    within, between = ((cells.T - cells.mean(axis=1)) ** 2).sum(), 5 * ((cells.mean(axis=1) - cells.mean()) ** 2).sum()

    def m2ll(spread: float, residual: float) -> float:
        apart = residual**2 + 5 * spread**2
        return 24 * log(residual**2) + 6 * log(apart) + within / residual**2 + between / apart

    grid = np.linspace(30, 80, 200_001)
    least = min(m2ll(sd, found.residual_variance**0.5) for sd in [found.levels[0].sd[0]])
    for limit in limits(sd_interval(table, found, "batch")):
        apart = grid**2 + 5 * float(limit or 0) ** 2
        best = (24 * np.log(grid**2) + 6 * np.log(apart) + within / grid**2 + between / apart).min()
        assert best - least == pytest.approx(chi2_quantile(0.95), abs=1e-3)


def test_an_interval_from_a_spread_of_nothing_begins_at_0() -> None:
    table, found = both(dyestuff(DYESTUFF2), replace(BATCHES, reml=False))
    spread = sd_interval(table, found, "batch")
    assert (spread.estimate, spread.low) == (0, 0)
    assert spread.high == pytest.approx(2.0840435, rel=1e-3)
    share = share_interval(table, found, "batch")
    assert (share.estimate, share.low) == (0, 0)
    assert 0 < float(share.high or 0) < 0.5


def test_the_share_of_variance_is_that_of_its_parts_and_keeps_to_its_interval() -> None:
    table, found = both(dyestuff(DYESTUFF), BATCHES)
    share = variance_share(found, "batch")
    assert share == pytest.approx(1764.05 / (1764.05 + 2451.25), rel=1e-6)
    interval = share_interval(table, found, "batch")
    assert interval.estimate == share and 0 < float(interval.low or 0) < share < float(interval.high or 0) < 1
    least = criterion(table, BATCHES, [np.array([[sqrt(share / (1 - share))]])]).m2ll
    for limit in (float(interval.low or 0), float(interval.high or 0)):
        held = criterion(table, BATCHES, [np.array([[sqrt(limit / (1 - limit))]])]).m2ll
        assert held - least == pytest.approx(chi2_quantile(0.95), abs=1e-4)


def test_a_level_without_spread_takes_it_up_where_another_is_held_low() -> None:
    rows, model = made_set(52), MODELS[0]
    table, found = both(rows, model)
    assert found.levels[1].sd[0] == 0 < found.levels[0].sd[0]
    low = float(share_interval(table, found, "client").low or 0)

    def held(therapist: float) -> float:
        client = sqrt(low / (1 - low) * (1 + therapist**2))
        return criterion(table, model, [np.array([[client]]), np.array([[therapist]])]).m2ll

    best = min((held(therapist), therapist) for therapist in np.linspace(0, 1, 201))
    assert best[1] > 0.1, "therapists differ there"
    assert best[0] - found.m2ll == pytest.approx(chi2_quantile(0.95), abs=2e-3)


def test_the_share_grows_with_severity_where_slopes_differ() -> None:
    table, found = both(sleepstudy(), SLEEP)
    z = np.array([1.0, 5.0])
    at_five = float(z @ found.levels[0].covariance @ z)
    assert variance_share(found, "driver", {"days": 5}) == pytest.approx(at_five / (at_five + found.residual_variance))
    five = share_interval(table, found, "driver", {"days": 5})
    assert five.estimate == pytest.approx(variance_share(found, "driver", {"days": 5}))
    # Seen from day 5, the same model has its spread at day 5 as the spread of its intercept.
    rows = sleepstudy()
    moved = both({**rows, "days": rows["days"] - 5}, SLEEP)
    assert limits(five) == pytest.approx(limits(share_interval(*moved, "driver")), rel=1e-4)
    with pytest.raises(BadModel, match="does not vary"):
        variance_share(found, "driver", {"months": 5})


def test_a_share_of_uncorrelated_effects_has_an_interval_where_one_of_them_counts() -> None:
    apart = replace(SLEEP, random=(RandomTerm("driver", ("1", "days"), correlated=False),))
    table, found = both(sleepstudy(), apart)
    assert 0 < float(share_interval(table, found, "driver").low or 0) < variance_share(found, "driver")
    assert float(sd_interval(table, found, "driver", "days").low or 0) > 3
    with pytest.raises(BadModel, match="choose one where one column counts"):
        share_interval(table, found, "driver", {"days": 5})


def test_three_levels_have_shares_that_add_up_with_the_residual() -> None:
    _, found = both(pastes(), CASKS)
    rest = found.residual_variance / (found.residual_variance + sum(one.covariance[0, 0] for one in found.levels))
    assert variance_share(found, "cask") + variance_share(found, "batch") + rest == pytest.approx(1)


def test_a_profile_tells_when_the_fit_is_not_that_of_the_table() -> None:
    table, found = both(dyestuff(DYESTUFF), BATCHES)
    elsewhere = sd_interval(table, replace(found, m2ll=found.m2ll + 1), "batch")
    assert limits(elsewhere) == (None, None)
    assert elsewhere.reasons[0].code == "profile_not_at_optimum"
    with pytest.raises(BadModel, match="does not vary by"):
        sd_interval(table, found, "batch", "days")
    with pytest.raises(BadModel, match="has no group"):
        sd_interval(table, found, "driver")
    with pytest.raises(ValueError, match="between 0 and 1"):
        residual_sd_interval(table, found, confidence=2)


def test_one_more_spread_is_judged_by_half_and_half() -> None:
    plain = NestedModel("ms", ("1", "days"), (RandomTerm("driver"),))
    _, smaller = both(sleepstudy(), plain)
    _, larger = both(sleepstudy(), SLEEP)
    found = compare(smaller, larger)
    assert isinstance(found, LikelihoodRatio)
    # lme4: −2 log likelihoods (REML) 1786.46509 and 1743.62827.
    assert found.statistic == pytest.approx(1786.46509 - 1743.62827, abs=2e-5)
    assert (found.df, found.null) == (2, "mixture")
    assert found.p == pytest.approx((chi2_tail(found.statistic, 1) + chi2_tail(found.statistic, 2)) / 2)
    assert [reason.code for reason in found.reasons] == ["null_mixture", "few_groups"]


def test_correlations_and_fixed_columns_are_judged_by_chi_squared() -> None:
    apart = replace(SLEEP, random=(RandomTerm("driver", ("1", "days"), correlated=False),))
    correlated = compare(both(sleepstudy(), apart)[1], both(sleepstudy(), SLEEP)[1])
    assert (correlated.df, correlated.null) == (1, "chi2")
    assert correlated.statistic == pytest.approx(1743.669293581 - 1743.628271958, abs=1e-6)
    by_ml = replace(SLEEP, reml=False)
    without = compare(both(sleepstudy(), replace(by_ml, fixed=("1",)))[1], both(sleepstudy(), by_ml)[1])
    # lme4's anova of the two: chi-squared 23.537 on 1 degree of freedom.
    assert (without.df, without.null) == (1, "chi2")
    assert without.statistic == pytest.approx(23.5365, abs=5e-4)


def test_several_spreads_at_once_are_judged_carefully_and_unlike_fits_not_at_all() -> None:
    rows = made_set(0)
    _, smaller = both(rows, NestedModel("y", ("1", "t", "x"), (RandomTerm("client"),)))
    _, larger = both(rows, MODELS[1])
    assert compare(smaller, larger).null == "conservative"
    other = both(rows, NestedModel("y", ("1", "t"), (RandomTerm("client"),)))[1]
    with pytest.raises(BadModel, match="maximum likelihood only"):
        compare(other, smaller)
    with pytest.raises(BadModel, match="must lie within"):
        compare(larger, smaller)
    with pytest.raises(BadModel, match="are the same"):
        compare(smaller, smaller)
    with pytest.raises(BadModel, match="same rows"):
        compare(both(sleepstudy(), SLEEP)[1], larger)
    apart = replace(SLEEP, random=(RandomTerm("driver", ("1", "days"), correlated=False),))
    with pytest.raises(BadModel, match="has correlations that the larger one lacks"):
        compare(both(sleepstudy(), SLEEP)[1], both(sleepstudy(), apart)[1])


def test_effects_belong_to_the_table_of_their_fit() -> None:
    table, found = both(dyestuff(DYESTUFF), BATCHES)
    (batches,) = conditional_effects(table, found)
    assert isinstance(batches, GroupEffects)
    assert batches.mean.sum() == pytest.approx(0, abs=1e-9)
    assert (batches.prediction_variance > batches.variance).all()
    other = gram_table({name: values[:25] for name, values in dyestuff(DYESTUFF).items()}, BATCHES)
    with pytest.raises(BadData, match="not the table"):
        conditional_effects(other, found)


@pytest.mark.slow
def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    group = np.repeat(np.arange(40), 6)
    model = NestedModel("y", ("1",), (RandomTerm("group"),))
    inside = 0
    for _ in range(100):
        rows = {"y": rng.normal(0, 0.5, 40)[group] + rng.normal(size=240), "group": group}
        found = sd_interval(*both(rows, model), "group")
        inside += float(found.low or 0) <= 0.5 <= float(found.high or 0)
    assert 88 <= inside <= 100
