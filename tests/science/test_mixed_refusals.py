"""Rows no mixed model can be fitted to: each is refused in one sentence that names the column and the way out."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from shoshin.science.mixed import (
    INTERCEPT,
    BadData,
    BadModel,
    CompleteRows,
    Fitted,
    LogisticModel,
    NestedModel,
    RandomTerm,
    centering,
    complete_rows,
    criterion,
    fit,
    gram_table,
    merge,
    pool_centerings,
)
from tests.science.made_courses import MODELS, made_set

Columns = dict[str, Any]
MODEL = MODELS[0]


def rows() -> Columns:
    return dict(made_set(8))


def refused(changed: Columns, model: NestedModel = MODEL) -> str:
    with pytest.raises(BadData) as refusal:
        fit(gram_table(changed, model), model)
    message = str(refusal.value)
    assert message.endswith(".") and message.count(". ") == 0, "one sentence"
    assert ":" in message, "and the way out"
    return message


def with_first(name: str, value: Any) -> Columns:
    values = rows()[name].astype(object if value is None else None)
    values[0] = value
    return {**rows(), name: values}


def test_every_way_in_which_numbers_are_bad_is_named_with_its_column() -> None:
    assert refused(with_first("x", np.nan)).startswith("Column 'x' has 1 missing value: leave those rows out")
    assert refused(with_first("y", None)).startswith("Column 'y' has 1 missing value: leave those rows out")
    assert refused(with_first("t", np.inf)).startswith("Column 't' has 1 infinite value: correct")
    words = ["no", *["yes"] * (len(rows()["y"]) - 1)]
    assert refused({**rows(), "x": words}).startswith("Column 'x' is not made of numbers: code words")
    assert refused({**rows(), "x": np.array(words, dtype=object)}).startswith("Column 'x' is not made of numbers")
    assert "There is no column 'x'" in refused({name: values for name, values in rows().items() if name != "x"})
    assert "give each one value a row" in refused({**rows(), "x": rows()["x"][1:]})
    assert "one value for each row" in refused(
        {**rows(), "client": rows()["client"][1:], "therapist": rows()["therapist"][1:]}
    )


def test_ids_that_are_missing_mixed_or_crossed_are_named() -> None:
    assert refused(with_first("therapist", None)).startswith("Column 'therapist' has 1 missing value")
    mixed = rows()["client"].astype(object)
    mixed[0] = "one"
    assert "mixes words and numbers" in refused({**rows(), "client": mixed})
    strays = rows()["therapist"].copy()
    last = np.flatnonzero(rows()["client"] == 3)[-1]
    strays[last] = strays.max()
    message = refused({**rows(), "therapist": strays})
    assert message.startswith("'client' 3 appears under more than one 'therapist' (1 such in all)")
    assert "crossed and not nested: give each 'client' an id of its own" in message
    assert "is no plain column" in refused({**rows(), "client": rows()["client"][:, None]})


def test_the_plates_and_samples_of_penicillin_are_found_to_be_crossed() -> None:
    # Davies & Goldsmith 1972: each of six samples on each of 24 plates.
    plate, sample = np.repeat(np.arange(24), 6), np.tile(list("ABCDEF"), 24)
    crossed = {"mm": np.arange(144) % 7, "plate": plate, "sample": sample}
    for inner, outer in (("plate", "sample"), ("sample", "plate")):
        model = NestedModel("mm", (INTERCEPT,), (RandomTerm(inner), RandomTerm(outer)))
        assert f"({len(set(crossed[inner]))} such in all), so the groups are crossed" in refused(crossed, model)


def test_columns_without_any_news_are_named() -> None:
    assert refused({**rows(), "x": np.full(len(rows()["y"]), 0.1)}).startswith("Column 'x' is the same in every row")
    assert refused({**rows(), "y": np.full(len(rows()["y"]), 27)}).startswith(
        "The outcome 'y' is the same in every row"
    )
    wider = replace(MODEL, fixed=("1", "t", "x", "w"))
    dependent = {**rows(), "w": 2 * rows()["t"] - rows()["x"] + 4}
    assert "'w' can be made from 't', 'x': leave one of them out" in refused(dependent, wider)
    exact = {**rows(), "y": 3 * rows()["t"] - rows()["x"]}
    assert refused(exact).startswith("The fixed columns give the outcome 'y' exactly")
    constant = {**rows(), "w": np.full(len(rows()["y"]), 2.0)}
    model = replace(MODEL, random=(RandomTerm("client", ("1", "w")),))
    assert "that vary by 'client', 'w' can be made from '1'" in refused(constant, model)
    far = {**rows(), "t": rows()["t"] + 45_000}
    assert refused(far, MODELS[1]).startswith("Column 't' lies far from 0 for its spread: take its mean")


def test_groups_that_cannot_differ_are_named() -> None:
    one = {**rows(), "therapist": np.full(len(rows()["y"]), 7)}
    assert refused(one).startswith("There is only one 'therapist' (7), so nothing can differ between them: leave")
    own = {**rows(), "client": np.arange(len(rows()["y"]))}
    assert "of 'client' with 1 varying column(s) each cannot be told from the residual" in refused(own)
    same = {**rows(), "therapist": rows()["client"] + 100}
    assert refused(same).startswith("'client' and 'therapist' divide the rows in the same way: leave one of them out")
    few = {"y": [3, 1, 2], "t": [0, 1, 0], "x": [1, 4, 2], "client": [0, 0, 1], "therapist": [5, 5, 5]}
    assert refused(few, NestedModel("y", ("1", "t", "x"), (RandomTerm("client"),))).startswith(
        "There are 3 rows for 3 fixed columns: use fewer columns, or more rows"
    )
    none = {name: values[:0] for name, values in rows().items()}
    assert refused(none).startswith("There are no rows: ")


def test_rows_with_gaps_are_left_out_in_one_place_and_counted() -> None:
    gaps = rows()
    gaps["y"] = gaps["y"].copy()
    gaps["y"][:3] = np.nan
    gaps["therapist"] = gaps["therapist"].astype(object)
    gaps["therapist"][2:5] = None
    found = complete_rows(gaps, MODEL)
    assert isinstance(found, CompleteRows)
    assert (found.n_dropped, found.missing) == (5, {"y": 3, "therapist": 3})
    assert [reason.code for reason in found.reasons] == ["rows_left_out", "missing_in_column", "missing_in_column"]
    whole = {name: values[5:] for name, values in rows().items()}
    kept, expected = (fit(gram_table(each, MODEL), MODEL) for each in (found.rows, whole))
    assert isinstance(kept, Fitted) and isinstance(expected, Fitted)
    assert kept.m2ll == pytest.approx(expected.m2ll, abs=1e-8)
    assert complete_rows(rows(), MODEL).reasons[0].code == "all_rows_used"


def test_a_model_that_contradicts_itself_is_refused_before_any_data() -> None:
    client = (RandomTerm("client"),)
    for wrong, said in (
        (("y", ("1", "x", "x"), client), "'x' is named twice"),
        (("y", ("1", "y"), client), "explains itself"),
        (("y", (), client), "at least"),
        (("y", ("1",), ()), "at least"),
        (("y", ("1",), (RandomTerm("client", ()),)), "at least"),
        (("y", ("1", "client"), client), "a group and a number at once"),
        (("y", ("1",), (*client, *client)), "'client' is named twice"),
    ):
        with pytest.raises(BadModel, match=said):
            NestedModel(*wrong)
    with pytest.raises(BadModel, match="two parts to play"):
        LogisticModel("y", ("1", "y"), "client")
    with pytest.raises(BadModel, match="1 to 4 starts"):
        fit(gram_table(rows(), MODEL), MODEL, starts=0)
    with pytest.raises(BadModel, match="make one for this model's columns"):
        fit(gram_table(rows(), MODEL), replace(MODEL, fixed=("1", "t")))
    with pytest.raises(BadModel, match="made with 't' about its mean, and here it varies"):
        fit(gram_table(rows(), MODEL), MODELS[1])
    with pytest.raises(BadModel, match="one factor for each group"):
        criterion(gram_table(rows(), MODEL), MODEL, [np.eye(2)])
    with pytest.raises(BadModel, match="take smaller ones"):
        criterion(gram_table(rows(), MODEL), MODEL, [np.array([[1e200]]), np.array([[1.0]])])


def test_sites_that_have_not_agreed_are_told_on_what() -> None:
    half = {name: values[rows()["therapist"] < 5] for name, values in rows().items()}
    other = {name: values[rows()["therapist"] >= 5] for name, values in rows().items()}
    about = centering(rows(), MODEL)
    with pytest.raises(BadData, match="agree on them first with pool_centerings"):
        merge([gram_table(half, MODEL), gram_table(other, MODEL)])
    with pytest.raises(BadData, match=r"'client' .* is in more than one part: keep each whole 'therapist' in one part"):
        merge([gram_table(half, MODEL, about), gram_table(half, MODEL, about)])
    with pytest.raises(BadData, match="Tables of different models"):
        merge([gram_table(half, MODEL, about), gram_table(other, replace(MODEL, fixed=("1", "t")), about)])
    for parts, function in (([], merge), ([], pool_centerings)):
        with pytest.raises(BadData):
            function(parts)
    lonely = {**half, "x": np.zeros(len(half["y"]))}  # nobody here has it, elsewhere somebody does
    assert merge([gram_table(lonely, MODEL, about), gram_table(other, MODEL, about)]).n_rows == len(rows()["y"])


def test_a_result_cannot_be_changed_afterwards() -> None:
    found = fit(gram_table(rows(), MODEL), MODEL)
    assert isinstance(found, Fitted)
    with pytest.raises(FrozenInstanceError):
        found.m2ll = 0.0  # type: ignore[misc]
