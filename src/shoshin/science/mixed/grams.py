"""Gram tables: for each innermost group the sums of products of all columns, which is all a nested model needs.

Whoever makes them (numpy here, a database or a site elsewhere) never has to hand over a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.models import INTERCEPT, BadData, Centering, Floats, Ints, NestedModel
from shoshin.science.mixed.rows import Rows, centering, column, group_codes, numbers

__all__ = ["GramTable", "gram_table", "merge", "table_of_sums"]

LARGEST = 2.0**62  # a whole number that surely has room
SAME = 1e-13  # a spread this far below the mean is rounding


@dataclass(frozen=True, eq=False)
class GramTable:
    """Sums of products per innermost group, and how groups lie inside one another.

    `gram` has one row for each pair of `columns` (0 0, 0 1, … 1 1, 1 2, …) and one column for each innermost unit,
    after `centering`; units of one outer group stand together. `parents[l][u]` is the place, at level l + 1, of
    unit u of level l. `ids[l]` are the names of the units of level l, in an array or in what numpy makes one of when
    asked; `n_obs` the rows of each innermost unit.
    """

    columns: tuple[str, ...]
    groups: tuple[str, ...]
    gram: Floats
    n_obs: Ints
    parents: tuple[Ints, ...]
    ids: tuple[Any, ...]
    centering: Centering

    @property
    def n_rows(self) -> int:
        """The rows behind the table."""
        return int(self.n_obs.sum())


def pairs(d: int) -> list[tuple[int, int]]:
    """The pairs of d columns in the order of a Gram table."""
    return [(i, j) for i in range(d) for j in range(i, d)]


def square(packed: Floats, d: int) -> Floats:
    """The symmetric matrix behind one packed column of products."""
    full = np.zeros((d, d))
    for place, (i, j) in enumerate(pairs(d)):
        full[i, j] = full[j, i] = packed[place]
    return full


def gram_table(rows: Rows, model: NestedModel, about: Centering | None = None) -> GramTable:
    """Which sums of products does this model need from these rows?

    Equation: G_u = Σ w w', over the rows of unit u, with w = (fixed, varying, outcome) after centring. Exact: nothing
    that the likelihood depends on is lost. `about` is the centring that several sites have agreed on. Units: none,
    each column being divided by its scale. Source: the identity behind distributed mixed models (Luo 2022).
    Not for: hiding people; a unit with few rows can be read back from its sums.
    """
    about = about or centering(rows, model)
    columns = numbers(rows, model)
    coded = group_codes(rows, model)
    size = len(coded[0][1])
    if any(len(values) != size for values in columns.values()):
        raise BadData("Numbers and groups have not the same number of rows: give one value for each row.")
    refuse_constant(about, model)
    order = np.lexsort([codes for _, codes in coded])
    starts, parents, ids = _tree(coded, order)
    pool = [_shifted(name, columns, about, order) for name in model.pool]
    gram = np.stack([np.add.reduceat(pool[i] * pool[j], starts) for i, j in pairs(len(pool))])
    n_obs = np.diff(np.append(starts, size)).astype(np.int64)
    return GramTable(model.pool, model.groups, gram, n_obs, parents, ids, about)


def table_of_sums(
    units: Rows, sums: Mapping[tuple[str, str], NDArray[Any]], n_obs: NDArray[Any], model: NestedModel, about: Centering
) -> GramTable:
    """Which table is it whose sums were made elsewhere, by a database or a site?

    `units` gives, for each innermost unit, its id and those of the groups around it; `sums` the sums of products
    of each pair of columns (in the order of `model.pool`, a column with itself too) over the unit's rows, after
    `about`: columns less their mean, divided by their scale, "1" as it is; `n_obs` the rows of each unit. Any
    order of units will do.
    """
    coded = group_codes(units, model)
    names, size = model.pool, len(coded[0][1])
    if len(coded[0][0]) < size:
        raise BadData(f"Some {model.groups[0]!r} comes more than once: add its sums up first, one line for each.")
    refuse_constant(about, model)
    wanted = [(names[i], names[j]) for i, j in pairs(len(names))]
    if any(pair not in sums for pair in wanted):
        one, other = next(pair for pair in wanted if pair not in sums)
        raise BadData(f"The sums of {one!r} times {other!r} are missing: give them for every pair of columns.")
    order = _unit_order(coded)
    _, parents, ids = _tree(coded, order)
    gram = np.empty((len(wanted), size))
    for row, (one, other) in zip(gram, wanted, strict=True):
        each = column(f"{one} × {other}", {f"{one} × {other}": sums[one, other]})
        if len(each) != size or len(n_obs) != size:
            raise BadData(f"There are {size:,} units and {len(each):,} sums: give one sum of each pair for each unit.")
        np.take(each, order, out=row, mode="clip")  # straight to its place: a million units are copied once
    return GramTable(names, model.groups, gram, np.asarray(n_obs, np.int64)[order], parents, ids, about)


def _unit_order(coded: list[tuple[NDArray[Any], Ints]]) -> Ints:
    """Units by their outermost group, then by the next. No two are alike, so that one number each can sort them."""
    if np.prod([float(len(names)) for names, _ in coded]) > LARGEST:
        return np.lexsort([codes for _, codes in coded]).astype(np.int64)
    key = coded[-1][1].copy()
    for names, codes in reversed(coded[:-1]):
        key *= len(names)
        key += codes
    key.sort()  # a good deal faster than to ask for the order of the keys, which they tell themselves
    names, codes = coded[0]
    places = np.empty(len(names), dtype=np.int64)
    places[codes] = np.arange(len(codes))
    key %= len(names)
    return places[key]


def merge(parts: Sequence[GramTable]) -> GramTable:
    """Which table would the rows of all these parts have given together?

    Equation: the parts' units side by side. Exact. Every outermost group must lie within one part, and all parts
    must share columns, groups and centring (pool_centerings). Source: as gram_table.
    """
    if not parts:
        raise BadData("There is no table to merge: give one at least.")
    first = parts[0]
    for part in parts[1:]:
        if (part.columns, part.groups) != (first.columns, first.groups):
            raise BadData("Tables of different models cannot be merged: make each for the same columns and groups.")
        if part.centering != first.centering:
            raise BadData("Tables about different means cannot be merged: agree on them first with pool_centerings.")
    ids = tuple(np.concatenate([part.ids[level] for part in parts]) for level in range(len(first.groups)))
    for name, units in zip(first.groups, ids, strict=True):
        distinct, counts = np.unique(units, return_counts=True)
        if (counts > 1).any():
            raise BadData(
                f"{name!r} {distinct[counts > 1][0]} is in more than one part: keep each whole {first.groups[-1]!r} in "
                "one part, and give sites ids that differ."
            )
    parents = []
    for level in range(len(first.parents)):
        offsets = np.cumsum([0, *(len(part.ids[level + 1]) for part in parts[:-1])])
        parents.append(np.concatenate([part.parents[level] + by for part, by in zip(parts, offsets, strict=True)]))
    gram = np.concatenate([part.gram for part in parts], axis=1)
    n_obs = np.concatenate([part.n_obs for part in parts])
    return GramTable(first.columns, first.groups, gram, n_obs, tuple(parents), ids, first.centering)


def outermost(table: GramTable, keep: int) -> GramTable:
    """The part of a table that lies in the first `keep` outermost groups."""
    ends = [keep]
    for parent in reversed(table.parents):
        ends.append(int(np.searchsorted(parent, ends[-1])))
    ends.reverse()
    return GramTable(
        table.columns,
        table.groups,
        table.gram[:, : ends[0]],
        table.n_obs[: ends[0]],
        tuple(parent[:end] for parent, end in zip(table.parents, ends, strict=False)),
        tuple(ids[:end] for ids, end in zip(table.ids, ends, strict=True)),
        table.centering,
    )


def refuse_constant(about: Centering, model: NestedModel) -> None:
    """Columns without any spread cannot be told from the intercept; an outcome without one needs no model."""
    for name in model.pool:
        if name == INTERCEPT or about.scale[name] > SAME * abs(about.mean[name]):
            continue
        if name == model.outcome:
            raise BadData(f"The outcome {name!r} is the same in every row: there is nothing to explain.")
        raise BadData(f"Column {name!r} is the same in every row: leave it out of the model.")


def _shifted(name: str, columns: dict[str, Floats], about: Centering, order: Ints) -> Floats:
    if name == INTERCEPT:
        return np.ones(len(order))
    return (columns[name][order] - about.mean[name]) / about.scale[name]


def _tree(
    coded: list[tuple[NDArray[Any], Ints]], order: Ints
) -> tuple[Ints, tuple[Ints, ...], tuple[NDArray[Any], ...]]:
    """Where each innermost unit's rows start, the parent of each unit, and the units' names, in sorted order."""
    firsts, ids = [], []
    for names, codes in coded:
        ordered = codes[order]
        first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        firsts.append(first)
        ids.append(names[ordered[first]])
    parents = tuple(
        (np.searchsorted(outer, inner, side="right") - 1).astype(np.int64) for inner, outer in pairwise(firsts)
    )
    return firsts[0], parents, tuple(ids)
