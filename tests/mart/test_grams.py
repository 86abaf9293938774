"""Sums made by GROUP BY give the fit of the rows, and refuse what cannot be fitted, whatever the engine."""

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shoshin.mart import grams
from shoshin.mart.build import NewMart
from shoshin.mart.engines import CannotUseEngine, connect, parquet_table
from shoshin.mart.grams import centering_of_table, gathered
from shoshin.mart.schema import CourseRow
from shoshin.science.mixed import (
    BadData,
    Fitted,
    NestedModel,
    RandomTerm,
    centering,
    complete_rows,
    conditional_effects,
    fit,
    gram_table,
)
from tests.science.made_courses import MODELS, made_set

THREE = NestedModel("y", ("1", "x"), (RandomTerm("client"), RandomTerm("therapist", ("1", "x")), RandomTerm("clinic")))


def stored(tmp_path, rows, engine=None):
    pq.write_table(pa.table(rows), tmp_path / "rows.parquet")
    return parquet_table(tmp_path / "rows.parquet", engine)


def with_names(rows):
    """Ids as words, whose order is another than that of the numbers."""
    words = {name: np.array([f"{name} {900 - each}" for each in rows[name]]) for name in ("client", "therapist")}
    return rows | words


def assert_same_fit(found, rows, model, digits):
    one, other = fit(found.grams, model), fit(gram_table(rows, model), model)
    assert isinstance(one, Fitted) and isinstance(other, Fitted)
    assert one.m2ll == pytest.approx(other.m2ll, rel=digits, abs=0)
    assert one.beta == pytest.approx(other.beta, rel=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=["levels", "pace", "both"])
@pytest.mark.parametrize("seed", [7, 8])
def test_it_is_the_fit_of_the_rows(tmp_path, model, seed):
    rows = with_names(made_set(seed))
    found = gathered(stored(tmp_path, rows), model)
    assert (found.n_dropped, found.missing) == (0, {})
    assert_same_fit(found, rows, model, 1e-10)


def test_every_sum_is_that_of_the_rows_about_the_same_means(tmp_path):
    rows, model = with_names(made_set(8)), MODELS[2]
    found, ours = gathered(stored(tmp_path, rows), model).grams, gram_table(rows, model)
    assert found.centering.mean == pytest.approx(ours.centering.mean, rel=1e-12, abs=1e-14)
    assert found.centering.scale == pytest.approx(ours.centering.scale, rel=1e-12)
    places = [ours.ids[0].tolist().index(one) for one in found.ids[0].tolist()]
    assert np.abs(found.gram - ours.gram[:, places]).max() < 1e-10
    assert found.n_obs.tolist() == ours.n_obs[places].tolist()


@pytest.mark.parametrize("model", MODELS[:2], ids=["levels", "pace"])
def test_one_value_far_from_all_others_leaves_the_spread_exact(tmp_path, model):
    rows = made_set(8)
    rows["x"][3], rows["y"][5] = 4e6, -2e8
    found, ours = gathered(stored(tmp_path, rows), model).grams, gram_table(rows, model)
    assert found.centering.scale == pytest.approx(ours.centering.scale, rel=1e-12)
    assert found.gram.sum(axis=1) == pytest.approx(ours.gram.sum(axis=1), rel=1e-10, abs=1e-8)


def test_many_names_stay_as_they_come_and_few_are_sorted(tmp_path, monkeypatch):
    rows, model = with_names(made_set(8)), MODELS[2]
    sorted_ids = gathered(stored(tmp_path, rows), model).grams.ids
    assert [each.tolist() for each in sorted_ids[1:]] == [sorted(set(rows["therapist"].tolist()))]
    monkeypatch.setattr("shoshin.mart.grams.SORTED", 3)
    found = gathered(stored(tmp_path, rows), model)
    assert [set(each.tolist()) for each in found.grams.ids] == [set(each.tolist()) for each in sorted_ids]
    assert_same_fit(found, rows, model, 1e-10)


def test_effects_bear_the_names_as_words(tmp_path):
    rows, model = with_names(made_set(8)), MODELS[1]
    table = gathered(stored(tmp_path, rows), model).grams
    for effects, ids in zip(conditional_effects(table, fit(table, model)), table.ids, strict=True):
        assert isinstance(effects.ids, np.ndarray) and effects.ids.tolist() == ids.tolist()
        assert set(effects.ids.tolist()) == set(rows[effects.group].tolist())


def test_three_levels_nest(tmp_path):
    rows = made_set(5)
    rows |= {"clinic": rows["therapist"] // 4}
    found = gathered(stored(tmp_path, rows), THREE)
    assert [len(ids) for ids in found.grams.ids] == [len(np.unique(rows[name])) for name in THREE.groups]
    assert_same_fit(found, rows, THREE, 1e-10)


@pytest.mark.parametrize("offset", [1e5, 1e7])
def test_an_outcome_far_from_nought_keeps_its_digits(tmp_path, offset):
    rows, model = made_set(8), MODELS[0]
    found = fit(gathered(stored(tmp_path, rows | {"y": rows["y"] + offset}), model).grams, model)
    assert found.m2ll == pytest.approx(fit(gram_table(rows, model), model).m2ll, rel=1e-9)


def test_rows_that_lack_something_are_left_out_once_and_counted(tmp_path):
    rows, model = {name: values.astype(object) for name, values in made_set(8).items()}, MODELS[1]
    rows["y"][[0, 5]] = [None, np.nan]
    rows["x"][5] = None
    rows["client"][9] = None
    found = gathered(stored(tmp_path, {name: pa.array(list(values)) for name, values in rows.items()}), model)
    whole = complete_rows(rows, model)
    assert (found.n_dropped, found.missing) == (whole.n_dropped, whole.missing) == (3, {"y": 2, "x": 1, "client": 1})
    kept = {name: values.astype(float) for name, values in whole.rows.items()}
    assert_same_fit(found, kept, model, 1e-10)


def test_a_number_that_is_none_is_a_gap_though_the_file_is_silent_about_it(tmp_path):
    rows, model = made_set(8), MODELS[1]
    rows["y"][4] = np.nan
    found = gathered(stored(tmp_path, rows), model)
    assert (found.n_dropped, found.missing) == (1, {"y": 1})
    assert_same_fit(found, {name: np.delete(values, 4) for name, values in rows.items()}, model, 1e-10)


def test_a_centring_agreed_on_is_used(tmp_path):
    rows, model = made_set(8), MODELS[0]
    table = stored(tmp_path, rows)
    own = centering_of_table(table, model)
    assert own.mean == pytest.approx(centering(rows, model).mean) and own.n_rows == len(rows["y"])
    other = type(own)({**own.mean, "y": 1.5}, own.scale, own.n_rows)
    assert gathered(table, model, other).grams.centering is other


@pytest.fixture
def looks(monkeypatch):
    """Few first rows, so that small tables have others, and a list of the looks at all rows that were needed."""
    seen, look = [], grams._look
    monkeypatch.setattr(grams, "FIRST", 5)
    monkeypatch.setattr(grams, "_look", lambda *asked: seen.append(1) or look(*asked))
    return seen


def assert_same_sums(found, rows, model):
    ours = gram_table(rows, model)
    assert found.centering.mean == pytest.approx(ours.centering.mean, rel=1e-12, abs=1e-14)
    assert found.centering.scale == pytest.approx(ours.centering.scale, rel=1e-12)
    assert found.centering.n_rows == ours.centering.n_rows
    places = [ours.ids[0].tolist().index(one) for one in found.ids[0].tolist()]
    assert np.abs(found.gram - ours.gram[:, places]).max() < 1e-10


def in_order(rows, name):
    order = np.argsort(rows[name], kind="stable")
    return {each: values[order] for each, values in rows.items()}


@pytest.mark.parametrize("model", MODELS, ids=["levels", "pace", "both"])
@pytest.mark.parametrize("name", ["y", "x"])
def test_one_pass_does_even_where_the_first_rows_are_the_smallest(tmp_path, looks, model, name):
    rows = in_order(made_set(8), name)
    assert_same_sums(gathered(stored(tmp_path, rows), model).grams, rows, model)
    assert not looks


def test_first_rows_far_from_all_others_cost_a_look_and_no_digit(tmp_path, looks):
    rows, model = made_set(8), MODELS[0]
    rows["y"][:5] = 1e9
    assert_same_sums(gathered(stored(tmp_path, rows), model).grams, rows, model)
    assert looks


@pytest.mark.parametrize("far", [1e6, 1e9])
def test_means_guessed_wrongly_cost_no_digit(tmp_path, monkeypatch, far):
    rows, model = made_set(8), MODELS[0]
    wrong = type(centering(rows, model))({"t": 0.0, "x": far, "y": far}, dict.fromkeys(("t", "x", "y"), 1.0), 1)
    monkeypatch.setattr(grams, "_guessed", lambda rows, model: wrong)
    assert_same_sums(gathered(stored(tmp_path, rows), model).grams, rows, model)


@pytest.mark.parametrize("unit", [1e-170, 1e-140, 1e160])
@pytest.mark.parametrize("name", ["y", "x", "t"])
def test_a_unit_in_which_products_vanish_or_have_no_end_does_no_harm(tmp_path, looks, unit, name):
    rows, model = made_set(8), MODELS[1]
    ours = gram_table(rows, model)
    found = gathered(stored(tmp_path, rows | {name: rows[name] * unit}), model).grams
    assert found.centering.scale[name] == pytest.approx(ours.centering.scale[name] * unit, rel=1e-12, abs=0)
    assert found.gram.sum(axis=1) == pytest.approx(ours.gram.sum(axis=1), rel=1e-10, abs=1e-8)
    assert looks


@pytest.mark.parametrize(("year", "looked"), [(0, False), (30, False), (300, True)])
def test_a_column_that_varies_may_lie_off_nought(tmp_path, looks, year, looked):
    rows, model = made_set(8), MODELS[1]
    rows["t"] = rows["t"] + year
    assert_same_sums(gathered(stored(tmp_path, rows), model).grams, rows, model)
    assert bool(looks) == looked


def test_a_model_without_an_intercept_is_looked_at_first(tmp_path, looks):
    rows, model = made_set(8), NestedModel("y", ("x",), (RandomTerm("client", ("x",)),))
    assert_same_sums(gathered(stored(tmp_path, rows), model).grams, rows, model)
    assert looks


@pytest.mark.parametrize("about", [False, True], ids=["own means", "means agreed on"])
@pytest.mark.parametrize("gap", [{"y": None}, {"y": np.nan}, {"x": None}, {"client": None}, {"therapist": None}])
def test_what_is_missing_after_the_first_rows_is_found(tmp_path, looks, gap, about):
    rows, model = {name: values.astype(object) for name, values in made_set(8).items()}, MODELS[1]
    ((name, nothing),) = gap.items()
    rows[name][-1] = nothing
    kept = {each: values[:-1].astype(float) for each, values in rows.items()}
    agreed = centering(kept, model) if about else None
    found = gathered(stored(tmp_path, {each: pa.array(list(values)) for each, values in rows.items()}), model, agreed)
    assert (found.n_dropped, found.missing) == (1, {name: 1})
    assert_same_sums(found.grams, kept, model)


@pytest.mark.parametrize("gap", [{"y": None}, {"y": np.nan}, {"t": None}])
def test_where_the_first_rows_lack_something_no_sums_are_made_in_vain(tmp_path, monkeypatch, gap):
    rows, made = {name: values.astype(object) for name, values in made_set(8).items()}, []
    ((name, nothing),) = gap.items()
    rows[name][0] = nothing
    asked = grams.unit_sums
    monkeypatch.setattr(grams, "unit_sums", lambda *about, **more: made.append(1) or asked(*about, **more))
    found = gathered(stored(tmp_path, {each: pa.array(list(values)) for each, values in rows.items()}), MODELS[1])
    assert (found.missing, len(made)) == ({name: 1}, 1)


def test_an_infinite_value_after_the_first_rows_is_refused(tmp_path, looks):
    rows = made_set(8)
    rows["x"][-1] = -np.inf
    with pytest.raises(BadData, match="'x' has 1 infinite"):
        gathered(stored(tmp_path, rows), MODELS[1])


def test_one_row_is_refused_as_one_value(tmp_path):
    rows = {name: values[:1] for name, values in made_set(8).items()}
    with pytest.raises(BadData, match="'t' is the same in every row"):
        gathered(stored(tmp_path, rows), MODELS[0])


def test_no_row_at_all_is_refused(tmp_path):
    rows = {name: values[:0] for name, values in made_set(8).items()}
    with pytest.raises(BadData, match="no row with a value in every column"):
        gathered(stored(tmp_path, rows), MODELS[0])


@pytest.mark.parametrize("most", [3, 50_000])
def test_a_client_of_two_therapists_is_found_among_many_and_few(tmp_path, monkeypatch, most):
    monkeypatch.setattr(grams, "SORTED", most)
    rows = made_set(8)
    rows["client"] = np.array([f"client {each:020}" for each in rows["client"]])
    rows["therapist"] = np.array([f"therapist {each:03}" for each in rows["therapist"]])
    rows["therapist"][-1] = rows["therapist"][0]
    with pytest.raises(BadData, match=f"'client' {rows['client'][-1]} appears under more than one 'therapist'"):
        gathered(stored(tmp_path, rows), MODELS[0])


def spoilt(name, value):
    rows = made_set(8)
    return rows | {name: value(rows[name])}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (spoilt("y", lambda y: np.where(np.arange(len(y)) == 3, np.inf, y)), "'y' has 1 infinite"),
        (spoilt("x", lambda x: x * 0 + 3), "'x' is the same in every row"),
        (spoilt("y", lambda y: y * 0), "outcome 'y' is the same in every row"),
        (spoilt("x", lambda x: np.array(["a"] * len(x))), "'x' is not made of numbers"),
        (spoilt("therapist", lambda t: np.arange(len(t)) % 7), "under more than one 'therapist'"),
        (spoilt("y", lambda y: np.full(len(y), np.nan)), "no row with a value in every column"),
        (spoilt("y", lambda y: np.where(np.arange(len(y)) % 2, 1.7e308, 1e308)), "too large to be added up"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_the_column_named(tmp_path, rows, said):
    with pytest.raises(BadData, match=said):
        gathered(stored(tmp_path, rows), MODELS[0])


def test_crossed_groups_are_called_by_their_names(tmp_path):
    rows = with_names(made_set(8))
    rows["therapist"] = np.array([f"Dr {number % 5}" for number in range(len(rows["y"]))])
    with pytest.raises(BadData, match="'client' client"):
        gathered(stored(tmp_path, rows), MODELS[0])


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    rows = made_set(8)
    del rows["x"]
    with pytest.raises(BadData, match="no column 'x': the table has "):
        gathered(stored(tmp_path, rows), MODELS[0])


def test_the_example_of_the_document_runs_on_a_mart(tmp_path, capsys):
    rng = np.random.default_rng(5)
    mart = NewMart(tmp_path, datetime(2026, 11, 3, tzinfo=UTC))
    for number in range(400):
        therapist, first = number % 40, float(rng.integers(5, 27))
        last = 2 + 0.5 * first + (therapist % 5) + rng.normal(0, 3)
        keys = (f"clinic {therapist % 4}", f"t{therapist}", f"k{number}", f"o{number}")
        measure = "phq-9" if number % 10 else "gad-7"
        mart.add(CourseRow(*keys, measure, first, last, 1, 6.0, 10.0, 2, 9, 12.0, True, False))
    mart.finish({})
    mart.put_in_place()
    (example,) = re.findall(r"```python\n(.+?)```", Path("docs/mart.md").read_text(), re.DOTALL)
    names = {}
    exec(example.replace("/srv/research", str(tmp_path)), names)
    assert isinstance(fit(names["found"].grams, names["model"]), Fitted)
    assert names["found"].grams.n_rows == 360
    assert capsys.readouterr().out.startswith("0 Fitted(")


def test_an_engine_nobody_knows_is_refused(monkeypatch):
    monkeypatch.setenv("SHOSHIN_ANALYTICS", "abacus")
    with pytest.raises(CannotUseEngine, match="duckdb or spark"):
        connect()
    monkeypatch.setenv("SHOSHIN_ANALYTICS", "")
    assert connect() is connect("duckdb")
