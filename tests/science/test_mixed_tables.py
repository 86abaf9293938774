"""Tables of sums: told otherwise, in parts, from elsewhere, they give the same fit."""

from math import log

import numpy as np
import pytest

from shoshin.science.mixed import (
    BadData,
    Centering,
    Fitted,
    GramTable,
    LevelVariance,
    NestedModel,
    RandomTerm,
    centering,
    centering_of_sums,
    fit,
    gram_table,
    merge,
    pool_centerings,
    table_of_sums,
)
from shoshin.science.mixed.grams import outermost
from tests.science.made_courses import MODELS, made_set

Columns = dict[str, np.ndarray]


def of_therapists(rows: Columns, chosen: list[int]) -> Columns:
    keep = np.isin(rows["therapist"], chosen)
    return {name: values[keep] for name, values in rows.items()}


@pytest.mark.parametrize("model", MODELS, ids=["levels", "pace", "both"])
def test_sites_that_hand_over_sums_give_the_fit_of_all_rows_together(model: NestedModel) -> None:
    rows = made_set(8)
    therapists = np.unique(rows["therapist"]).tolist()
    parts = [of_therapists(rows, therapists[start::3]) for start in range(3)]
    about = pool_centerings([centering(part, model) for part in parts])
    assert isinstance(about, Centering)
    whole = centering(rows, model)
    assert about.mean == pytest.approx(whole.mean) and about.scale == pytest.approx(whole.scale)
    merged = merge([gram_table(part, model, about) for part in parts])
    assert isinstance(merged, GramTable)
    together, apart = fit(gram_table(rows, model), model), fit(merged, model)
    assert isinstance(together, Fitted) and isinstance(apart, Fitted)
    assert apart.m2ll == pytest.approx(together.m2ll, abs=1e-7)
    assert apart.beta == pytest.approx(together.beta, rel=1e-6)
    for one, other in zip(apart.levels, together.levels, strict=True):
        assert isinstance(one, LevelVariance)
        assert one.covariance == pytest.approx(other.covariance, rel=1e-4, abs=1e-6)


def test_means_and_spreads_from_elsewhere_give_the_same_centring() -> None:
    rows, model = made_set(8), MODELS[1]
    middles = {name: float(rows[name].mean()) for name in ("t", "x", "y")}
    spreads = {name: float(rows[name].std()) for name in middles}
    about = centering_of_sums(middles, spreads, len(rows["y"]), model)
    assert about.mean == pytest.approx({"t": 0.0, "x": middles["x"], "y": middles["y"]})
    assert about.scale["t"] == pytest.approx(float(np.sqrt((rows["t"] ** 2).mean())))
    with pytest.raises(BadData, match="far from 0 for its spread"):
        centering_of_sums(middles | {"t": 1e9}, spreads, len(rows["y"]), model)


def test_order_names_and_units_of_the_rows_change_nothing_else() -> None:
    rows = made_set(7)
    model = MODELS[1]
    found = fit(gram_table(rows, model), model)
    order = np.random.default_rng(1).permutation(len(rows["y"]))
    other = {name: values[order] for name, values in rows.items()}
    other["client"] = np.array([f"client {900 - number}" for number in other["client"]])
    other["y"] = other["y"] * 10 + 1e7
    other["x"] = other["x"] * 0.01 - 3e4
    moved = fit(gram_table(other, model), model)
    assert isinstance(found, Fitted) and isinstance(moved, Fitted)
    assert moved.coefficients["t"] == pytest.approx(10 * found.coefficients["t"], rel=1e-6)
    assert moved.coefficients["x"] == pytest.approx(1000 * found.coefficients["x"], rel=1e-6)
    start = 10 * (found.coefficients["1"] + 3e6 * found.coefficients["x"]) + 1e7
    assert moved.coefficients["1"] == pytest.approx(start, rel=1e-6)
    for one, before in zip(moved.levels, found.levels, strict=True):
        assert one.covariance == pytest.approx(100 * before.covariance, rel=1e-4, abs=1e-4)
    by_unit = 2 * (len(order) - 3) * log(10) + 2 * log(0.01)
    assert moved.m2ll == pytest.approx(found.m2ll + by_unit, abs=1e-5)


def test_sums_of_clients_add_up_to_the_sums_of_their_therapists() -> None:
    rows = made_set(5)
    by_client = NestedModel("y", ("1", "t", "x"), (RandomTerm("client"), RandomTerm("therapist")))
    by_therapist = NestedModel("y", ("1", "t", "x"), (RandomTerm("therapist"),))
    inner, outer = gram_table(rows, by_client), gram_table(rows, by_therapist)
    starts = np.searchsorted(inner.parents[0], np.arange(len(inner.ids[1])))
    assert np.add.reduceat(inner.gram, starts, axis=1) == pytest.approx(outer.gram, abs=1e-9)
    assert inner.n_obs.sum() == outer.n_obs.sum() == inner.n_rows == len(rows["y"])


def sums_made_elsewhere(rows: Columns, model: NestedModel, about: Centering) -> tuple[Columns, dict, np.ndarray]:
    """What a database would give: a line for each client, in an order of its own."""
    ones = {**rows, "1": np.ones(len(rows["y"]))}
    shifted = {
        name: ones[name] if name == "1" else (ones[name] - about.mean[name]) / about.scale[name] for name in model.pool
    }
    clients = np.unique(rows["client"])[::-1]
    member = rows["client"] == clients[:, None]
    sums = {
        (one, other): member @ (shifted[one] * shifted[other])
        for place, one in enumerate(model.pool) for other in model.pool[place:]
    }  # fmt: skip
    therapists = np.array([rows["therapist"][each.argmax()] for each in member])
    return {"client": clients, "therapist": therapists}, sums, member.sum(axis=1)


def test_sums_made_elsewhere_give_the_same_table_in_any_order() -> None:
    rows, model = made_set(4), MODELS[1]
    about = centering(rows, model)
    units, sums, n_obs = sums_made_elsewhere(rows, model, about)
    found, expected = table_of_sums(units, sums, n_obs, model, about), gram_table(rows, model)
    assert found.gram == pytest.approx(expected.gram, abs=1e-9)
    assert (found.n_obs == expected.n_obs).all() and (found.parents[0] == expected.parents[0]).all()
    assert all((one == other).all() for one, other in zip(found.ids, expected.ids, strict=True))


@pytest.mark.parametrize("largest", [2.0**62, 1.0], ids=["by one number", "by several"])
def test_names_numbers_and_numbers_from_nought_on_give_the_same_table(
    monkeypatch: pytest.MonkeyPatch, largest: float
) -> None:
    """Numbers without a gap are taken as they are; with another number left out, or as words, they are sorted first."""
    monkeypatch.setattr("shoshin.science.mixed.grams.LARGEST", largest)
    rows, model = made_set(4), MODELS[1]
    about = centering(rows, model)
    units, sums, n_obs = sums_made_elsewhere(rows, model, about)
    codes = {name: np.unique(each, return_inverse=True)[1] for name, each in units.items()}
    words = {name: np.array([f"{name}{each:05}" for each in codes[name]]) for name in units}
    expected = table_of_sums(codes, sums, n_obs, model, about)
    assert expected.gram == pytest.approx(gram_table(rows, model).gram, abs=1e-9)
    for other in (words, {name: each * 2 + 5 for name, each in codes.items()}, {**codes, "client": words["client"]}):
        found = table_of_sums(other, sums, n_obs, model, about)
        assert (found.gram == expected.gram).all() and (found.n_obs == expected.n_obs).all()
        assert (found.parents[0] == expected.parents[0]).all()
        assert [len(ids) for ids in found.ids] == [len(ids) for ids in expected.ids]


def test_sums_that_are_not_whole_are_refused() -> None:
    rows, model = made_set(4), MODELS[1]
    about = centering(rows, model)
    units, sums, n_obs = sums_made_elsewhere(rows, model, about)
    with pytest.raises(BadData, match="'client' comes more than once: add its sums up first"):
        table_of_sums(
            {**units, "client": np.zeros(len(n_obs)), "therapist": np.zeros(len(n_obs))}, sums, n_obs, model, about
        )
    one_twice = np.arange(len(n_obs))
    one_twice[1] = 0  # and so 1 is not there
    with pytest.raises(BadData, match="'client' comes more than once"):
        table_of_sums({"client": one_twice, "therapist": one_twice}, sums, n_obs, model, about)
    with pytest.raises(BadData, match="'t' times 'y' are missing"):
        table_of_sums(units, {pair: each for pair, each in sums.items() if pair != ("t", "y")}, n_obs, model, about)
    with pytest.raises(BadData, match="give one sum of each pair for each unit"):
        table_of_sums(units, {pair: each[1:] for pair, each in sums.items()}, n_obs, model, about)
    for spoilt, counted in ((sums | {("y", "y"): sums["y", "y"][1:]}, n_obs), (sums, n_obs[1:])):
        with pytest.raises(BadData, match="give one sum of each pair for each unit"):
            table_of_sums(units, spoilt, counted, model, about)


def many_therapists() -> Columns:
    rng = np.random.default_rng(12)
    client = np.repeat(np.arange(750), 4)
    therapist = client // 3
    y = rng.normal(size=3000) + rng.normal(size=750)[client] + 0.7 * rng.normal(size=250)[therapist]
    return {"y": y, "t": np.tile(np.arange(4.0), 750), "client": client, "therapist": therapist}


def test_a_start_found_on_a_part_of_the_groups_leads_to_the_same_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = many_therapists()
    model = NestedModel("y", ("1", "t"), (RandomTerm("client", ("1", "t")), RandomTerm("therapist")))
    table = gram_table(rows, model)
    expected = fit(table, model)
    monkeypatch.setattr("shoshin.science.mixed.fitting.LARGE", 500)
    found = fit(table, model)
    assert isinstance(found, Fitted) and isinstance(expected, Fitted)
    assert found.m2ll == pytest.approx(expected.m2ll, abs=1e-7)
    assert found.reasons[-1].code == "started_from_a_part" and len(found.starts) == 1
    assert found.reasons[-1].facts["groups"] == 250 * 2000 // 750
    assert "starts_agree" in [reason.code for reason in expected.reasons]


def test_the_first_groups_of_a_table_are_the_table_of_their_rows() -> None:
    rows = many_therapists()
    model = NestedModel("y", ("1", "t"), (RandomTerm("client"), RandomTerm("therapist")))
    few = {name: values[rows["therapist"] < 40] for name, values in rows.items()}
    found, expected = outermost(gram_table(rows, model), 40), gram_table(few, model, centering(rows, model))
    assert found.gram == pytest.approx(expected.gram)
    assert [len(ids) for ids in found.ids] == [120, 40] and (found.parents[0] == expected.parents[0]).all()
