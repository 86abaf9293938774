"""Sums of products by GROUP BY: rows stay in the engine, and what comes here is one line for each innermost group.

Products of columns that lie far from 0 lose their digits, so they are formed about means. All rows are gone through
once: about the means of the first rows, and the sums are turned to the means of all, which they tell. Where this does
not do, a look at all rows tells means and gaps first. Spreads come out of the products: asked for, they would cost the
engine more than that look. Every expression is Ibis and lazy, so that DuckDB and Spark are asked the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import isfinite, sqrt
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart.extras import the
from shoshin.mart.names import Names, coded_names
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

SORTED = 50_000  # units of a group up to which they stand in the order of their names
FIRST = 2_000  # rows whose means are tried in place of the means of all
NEAR = 5.0  # spreads that the one mean may be off the other: farther costs digits
NEAR_NOUGHT = 100.0  # the same of columns that are taken about 0 in any case, where only their spread loses some
LEAST = 1e-200  # a variance below this may have lost some to the smallest number there is


@dataclass(frozen=True, eq=False)
class Gathered:
    """A Gram table, the rows that lacked something and so are not in it, and how often each column was the cause."""

    grams: GramTable
    n_dropped: int
    missing: Mapping[str, int]


@dataclass(frozen=True)
class _Looked:
    """The model's columns of the complete rows, still in the engine, and what one look at all rows has told.

    `reaches` are half the way from the smallest to the largest value of each column: no spread is larger.
    """

    complete: Any
    means: Mapping[str, float]
    reaches: Mapping[str, float]
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
    rows = table.select(**_columns(table, model))
    grams = _in_one_pass(rows, model, about)
    if grams:
        return Gathered(grams, 0, {})
    looked = _look(rows, model)
    taken = about or centering_of_sums(looked.means, looked.reaches, looked.n_rows, model)
    grams = _table_or_why(unit_sums(looked.complete, model, taken).to_pyarrow(), model, taken)
    return Gathered(grams if about else _by_spreads(grams, looked, model), looked.n_dropped, looked.missing)


def without_gaps(table: Any, model: NestedModel) -> Any:
    """The rows of this Ibis table, with all their columns, that lack nothing this model needs."""
    return table.filter(~the("ibis").or_(*_gaps(_columns(table, model), model).values()))


def centering_of_table(table: Any, model: NestedModel) -> Centering:
    """Around which figures are the columns of this Ibis table taken? Means and spreads of its complete rows."""
    looked = _look(table.select(**_columns(table, model)), model)
    asked = {f"variance_{place}": looked.complete[name].var(how="pop") for place, name in enumerate(looked.means)}
    (found,) = looked.complete.aggregate(**asked).to_pyarrow().to_pylist()
    spreads = {name: sqrt(max(0.0, found[f"variance_{place}"])) for place, name in enumerate(looked.means)}
    return centering_of_sums(looked.means, spreads, looked.n_rows, model)


def _in_one_pass(rows: Any, model: NestedModel, about: Centering | None) -> GramTable | None:
    """The sums about the means of the first rows, turned to the means of all. None where only a look at all can tell.

    That is where something is missing or infinite, where those means lie too far apart, and where anything is refused.
    """
    taken = about or _guessed(rows, model)
    if taken is None:
        return None
    units = unit_sums(rows, model, taken, and_whole=True).to_pyarrow()
    unnamed = sum(units.column(name).null_count for name in model.groups)
    if unnamed or not units.column("n_whole").equals(units.column("n_obs")):
        return None
    try:
        table = _table_of(units, model, taken)
    except BadData:
        return None
    return table if about else _about_means(table, model)


def _guessed(rows: Any, model: NestedModel) -> Centering | None:
    """The means of the first rows as a centring. None where even these lack something, or no mean can be added up."""
    if INTERCEPT not in model.pool:
        return None  # the sums would not tell the means
    first, numbers = rows.limit(FIRST), [name for name in model.pool if name != INTERCEPT]
    counts = {"kept": first.count()} | {f"there_{place}": first[name].count() for place, name in enumerate(numbers)}
    middles = {f"mean_{place}": first[name].mean() for place, name in enumerate(model.shifted)}
    (found,) = first.aggregate(**counts, **middles).to_pyarrow().to_pylist()
    if not found["kept"] or any(found[name] != found["kept"] for name in counts):
        return None
    means = dict.fromkeys(numbers, 0.0) | {name: found[f"mean_{place}"] for place, name in enumerate(model.shifted)}
    whole = all(isfinite(mean) for mean in means.values())
    return Centering(means, dict.fromkeys(numbers, 1.0), found["kept"]) if whole else None


def _look(rows: Any, model: NestedModel) -> _Looked:
    return _whole(rows, model) or _with_gaps(rows, model)


def _whole(rows: Any, model: NestedModel) -> _Looked | None:
    """What is told of rows that lack nothing, which most tables are. None where anything is missing or infinite."""
    numbers = [name for name in model.pool if name != INTERCEPT]
    asked = {"kept": rows.count()}
    asked |= {f"there_{place}": rows[name].count() for place, name in enumerate(rows.columns)}
    asked |= _middles({name: rows[name] for name in numbers}, None)
    (found,) = rows.aggregate(**asked).to_pyarrow().to_pylist()
    kept = int(found["kept"])
    told = _told(found, numbers)
    # A value that is no number or infinite shows in the mean, too.
    if not kept or any(found[f"there_{place}"] != kept for place in range(len(rows.columns))) or told is None:
        return None
    return _Looked(rows, *told, kept, 0, {})


def _with_gaps(rows: Any, model: NestedModel) -> _Looked:
    """The same of those rows that lack nothing, and how often each column was the cause."""
    ibis = the("ibis")
    numbers = [name for name in model.pool if name != INTERCEPT]
    gaps = _gaps({name: rows[name] for name in rows.columns}, model)
    is_complete = ~ibis.or_(*gaps.values())
    asked = {"all_rows": rows.count(), "kept": is_complete.cast("int64").sum()}
    asked |= {f"missing_{place}": gap.cast("int64").sum() for place, gap in enumerate(gaps.values())}
    for place, name in enumerate(numbers):
        is_infinite = rows[name].isinf().fill_null(False)
        asked[f"infinite_{place}"] = (is_complete & is_infinite).cast("int64").sum()
    asked |= _middles({name: rows[name] for name in numbers}, is_complete)
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
    told = _told(found, numbers)
    if told is None:
        raise BadData("The numbers of some column are too large to be added up: give it in another unit.")
    missing = {name: int(found[f"missing_{place}"]) for place, name in enumerate(gaps)}
    missing = {name: count for name, count in missing.items() if count}
    return _Looked(rows.filter(is_complete), *told, kept, int(found["all_rows"]) - kept, missing)


def _middles(columns: Mapping[str, Any], where: Any) -> dict[str, Any]:
    """What is asked of each column: mean, smallest and largest value."""
    asked = {f"mean_{place}": column.mean(where=where) for place, column in enumerate(columns.values())}
    asked |= {f"least_{place}": column.min(where=where) for place, column in enumerate(columns.values())}
    return asked | {f"most_{place}": column.max(where=where) for place, column in enumerate(columns.values())}


def _told(found: Mapping[str, Any], numbers: Sequence[str]) -> tuple[dict[str, float], dict[str, float]] | None:
    """Mean and reach of each column, from what `_middles` asked; None where one of them is no number."""
    means = {name: found[f"mean_{place}"] for place, name in enumerate(numbers)}
    ends = [found[f"{end}_{place}"] for end in ("least", "most") for place in range(len(numbers))]
    if not all(value is not None and isfinite(value) for value in (*means.values(), *ends)):
        return None
    reaches = {name: found[f"most_{place}"] / 2 - found[f"least_{place}"] / 2 for place, name in enumerate(numbers)}
    return {name: float(mean) for name, mean in means.items()}, reaches


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


def unit_sums(rows: Any, model: NestedModel, about: Centering, *, and_whole: bool = False) -> Any:
    """One line for each combination of the model's groups, not yet asked for: its number of rows, and the sums.

    `and_whole` adds how many of the rows have a value in each column of the model that is a number.
    """
    shifted: dict[str, Any] = {}
    for place, name in enumerate(model.pool):
        if name != INTERCEPT:
            moved = rows[name] - about.mean[name] if about.mean[name] else rows[name]
            shifted[f"w{place}"] = moved / about.scale[name] if about.scale[name] != 1 else moved
    groups = list(model.groups)
    about_means = rows.select(**{name: rows[name] for name in groups}, **shifted)
    sums: dict[str, Any] = {"n_obs": about_means.count()}
    if and_whole:
        sums["n_whole"] = reduce(
            add, (about_means[name] for name in shifted)
        ).count()  # + of what is missing is missing
    for i, one in enumerate(model.pool):
        for j, other in enumerate(model.pool[i:], start=i):
            factors = [about_means[f"w{at}"] for at, name in ((i, one), (j, other)) if name != INTERCEPT]
            if len(factors) == 2:
                sums[f"s{i}_{j}"] = (factors[0] * factors[1]).sum()
            elif factors:
                sums[f"s{i}_{j}"] = factors[0].sum()
    return about_means.group_by(groups).aggregate(**sums)


def sums_in(units: Any, model: NestedModel) -> tuple[NDArray[np.int64], Mapping[tuple[str, str], NDArray[np.float64]]]:
    """Of what `unit_sums` answered: the number of rows of each line, and the sums by pair of columns."""
    n_obs = units.column("n_obs").to_numpy().astype(np.int64, copy=False)
    return n_obs, _Sums(units, n_obs, tuple(_pairs(model.pool)))


@dataclass(frozen=True, eq=False)
class _Sums(Mapping[tuple[str, str], NDArray[np.float64]]):
    """The sums by pair of columns, each taken out when it is asked for: a million units are not held twice."""

    units: Any
    n_obs: NDArray[np.int64]
    pairs: Sequence[tuple[str, str]]

    def __getitem__(self, pair: tuple[str, str]) -> NDArray[np.float64]:
        if pair not in self.pairs:
            raise KeyError(pair)
        if pair == (INTERCEPT, INTERCEPT):
            return self.n_obs.astype(float)
        pool = [one for one, other in self.pairs if one == other]
        found: NDArray[np.float64] = self.units.column(f"s{pool.index(pair[0])}_{pool.index(pair[1])}").to_numpy()
        return found

    def __contains__(self, pair: object) -> bool:
        return pair in self.pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)


def _by_spreads(table: GramTable, looked: _Looked, model: NestedModel) -> GramTable:
    """The table with each column divided by its spread, which follows from the sums, and no longer by its reach."""
    # A mean that is off by rounding does no harm: every result is turned back by the same figure.
    by_reach, pool, n = table.centering, model.pool, looked.n_rows
    total = {pair: float(row.sum()) for pair, row in zip(_pairs(pool), table.gram, strict=True)}
    spreads = {}
    for name in looked.means:
        middle = (looked.means[name] - by_reach.mean[name]) / by_reach.scale[name]
        spreads[name] = by_reach.scale[name] * sqrt(max(0.0, total[name, name] / n - middle * middle))
    about = centering_of_sums(looked.means, spreads, n, model)
    by = {name: by_reach.scale[name] / about.scale[name] if about.scale[name] else 1.0 for name in looked.means}
    by[INTERCEPT] = 1.0
    gram = table.gram * np.array([by[one] * by[other] for one, other in _pairs(pool)])[:, None]
    return replace(table, gram=gram, centering=about)


def _about_means(table: GramTable, model: NestedModel) -> GramTable | None:
    """The same table about the means of all rows and by their spreads; None where that would cost digits."""
    guess, pool, n, gram = table.centering, model.pool, table.n_rows, table.gram
    at = {pair: place for place, pair in enumerate(_pairs(pool))}
    at |= {(other, one): place for (one, other), place in at.items()}
    total = gram.sum(axis=1) / n
    means, spreads = {}, {}
    for name in guess.mean:
        off = float(total[at[INTERCEPT, name]])
        variance = float(total[at[name, name]]) - off * off
        near = NEAR if name in model.shifted else NEAR_NOUGHT
        if not variance > LEAST or off * off > near * near * variance:
            return None
        means[name], spreads[name] = guess.mean[name] + off, sqrt(variance)
    about = centering_of_sums(means, spreads, n, model)
    by = {name: about.mean[name] - guess.mean[name] for name in model.shifted}
    for (one, other), row in zip(_pairs(pool), gram, strict=True):
        # The sums of one column come last: those of two are turned by them as they were.
        for moved, fixed in ((one, other), (other, one)):
            if moved in by and INTERCEPT not in (one, other):
                row -= by[moved] * gram[at[INTERCEPT, fixed]]
        if one in by and other in by:
            row += (by[one] * by[other]) * table.n_obs
    for name, far in by.items():
        gram[at[INTERCEPT, name]] -= far * table.n_obs
    units = {**about.scale, INTERCEPT: 1.0}
    gram /= np.array([units[one] * units[other] for one, other in _pairs(pool)])[:, None]
    return replace(table, centering=about)


def _pairs(pool: Sequence[str]) -> list[tuple[str, str]]:
    return [(one, other) for place, one in enumerate(pool) for other in pool[place:]]


def _table_of(units: Any, model: NestedModel, about: Centering) -> GramTable:
    """The table of these sums. By numbers, for a million names take seconds to sort; so a refusal calls no names."""
    n_obs, sums = sums_in(units, model)
    coded = [coded_names(units.column(name), SORTED, likely_once=name == model.groups[0]) for name in model.groups]
    codes = {name: codes for name, (_, codes) in zip(model.groups, coded, strict=True)}
    table = table_of_sums(codes, sums, n_obs, model, about)
    return replace(table, ids=tuple(Names(names, ids) for (names, _), ids in zip(coded, table.ids, strict=True)))


def _table_or_why(units: Any, model: NestedModel, about: Centering) -> GramTable:
    """The same, and what is refused is called by its name."""
    try:
        return _table_of(units, model, about)
    except BadData:
        words = {name: np.array(units.column(name).to_pylist()) for name in model.groups}
        n_obs, sums = sums_in(units, model)
        return table_of_sums(words, sums, n_obs, model, about)
