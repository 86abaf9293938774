"""Sums of products by GROUP BY: rows stay in the engine, and what comes here is one line for each innermost group.

First the means, from all rows; then products of columns about them. In this order, because products of columns that
lie far from 0 lose their digits. Every expression is Ibis and lazy, so that DuckDB and Spark are asked the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart.extras import the
from shoshin.science.mixed import (
    INTERCEPT,
    BadData,
    Centering,
    GramTable,
    NestedModel,
    centering_of_sums,
    table_of_sums,
)

__all__ = ["Gathered", "centering_of_table", "gathered", "sums_in", "unit_sums", "without_gaps"]


@dataclass(frozen=True, eq=False)
class Gathered:
    """A Gram table, the rows that lacked something and so are not in it, and how often each column was the cause."""

    grams: GramTable
    n_dropped: int
    missing: Mapping[str, int]


@dataclass(frozen=True)
class _Looked:
    """The model's columns of the complete rows, still in the engine, and what one look at all rows has told."""

    complete: Any
    means: Mapping[str, float]
    spreads: Mapping[str, float]
    n_rows: int
    n_dropped: int
    missing: Mapping[str, int]


def gathered(table: Any, model: NestedModel, about: Centering | None = None) -> Gathered:
    """Which sums of products does this model need from the rows of this Ibis table?

    Exactly those of `science.mixed.gram_table` on the same rows, up to the order of adding. Rows that lack a value in
    a column of the model are left out before the means are taken, and counted. `about` is the centring that several
    sites have agreed on. Raises BadData for a column that is absent, no number, infinite or constant, and for groups
    that do not lie inside one another.
    """
    looked = _look(table, model)
    about = about or _centering(looked, model)
    units = unit_sums(looked.complete, model, about).order_by(model.groups[::-1]).to_pyarrow()
    return Gathered(_table_of(units, model, about), looked.n_dropped, looked.missing)


def without_gaps(table: Any, model: NestedModel) -> Any:
    """The rows of this Ibis table, with all their columns, that lack nothing this model needs."""
    return table.filter(~the("ibis").or_(*_gaps(_columns(table, model), model).values()))


def centering_of_table(table: Any, model: NestedModel) -> Centering:
    """Around which figures are the columns of this Ibis table taken? Means and spreads of its complete rows."""
    return _centering(_look(table, model), model)


def _look(table: Any, model: NestedModel) -> _Looked:
    ibis = the("ibis")
    numbers = [name for name in model.pool if name != INTERCEPT]
    rows = table.select(**_columns(table, model))
    gaps = _gaps({name: rows[name] for name in rows.columns}, model)
    is_complete = ~ibis.or_(*gaps.values())
    asked = {"all_rows": rows.count(), "kept": is_complete.cast("int64").sum()}
    asked |= {f"missing_{place}": gap.cast("int64").sum() for place, gap in enumerate(gaps.values())}
    for place, name in enumerate(numbers):
        is_infinite = rows[name].isinf().fill_null(False)
        asked[f"infinite_{place}"] = (is_complete & is_infinite).cast("int64").sum()
        asked[f"mean_{place}"] = rows[name].mean(where=is_complete & ~is_infinite)
        asked[f"variance_{place}"] = rows[name].var(where=is_complete & ~is_infinite, how="pop")
    (found,) = rows.aggregate(**asked).to_pyarrow().to_pylist()
    kept = int(found["kept"] or 0)
    if not kept:
        raise BadData("There is no row with a value in every column of the model: nothing can be fitted.")
    for place, name in enumerate(numbers):
        if found[f"infinite_{place}"]:
            raise BadData(
                f"Column {name!r} has {int(found[f'infinite_{place}']):,} infinite value(s): correct them, or leave "
                "those rows out."
            )
    missing = {name: int(found[f"missing_{place}"]) for place, name in enumerate(gaps)}
    return _Looked(
        complete=rows.filter(is_complete),
        means={name: float(found[f"mean_{place}"]) for place, name in enumerate(numbers)},
        spreads={name: sqrt(max(0.0, found[f"variance_{place}"])) for place, name in enumerate(numbers)},
        n_rows=kept,
        n_dropped=int(found["all_rows"]) - kept,
        missing={name: count for name, count in missing.items() if count},
    )


def _columns(table: Any, model: NestedModel) -> dict[str, Any]:
    numbers = {name: _number(table, name) for name in model.pool if name != INTERCEPT}
    return numbers | {name: _named(table, name) for name in model.groups}


def _gaps(columns: Mapping[str, Any], model: NestedModel) -> dict[str, Any]:
    """Where each column lacks a value. NaN is a missing number; what is infinite is none, and is refused."""
    gaps = {}
    for name, column in columns.items():
        gap = column.isnull()
        gaps[name] = gap if name in model.groups else gap | column.isnan().fill_null(False)
    return gaps


def _named(table: Any, name: str) -> Any:
    if name not in table.columns:
        raise BadData(f"There is no column {name!r}: the table has {', '.join(table.columns)}.")
    return table[name]


def _number(table: Any, name: str) -> Any:
    column = _named(table, name)
    if not (column.type().is_numeric() or column.type().is_boolean()):
        raise BadData(
            f"Column {name!r} is not made of numbers: code words as columns of 0 and 1, one for each word but the "
            "first."
        )
    return column.cast("int8").cast("float64") if column.type().is_boolean() else column.cast("float64")


def _centering(looked: _Looked, model: NestedModel) -> Centering:
    # A mean that is off by rounding does no harm: every result is turned back by the same figure.
    return centering_of_sums(looked.means, looked.spreads, looked.n_rows, model)


def unit_sums(rows: Any, model: NestedModel, about: Centering) -> Any:
    """One line for each combination of the model's groups, not yet asked for: its number of rows, and the sums."""
    shifted: dict[str, Any] = {}
    for place, name in enumerate(model.pool):
        if name != INTERCEPT:
            shifted[f"w{place}"] = (rows[name] - about.mean[name]) / about.scale[name]
    groups = list(model.groups)
    about_means = rows.select(**{name: rows[name] for name in groups}, **shifted)
    sums: dict[str, Any] = {"n_obs": about_means.count()}
    for i, one in enumerate(model.pool):
        for j, other in enumerate(model.pool[i:], start=i):
            factors = [about_means[f"w{at}"] for at, name in ((i, one), (j, other)) if name != INTERCEPT]
            if len(factors) == 2:
                sums[f"s{i}_{j}"] = (factors[0] * factors[1]).sum()
            elif factors:
                sums[f"s{i}_{j}"] = factors[0].sum()
    return about_means.group_by(groups).aggregate(**sums)


def sums_in(units: Any, model: NestedModel) -> tuple[NDArray[np.int64], dict[tuple[str, str], NDArray[np.float64]]]:
    """Of what `unit_sums` answered: the number of rows of each line, and the sums by pair of columns."""
    pool = model.pool
    n_obs = units.column("n_obs").to_numpy().astype(np.int64)
    sums: dict[tuple[str, str], NDArray[np.float64]] = {}
    for i, one in enumerate(pool):
        for j, other in enumerate(pool[i:], start=i):
            ones = one == other == INTERCEPT
            sums[one, other] = n_obs.astype(float) if ones else units.column(f"s{i}_{j}").to_numpy()
    return n_obs, sums


def _table_of(units: Any, model: NestedModel, about: Centering) -> GramTable:
    n_obs, sums = sums_in(units, model)
    names = {name: units.column(name).combine_chunks().dictionary_encode() for name in model.groups}
    codes = {name: each.indices.to_numpy() for name, each in names.items()}
    try:
        # By numbers first: a million names take seconds to sort, and stand in order already.
        table = table_of_sums(codes, sums, n_obs, model, about)
    except BadData:
        words = {name: np.array(units.column(name).to_pylist()) for name in model.groups}
        return table_of_sums(words, sums, n_obs, model, about)
    named = (np.array(names[group].dictionary.to_pylist()) for group in model.groups)
    return replace(table, ids=tuple(each[ids] for each, ids in zip(named, table.ids, strict=True)))
