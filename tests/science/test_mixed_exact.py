"""Nested mixed models against dense matrices, closed forms and differences, and against themselves told otherwise."""

from dataclasses import replace
from math import log, pi

import numpy as np
import pytest

from shoshin.science.mixed import (
    INTERCEPT,
    Criterion,
    Fitted,
    NestedModel,
    NotFitted,
    RandomTerm,
    centering,
    conditional_effects,
    criterion,
    fit,
    gram_table,
)
from shoshin.science.mixed.optimise import Descent, newton
from tests.science.made_courses import made_set
from tests.science.published_tables import DYESTUFF, dyestuff, sleepstudy

Columns = dict[str, np.ndarray]
EPS = 1e-6

SHAPES = {
    "one level": (RandomTerm("client"),),
    "slopes": (RandomTerm("client", (INTERCEPT, "t")), RandomTerm("therapist")),
    "slopes apart": (RandomTerm("client", (INTERCEPT, "t"), correlated=False),),
    "three levels": (RandomTerm("client", ("t",)), RandomTerm("therapist", (INTERCEPT, "t")), RandomTerm("clinic")),
    "three slopes": (RandomTerm("therapist", (INTERCEPT, "t", "x", "w")), RandomTerm("clinic", ("x",))),
}


def small(seed: int, fixed: tuple[str, ...] = (INTERCEPT, "t", "x")) -> tuple[Columns, tuple[str, ...]]:
    """Some 40 rows of 12 clients, 5 therapists and 2 clinics."""
    rng = np.random.default_rng(seed)
    client = np.repeat(np.arange(12), rng.integers(2, 6, 12))
    therapist = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4])[client]
    size = len(client)
    y = rng.normal(size=size) + rng.normal(size=12)[client] + rng.normal(size=5)[therapist]
    numbers = {"t": rng.uniform(0, 3, size), "x": rng.normal(4, 2, size), "w": rng.normal(size=size), "y": 30 + 5 * y}
    return {**numbers, "client": client, "therapist": therapist, "clinic": therapist // 3}, fixed


def some_factors(model: NestedModel, rng: np.random.Generator) -> list[np.ndarray]:
    factors = []
    for term in model.random:
        low = np.tril(rng.normal(0, 0.7, (len(term.columns), len(term.columns))))
        factors.append(low if term.correlated else np.diag(np.diag(low)))
    return factors


def design(rows: Columns, model: NestedModel) -> tuple[np.ndarray, list[np.ndarray]]:
    ones = {**rows, INTERCEPT: np.ones(len(rows["y"]))}
    x = np.column_stack([ones[name] for name in model.fixed]).astype(float)
    z = []
    for term in model.random:
        units = np.unique(rows[term.group])
        member = (rows[term.group][:, None] == units).astype(float)
        z.append(np.stack([member * ones[name][:, None] for name in term.columns], axis=2).reshape(len(x), -1))
    return x, z


def covariance(rows: Columns, model: NestedModel, factors: list[np.ndarray]) -> np.ndarray:
    _, designs = design(rows, model)
    whole = np.eye(len(rows["y"]))
    for z, factor in zip(designs, factors, strict=True):
        whole = whole + z @ np.kron(np.eye(z.shape[1] // len(factor)), factor @ factor.T) @ z.T
    return whole


def dense(rows: Columns, model: NestedModel, factors: list[np.ndarray]) -> tuple[float, np.ndarray, float]:
    """−2 log likelihood, coefficients and residual variance by the textbook, with the whole covariance matrix."""
    x, _ = design(rows, model)
    v = covariance(rows, model, factors)
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ rows["y"])
    rest = rows["y"] - x @ beta
    n, p = x.shape
    df = n - p if model.reml else n
    sigma2 = float(rest @ inverse @ rest) / df
    m2ll = np.linalg.slogdet(v)[1] + df * (1 + log(2 * pi * sigma2))
    return m2ll + (np.linalg.slogdet(information)[1] if model.reml else 0), beta, sigma2


@pytest.mark.parametrize("reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("random", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_criterion_is_that_of_the_dense_matrices(seed: int, random: tuple[RandomTerm, ...], reml: bool) -> None:
    rows, fixed = small(seed)
    model = NestedModel("y", fixed, random, reml)
    factors = some_factors(model, np.random.default_rng(seed))
    found = criterion(gram_table(rows, model), model, factors)
    assert isinstance(found, Criterion)
    m2ll, beta, sigma2 = dense(rows, model, factors)
    assert found.m2ll == pytest.approx(m2ll, abs=1e-9)
    assert found.beta == pytest.approx(beta, rel=1e-9, abs=1e-9)
    assert found.residual_variance == pytest.approx(sigma2, rel=1e-10)


@pytest.mark.parametrize("reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("random", SHAPES.values(), ids=SHAPES)
def test_the_gradient_is_that_of_central_differences(random: tuple[RandomTerm, ...], reml: bool) -> None:
    rows, fixed = small(3)
    model = NestedModel("y", fixed, random, reml)
    factors = some_factors(model, np.random.default_rng(3))
    table = gram_table(rows, model)
    found = criterion(table, model, factors)
    for level, factor in enumerate(factors):
        differences = np.zeros_like(factor)
        for place in np.ndindex(*factor.shape):
            ends = []
            for step in (EPS, -EPS):
                moved = [each.copy() for each in factors]
                moved[level][place] += step
                ends.append(criterion(table, model, moved).m2ll)
            differences[place] = (ends[0] - ends[1]) / (2 * EPS)
        assert found.gradients[level] == pytest.approx(differences, rel=1e-5, abs=2e-6)


def test_a_model_without_an_intercept_is_not_shifted() -> None:
    rows, fixed = small(4, ("t", "x"))
    model = NestedModel("y", fixed, (RandomTerm("client", ("t",)),))
    assert set(centering(rows, model).mean.values()) == {0.0}
    factors = [np.array([[0.6]])]
    assert criterion(gram_table(rows, model), model, factors).m2ll == pytest.approx(
        dense(rows, model, factors)[0], abs=1e-9
    )


def test_the_balanced_one_way_layout_is_its_analysis_of_variance() -> None:
    rows = dyestuff(DYESTUFF)
    cells = rows["yield"].reshape(6, 5)
    within = ((cells - cells.mean(axis=1, keepdims=True)) ** 2).sum() / 24
    between = 5 * ((cells.mean(axis=1) - cells.mean()) ** 2).sum() / 5
    model = NestedModel("yield", (INTERCEPT,), (RandomTerm("batch"),))
    found = fit(gram_table(rows, model), model)
    assert isinstance(found, Fitted)
    assert found.residual_variance == pytest.approx(within, rel=1e-7)
    assert found.level("batch").covariance[0, 0] == pytest.approx((between - within) / 5, rel=1e-7)
    assert found.beta_covariance[0, 0] == pytest.approx(between / 30, rel=1e-8)


@pytest.mark.parametrize("random", SHAPES.values(), ids=SHAPES)
def test_conditional_means_and_both_variances_are_those_of_the_dense_matrices(random: tuple[RandomTerm, ...]) -> None:
    rows, fixed = small(5)
    model = NestedModel("y", fixed, random)
    table = gram_table(rows, model)
    found = fit(table, model)
    assert isinstance(found, Fitted)
    x, designs = design(rows, model)
    z = np.hstack(designs)
    spread = np.zeros((z.shape[1], z.shape[1]))
    at = 0
    for each, level in zip(designs, found.levels, strict=True):
        width = each.shape[1]
        units = width // len(level.columns)
        spread[at : at + width, at : at + width] = np.kron(np.eye(units), level.covariance)
        at += width
    v = z @ spread @ z.T + found.residual_variance * np.eye(len(x))
    inverse = np.linalg.inv(v)
    gain = spread @ z.T @ inverse
    mean = gain @ (rows["y"] - x @ found.beta)
    conditional = spread - gain @ z @ spread
    wider = conditional + gain @ x @ found.beta_covariance @ x.T @ gain.T
    at = 0
    for level in conditional_effects(table, found):
        for unit in range(len(level.ids)):
            q = len(level.columns)
            part = slice(at, at + q)
            assert level.mean[unit] == pytest.approx(mean[part], abs=1e-8)
            assert level.variance[unit] == pytest.approx(conditional[part, part], abs=1e-8)
            assert level.prediction_variance[unit] == pytest.approx(wider[part, part], abs=1e-8)
            at += q


def test_groups_that_differ_a_thousand_times_as_much_as_their_rows_are_no_trouble() -> None:
    rng = np.random.default_rng(9)
    cells = 1000 * rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))
    rows = {"y": cells.ravel(), "client": np.repeat(np.arange(30), 4)}
    model = NestedModel("y", (INTERCEPT,), (RandomTerm("client"),))
    found = fit(gram_table(rows, model), model)
    assert isinstance(found, Fitted)
    within = cells.var(axis=1, ddof=1).mean()
    assert found.residual_variance == pytest.approx(within, rel=1e-5)
    assert found.levels[0].covariance[0, 0] == pytest.approx(cells.mean(axis=1).var(ddof=1) - within / 4, rel=1e-5)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_a_table_in_pieces_gives_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, fixed = small(2)
    model = NestedModel("y", fixed, SHAPES["three levels"])
    table, factors = (
        gram_table(rows, model),
        some_factors(NestedModel("y", fixed, model.random), np.random.default_rng(2)),
    )
    whole, found = criterion(table, model, factors), fit(table, model)
    assert isinstance(found, Fitted)
    effects = conditional_effects(table, found)
    monkeypatch.setattr("shoshin.science.mixed.blocks.CHUNK", size)
    pieces = criterion(table, model, factors)
    assert pieces.m2ll == pytest.approx(whole.m2ll, abs=1e-10)
    for one, other in zip(pieces.gradients, whole.gradients, strict=True):
        assert one == pytest.approx(other, abs=1e-9)
    for one, other in zip(conditional_effects(table, found), effects, strict=True):
        assert one.mean == pytest.approx(other.mean, abs=1e-10)
        assert one.prediction_variance == pytest.approx(other.prediction_variance, abs=1e-10)


def test_an_optimum_is_flat_and_bends_upwards_and_says_so() -> None:
    model = NestedModel("ms", ("1", "days"), (RandomTerm("driver", ("1", "days")),))
    found = fit(gram_table(sleepstudy(), model), model)
    assert isinstance(found, Fitted)
    assert 0 <= found.newton_decrement < 1e-9 and found.boundary >= 0 and not found.singular
    assert found.evaluations < 120 and len(found.starts) == 4
    codes = [reason.code for reason in found.reasons]
    assert codes == ["optimum_certified", "starts_agree", "few_groups"]


def test_what_cannot_be_told_apart_is_no_estimate() -> None:
    rows = made_set(8)
    rows["side"] = np.where(rows["client"] % 2 == 0, 1.0, -1.0)  # its square is 1, so two variances act as one
    model = NestedModel("y", ("1", "t"), (RandomTerm("client", ("1", "side"), correlated=False),))
    found = fit(gram_table(rows, model), model)
    assert isinstance(found, NotFitted)
    assert [reason.code for reason in found.reasons] == ["not_identified"]
    assert not hasattr(found, "beta")


def test_a_fit_that_has_not_arrived_is_returned_without_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped_early(objective: object, found: Descent) -> object:
        _, second, _ = newton(objective, found, most=0)
        return found, second, 1e-3

    monkeypatch.setattr("shoshin.science.mixed.fitting.newton", stopped_early)
    model = NestedModel("ms", ("1", "days"), (RandomTerm("driver", ("1", "days")),))
    found = fit(gram_table(sleepstudy(), model), model)
    assert isinstance(found, NotFitted)
    assert [reason.code for reason in found.reasons] == ["not_converged"]
    assert not {"beta", "coefficients", "levels"} & set(dir(found))


def test_outcomes_that_groups_explain_without_rest_are_no_estimate() -> None:
    client = np.repeat(np.arange(20), 4)
    rows = {"y": np.random.default_rng(2).normal(size=20)[client], "client": client}
    found = fit(gram_table(rows, model := NestedModel("y", ("1",), (RandomTerm("client"),))), model)
    assert isinstance(found, NotFitted)
    assert {reason.code for reason in found.reasons} <= {"no_residual_left", "not_identified", "not_converged"}


def test_maximum_likelihood_takes_the_variances_too_small_where_groups_are_few() -> None:
    model = NestedModel("yield", (INTERCEPT,), (RandomTerm("batch"),))
    table = gram_table(dyestuff(DYESTUFF), model)
    by_reml, by_ml = fit(table, model), fit(table, replace(model, reml=False))
    assert isinstance(by_reml, Fitted) and isinstance(by_ml, Fitted)
    assert by_ml.levels[0].sd[0] < by_reml.levels[0].sd[0]
