"""The sums that a linear mixed model needs, made where the rows lie: one question for the means, one GROUP BY."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart.design import Design
from shoshin.mart.grams import sums_in, unit_sums
from shoshin.science.mixed import (
    INTERCEPT,
    BadData,
    Centering,
    GramTable,
    NestedModel,
    RandomTerm,
    centering_of_sums,
    table_of_sums,
)

__all__ = ["Cells", "cells_of", "centering_of", "linear_model", "nested_table", "refuse_single", "table_by"]


@dataclass(frozen=True, eq=False)
class Cells:
    """One line for each combination of groups: the number of each group's unit, its sums of products, its rows.

    `crossed` names two groups of which neither lies within the other, and a unit of the first that shows it.
    """

    codes: Mapping[str, NDArray[np.int64]]
    sums: Mapping[tuple[str, str], NDArray[np.float64]]
    n_obs: NDArray[np.int64]
    crossed: tuple[str, str, str] | None


def linear_model(made: Design, *, reml: bool) -> NestedModel:
    """The model of a design, its groups from the one with most units to the one with fewest."""
    ordered = sorted(made.random, key=lambda one: -made.units[one.group])
    terms = tuple(RandomTerm(one.group, one.columns, one.correlated) for one in ordered)
    return NestedModel(made.outcome, made.fixed, terms, reml)


def refuse_single(made: Design) -> None:
    """A group with one unit has nothing to differ."""
    for group, units in made.units.items():
        if units < 2:
            raise BadData(
                f"There is only one {group!r}, so nothing can differ between them: leave this group out of the formula."
            )


def centering_of(made: Design, model: NestedModel) -> Centering:
    """What shoshin.science.mixed.centering would say of these rows."""
    names = [name for name in model.pool if name != INTERCEPT]
    asked = {f"{made.places[name]}m": made.rows[made.places[name]].mean() for name in names}
    asked |= {f"{made.places[name]}v": made.rows[made.places[name]].var(how="pop") for name in names}
    found = made.rows.aggregate(**asked).to_pyarrow().to_pylist()[0]
    middles = {name: found[f"{made.places[name]}m"] for name in names}
    spreads = {name: sqrt(max(found[f"{made.places[name]}v"], 0.0)) for name in names}
    about = centering_of_sums(middles, spreads, made.n_rows, model)
    for name in names:
        if spreads[name] == 0 or about.scale[name] <= 1e-13 * abs(middles[name]):
            if name == model.outcome:
                raise BadData(f"The outcome {name!r} is the same in every row: there is nothing to explain.")
            raise BadData(f"Column {name!r} is the same in every row: leave it out of the model.")
    return about


def cells_of(made: Design, model: NestedModel, about: Centering) -> Cells:
    """The sums of products of every combination of groups, and whether some groups cross."""
    rows = made.rows
    named = {name: rows[made.places[name]] for name in model.pool if name != INTERCEPT}
    named |= {one.group: rows[one.key] for one in made.random}
    found = unit_sums(rows.select(**named), model, about).to_pyarrow()
    n_obs, sums = sums_in(found, model)
    ids = {group: _coded(found[group]) for group in model.groups}
    codes = {group: coded for group, (_, coded) in ids.items()}
    return Cells(codes, dict(sums), n_obs, _crossing(model.groups, ids))


def _coded(column: Any) -> tuple[Any, NDArray[np.int64]]:
    """The names of the units, and for each line the number of its unit."""
    coded = column.combine_chunks().dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _crossing(groups: Sequence[str], ids: Mapping[str, tuple[Any, NDArray[np.int64]]]) -> tuple[str, str, str] | None:
    """The first two neighbouring groups, finest first, of which one is not within the other."""
    for inner, outer in pairwise(groups):
        names, codes = ids[inner]
        home = np.zeros(len(names), dtype=np.int64)
        home[codes] = ids[outer][1]
        strays = np.flatnonzero(home[codes] != ids[outer][1])
        if strays.size:
            return inner, outer, str(names[int(codes[strays[0]])].as_py()).replace("\x1f", ":")
    return None


def nested_table(cells: Cells, model: NestedModel, about: Centering) -> GramTable:
    """The table of sums for groups that lie inside one another."""
    return table_of_sums({name: cells.codes[name] for name in model.groups}, cells.sums, cells.n_obs, model, about)


def table_by(cells: Cells, model: NestedModel, about: Centering, group: str) -> tuple[GramTable, NestedModel]:
    """The table of sums as if there were this one group, and the model it belongs to."""
    term = model.random[model.level(group)]
    alone = NestedModel(model.outcome, model.fixed, (term,), model.reml)
    codes = cells.codes[group]
    units = int(codes.max()) + 1
    names = alone.pool
    wanted = [(names[i], names[j]) for i in range(len(names)) for j in range(i, len(names))]
    sums = {}
    for one, two in wanted:
        cell = cells.sums[one, two] if (one, two) in cells.sums else cells.sums[two, one]
        sums[one, two] = np.bincount(codes, weights=cell, minlength=units)
    n_obs = np.bincount(codes, weights=cells.n_obs, minlength=units).astype(np.int64)
    return table_of_sums({group: np.arange(units)}, sums, n_obs, alone, about), alone
