"""Nested mixed models against lme4 1.1-31 (R 4.2.2), run with tight tolerances (bobyqa, rhoend 1e-9)."""

import csv
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from shoshin.science.mixed import (
    INTERCEPT,
    Fitted,
    NestedModel,
    RandomTerm,
    complete_rows,
    conditional_effects,
    fit,
    gram_table,
    sd_interval,
)
from tests.science.published_tables import DYESTUFF, DYESTUFF2, dyestuff, machines, oats, pastes, sleepstudy

TRIAL = os.environ.get("BTHEB_CSV", "")
needs_trial = pytest.mark.skipif(
    not TRIAL, reason="the trial's table is under the GPL and not copied here: name HSAUR3's BtheB as CSV in BTHEB_CSV"
)


@dataclass(frozen=True)
class Golden:
    """What lme4 prints: variances of each level, innermost first, covariance matrices written row by row."""

    beta: tuple[float, ...]
    errors: tuple[float, ...]
    variances: tuple[tuple[float, ...], ...]
    residual: float
    m2ll: float


def fitted(rows: dict[str, np.ndarray], model: NestedModel) -> Fitted:
    found = fit(gram_table(rows, model), model)
    assert isinstance(found, Fitted), found
    return found


def assert_agrees(found: Fitted, golden: Golden, *, rel: float = 2e-6) -> None:
    assert found.m2ll == pytest.approx(golden.m2ll, abs=1e-6)
    assert found.beta == pytest.approx(golden.beta, rel=rel)
    assert list(found.standard_errors.values()) == pytest.approx(golden.errors, rel=rel)
    for level, expected in zip(found.levels, golden.variances, strict=True):
        size = max(abs(value) for value in expected)
        assert level.covariance.ravel() == pytest.approx(expected, abs=rel * size + 1e-12)
    assert found.residual_variance == pytest.approx(golden.residual, rel=rel)


SLEEP = NestedModel("ms", (INTERCEPT, "days"), (RandomTerm("driver", (INTERCEPT, "days")),))
SLEEP_REML = Golden(
    (251.4051048, 10.46728596), (6.824555776, 1.545788932),
    ((612.0897483, 9.604335475, 9.604335475, 35.07166234),), 654.9410407, 1743.628271958,
)  # fmt: skip
SLEEP_ML = Golden(
    (251.4051048, 10.46728596), (6.632276421, 1.502236793),
    ((565.515271, 11.05541446, 11.05541446, 32.68219761),), 654.9410376, 1751.939344463,
)  # fmt: skip
SLEEP_APART = Golden(
    (251.4051048, 10.46728596), (6.885381507, 1.559565996),
    ((627.5691167, 0, 0, 35.85820178),), 653.5838049, 1743.669293581,
)  # fmt: skip


@pytest.mark.parametrize(
    ("model", "golden"),
    [
        (SLEEP, SLEEP_REML),
        (replace(SLEEP, reml=False), SLEEP_ML),
        (replace(SLEEP, random=(RandomTerm("driver", (INTERCEPT, "days"), correlated=False),)), SLEEP_APART),
    ],
    ids=["reml", "ml", "uncorrelated"],
)
def test_it_agrees_on_the_sleep_of_drivers(model: NestedModel, golden: Golden) -> None:
    assert_agrees(fitted(sleepstudy(), model), golden, rel=5e-6)


def test_conditional_means_and_variances_agree_on_the_sleep_of_drivers() -> None:
    table = gram_table(sleepstudy(), SLEEP)
    (drivers,) = conditional_effects(table, fitted(sleepstudy(), SLEEP))
    assert (drivers.group, drivers.columns, drivers.ids[:2].tolist()) == ("driver", (INTERCEPT, "days"), [0, 1])
    assert drivers.mean[:2].ravel() == pytest.approx([2.2585655, 9.1989719, -40.3985769, -8.61970318], abs=2e-5)
    assert drivers.variance[0].ravel() == pytest.approx([145.705094, -21.4444251, -21.4444251, 5.3122735], rel=2e-6)


def test_a_variance_of_nothing_is_a_result() -> None:
    model = NestedModel("yield", (INTERCEPT,), (RandomTerm("batch"),))
    found = fitted(dyestuff(DYESTUFF2), model)
    assert_agrees(found, Golden((5.6656,), (0.6783880312,), ((0.0,),), 13.80630963, 161.828277812))
    assert found.singular
    assert "at_boundary" in [reason.code for reason in found.reasons]
    (batches,) = conditional_effects(gram_table(dyestuff(DYESTUFF2), model), found)
    assert not batches.mean.any() and not batches.variance.any()


def test_batches_of_dyestuff_agree_in_estimates_and_in_their_profile() -> None:
    model = NestedModel("yield", (INTERCEPT,), (RandomTerm("batch"),))
    found = fitted(dyestuff(DYESTUFF), model)
    assert found.m2ll == pytest.approx(319.654276842, abs=1e-8)
    assert found.levels[0].covariance[0, 0] == pytest.approx(1764.05, rel=1e-6)
    assert found.residual_variance == pytest.approx(2451.25, rel=1e-6)
    by_ml = replace(model, reml=False)
    limits = sd_interval(gram_table(dyestuff(DYESTUFF), by_ml), fitted(dyestuff(DYESTUFF), by_ml), "batch")
    assert (limits.low, limits.high) == pytest.approx((12.198535, 84.063047), rel=3e-4)  # lme4 interpolates


PASTES_REML = Golden((60.05333333,), (0.6768700971,), ((8.433666671,), (1.657309063,)), 0.6779999816, 246.990745853)
PASTES_ML = Golden((60.05333333,), (0.6421353384,), ((8.433666384,), (1.199155799,)), 0.6780000062, 247.994465862)


@pytest.mark.parametrize(("reml", "golden"), [(True, PASTES_REML), (False, PASTES_ML)])
def test_it_agrees_on_casks_within_batches(reml: bool, golden: Golden) -> None:
    model = NestedModel("strength", (INTERCEPT,), (RandomTerm("cask"), RandomTerm("batch")), reml=reml)
    found = fitted(pastes(), model)
    assert_agrees(found, golden)
    casks, batches = conditional_effects(gram_table(pastes(), model), found)
    mean, variance = (1.77468688, 1.3035263) if reml else (1.92558677, 1.11186371)
    assert (casks.mean[0, 0], casks.variance[0, 0, 0]) == pytest.approx((mean, variance), rel=3e-6)
    mean, variance = (0.800644406, 1.05779917) if reml else (0.643678932, 0.850418755)
    assert (batches.mean[0, 0], batches.variance[0, 0, 0]) == pytest.approx((mean, variance), rel=3e-6)


def test_a_descent_that_begins_on_a_false_boundary_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # At a spread of 0 the gradient by it is 0, so that nothing but a step beyond can tell a true 0 from a false one.
    monkeypatch.setattr("shoshin.science.mixed.fitting.STARTS", ((0.0, 0.0, 0.0),))
    model = NestedModel("strength", (INTERCEPT,), (RandomTerm("cask"), RandomTerm("batch")))
    found = fit(gram_table(pastes(), model), model, starts=1)
    assert isinstance(found, Fitted)
    assert_agrees(found, PASTES_REML)
    slopes = fit(gram_table(sleepstudy(), SLEEP), SLEEP, starts=1)
    assert isinstance(slopes, Fitted)
    assert_agrees(slopes, SLEEP_REML, rel=5e-6)


def test_it_agrees_on_workers_and_their_machines() -> None:
    model = NestedModel("score", (INTERCEPT, "b", "c"), (RandomTerm("pair"), RandomTerm("worker")))
    golden = Golden(
        (52.35555556, 7.966666667, 13.91666667), (2.485830293, 2.176975531, 2.176975531),
        ((13.90945752,), (22.85844608,)), 0.9246296079, 215.687568008,
    )  # fmt: skip
    found = fitted(machines(), model)
    assert_agrees(found, golden)
    pairs, workers = conditional_effects(gram_table(machines(), model), found)
    assert workers.mean[5, 0] == pytest.approx(-7.51429064, rel=3e-6)
    assert workers.variance[5, 0, 0] == pytest.approx(3.92537728, rel=3e-6)
    assert pairs.mean[pairs.ids == 15, 0] == pytest.approx(1.91627373, rel=3e-6)


def test_it_agrees_on_plots_within_blocks() -> None:
    fixed = (INTERCEPT, "nitrogen", "marvellous", "victory")
    model = NestedModel("yield", fixed, (RandomTerm("plot"), RandomTerm("block")))
    golden = Golden(
        (82.4, 73.66666667, 5.291666667, -6.875), (8.058572003, 6.781479898, 7.07890384, 7.07890384),
        ((108.9430161,), (214.4770841,)), 165.5584906, 578.891786957,
    )  # fmt: skip
    found = fitted(oats(), model)
    assert_agrees(found, golden)
    _, blocks = conditional_effects(gram_table(oats(), model), found)
    assert blocks.mean[5, 0] == pytest.approx(-6.25969406, rel=3e-6)


TRIAL_FIXED = (INTERCEPT, "pre", "month", "treatment", "drug", "length")
TRIAL_MODEL = NestedModel("bdi", TRIAL_FIXED, (RandomTerm("person"),))
TRIAL_ML = Golden(
    (5.592393385, 0.6396762087, -0.7047648307, -2.329082637, -2.824952394, 0.1970794725),
    (2.242439638, 0.07789134511, 0.1463915024, 1.670356103, 1.726835143, 1.63831777),
    ((48.77738988,),), 25.13997547, 1871.491963088,
)  # fmt: skip
TRIAL_REML = Golden(
    (5.57374629, 0.6403508121, -0.7015981471, -2.31510511, -2.815994275, 0.1790153493),
    (2.299544119, 0.07991640439, 0.1469407228, 1.715152958, 1.772919779, 1.68163457),
    ((51.9315922,),), 25.28636462, 1866.902572411,
)  # fmt: skip
TRIAL_PACE = Golden(
    (5.599240901, 0.6425951172, -0.6988419492, -2.366612049, -2.86442274, 0.1193849713),
    (2.303205632, 0.07987243745, 0.1556574529, 1.716268597, 1.773918864, 1.681989673),
    ((54.25081829, -0.6457352351, -0.6457352351, 0.2104150742),), 23.99495269, 1866.336111368,
)  # fmt: skip


def trial() -> dict[str, np.ndarray]:
    """Beat the Blues (Proudfoot 2003; HSAUR3), a row for each of four follow-ups, None where unanswered."""
    with Path(TRIAL).open() as file:
        people = list(csv.DictReader(file))
    rows = [
        {
            "person": number, "month": float(month), "pre": float(person["bdi.pre"]), "drug": person["drug"] == "Yes",
            "length": person["length"] == ">6m", "treatment": person["treatment"] == "BtheB",
            "bdi": float(person[f"bdi.{month}m"]) if person[f"bdi.{month}m"] else None,
        }
        for number, person in enumerate(people) for month in (2, 3, 5, 8)
    ]  # fmt: skip
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@needs_trial
@pytest.mark.parametrize(
    ("model", "golden"),
    [
        (replace(TRIAL_MODEL, reml=False), TRIAL_ML),
        (TRIAL_MODEL, TRIAL_REML),
        (replace(TRIAL_MODEL, random=(RandomTerm("person", (INTERCEPT, "month")),)), TRIAL_PACE),
    ],
    ids=["ml", "reml", "slope"],
)
def test_it_agrees_on_a_trial_of_psychotherapy(model: NestedModel, golden: Golden) -> None:
    complete = complete_rows(trial(), model)
    assert (complete.n_dropped, complete.missing) == (120, {"bdi": 120})
    assert_agrees(fitted(dict(complete.rows), model), golden, rel=2e-5)
