"""What can be seen from a Gram table to make a fit impossible, each in one sentence with the way out."""

from collections.abc import Sequence

import numpy as np

from shoshin.science.mixed.grams import GramTable, refuse_constant, square
from shoshin.science.mixed.models import BadData, BadModel, Floats, NestedModel

DEPENDENT = 1e-10  # the part of a column's variance that the columns before it leave, below which it is one of them
EXACT = 1e-14


def check_table(table: GramTable, model: NestedModel) -> None:
    """Refuse a table that this model cannot be fitted to."""
    if (table.columns, table.groups) != (model.pool, model.groups):
        raise BadModel(
            f"The table holds {', '.join(table.columns)} for {', '.join(table.groups)}: make one for this model's "
            "columns and groups."
        )
    shifted = sorted(name for name in model.varying if table.centering.mean.get(name, 0.0))
    if shifted:
        raise BadModel(
            f"The table was made with {shifted[0]!r} about its mean, and here it varies: make one for this model."
        )
    _check_groups(table, model)
    refuse_constant(table.centering, model)
    p = len(model.fixed)
    if table.n_rows <= p:
        raise BadData(f"There are {table.n_rows} rows for {p} fixed columns: use fewer columns, or more rows.")
    total = square(table.gram.sum(axis=1), len(model.pool))
    refuse_dependent(total[:p, :p], model.fixed, "fixed columns")
    for level, term in enumerate(model.random):
        places = model.places(level)
        refuse_dependent(total[np.ix_(places, places)], term.columns, f"columns that vary by {term.group!r}")
    beta = np.linalg.solve(total[:p, :p], total[:p, -1])
    if total[-1, -1] - beta @ total[:p, -1] <= EXACT * total[-1, -1]:
        raise BadData(
            f"The fixed columns give the outcome {model.outcome!r} exactly, so nothing is left to vary: leave out the "
            "column that it was made from."
        )


def _check_groups(table: GramTable, model: NestedModel) -> None:
    sizes = [len(ids) for ids in table.ids]
    for level, (term, units) in enumerate(zip(model.random, sizes, strict=True)):
        if units < 2:
            raise BadData(
                f"There is only one {term.group!r} ({table.ids[level][0]}), so nothing can differ between them: "
                "leave this group out of the model."
            )
        if units * len(term.columns) >= table.n_rows:
            raise BadData(
                f"{units:,} units of {term.group!r} with {len(term.columns)} varying column(s) each cannot be told "
                f"from the residual in {table.n_rows:,} rows: leave the group or a varying column out, or bring more "
                "rows of each."
            )
        outer = level + 1
        if outer < len(sizes) and sizes[outer] == units and set(term.columns) & set(model.random[outer].columns):
            raise BadData(
                f"{term.group!r} and {model.random[outer].group!r} divide the rows in the same way: leave one of them "
                "out."
            )


def refuse_dependent(gram: Floats, names: Sequence[str], kind: str) -> None:
    """Name the first column that is a combination of those before it."""
    for place in range(len(names)):
        before, cross = gram[:place, :place], gram[:place, place]
        weights = np.linalg.solve(before, cross) if place else np.zeros(0)
        if gram[place, place] - weights @ cross > DEPENDENT * gram[place, place]:
            continue
        sizes = np.abs(weights) * np.sqrt(np.diag(before))
        others = [
            repr(name) for name, size in zip(names, sizes, strict=False) if size > 1e-6 * sizes.max(initial=1e-300)
        ]
        made_of = f"can be made from {', '.join(others)}" if others else "is 0 in every row"
        raise BadData(f"Among the {kind}, {names[place]!r} {made_of}: leave one of them out.")
