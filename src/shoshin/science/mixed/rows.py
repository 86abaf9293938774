"""From rows as they come to columns fit for a model: what is missing, what is no number, what is crossed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.models import INTERCEPT, BadData, Centering, Floats, Ints, LogisticModel, NestedModel
from shoshin.science.reasons import Reason

__all__ = ["CompleteRows", "centering", "centering_of_sums", "complete_rows", "pool_centerings"]

Rows = Mapping[str, Any]
FARTHEST = 1_000.0  # a varying column farther from 0 than so many of its spreads leaves too few digits


@dataclass(frozen=True, eq=False)
class CompleteRows:
    """The rows in which nothing is missing, how many were left out, and how often each column was the cause."""

    rows: Mapping[str, NDArray[Any]]
    n_dropped: int
    missing: Mapping[str, int]
    reasons: tuple[Reason, ...]


def complete_rows(rows: Rows, model: NestedModel | LogisticModel) -> CompleteRows:
    """Which rows have a value in every column of the model?

    `rows` maps each column to its values, None or NaN where one is missing. A row can lack several columns, so
    the counts may add up to more than `n_dropped`. Source: complete cases, as lme4 does. Not for: outcomes whose
    absence depends on what they would have been, where the rows that are left mislead.
    """
    columns = {name: as_floats(name, rows) for name in model.pool if name != INTERCEPT}
    ids = {name: _as_ids(name, rows) for name in model.groups}
    size = same_length({**columns, **ids})
    gaps = {name: np.isnan(values) for name, values in columns.items()}
    gaps |= {name: _gaps(values) for name, values in ids.items()}
    keep = ~np.logical_or.reduce([*gaps.values(), np.zeros(size, dtype=bool)])
    missing = {name: int(gap.sum()) for name, gap in gaps.items() if gap.any()}
    dropped = size - int(keep.sum())
    code = "rows_left_out" if dropped else "all_rows_used"
    reasons = [Reason(code, {"rows": size, "left_out": dropped})]
    reasons += [Reason("missing_in_column", {"column": name, "rows": count}) for name, count in missing.items()]
    kept = {name: values[keep] for name, values in {**columns, **ids}.items()}
    return CompleteRows(kept, dropped, missing, tuple(reasons))


def centering(rows: Rows, model: NestedModel) -> Centering:
    """Around which figures are the columns taken before products are formed?

    Equation: mean and standard deviation of the outcome and of each column that is only fixed; 0 and the root mean
    square for a column that varies between groups; 0 and 1 for the intercept. Without an intercept nothing is
    shifted. Units: those of the columns. Source: ours; without it an outcome far from 0 loses its digits.
    """
    columns = numbers(rows, model)
    size = same_length(columns)
    if not size:
        raise BadData("There are no rows: nothing can be fitted to them.")
    middles = {name: values[0] + float((values - values[0]).mean()) for name, values in columns.items()}
    spreads = {name: float(np.sqrt(((values - middles[name]) ** 2).mean())) for name, values in columns.items()}
    return centering_of_sums(middles, spreads, size, model)


def centering_of_sums(
    middles: Mapping[str, float], spreads: Mapping[str, float], n_rows: int, model: NestedModel
) -> Centering:
    """Around which figures are columns taken whose means and standard deviations were made elsewhere?

    Equation: as centering, from each column's mean and (population) standard deviation over all `n_rows` rows. Units:
    those of the columns. Source: as centering. Not for: means of other rows than the sums will be made of; the fit
    stays exact, but may lose digits.
    """
    mean: dict[str, float] = {}
    scale: dict[str, float] = {}
    for name, middle in middles.items():
        spread = spreads[name]
        stays = name not in model.shifted
        mean[name] = 0.0 if stays else middle
        scale[name] = float(np.hypot(middle, spread)) if stays else spread
        if name in model.varying and abs(middle) > FARTHEST * spread > 0:
            raise BadData(
                f"Column {name!r} lies far from 0 for its spread: take its mean, or a round figure near it, off first."
            )
    return Centering(mean, scale, n_rows)


def pool_centerings(parts: Sequence[Centering]) -> Centering:
    """Around which figures do several sites agree to take their columns?

    Equation: mean = Σ n m / Σ n; scale² = Σ n (s² + (m − mean)²) / Σ n. Units: those of the columns. Exact, so that
    sites agree in one round, and each sends means, spreads and its number of rows only.
    """
    if not parts or any(set(part.mean) != set(parts[0].mean) for part in parts):
        raise BadData("Sites can only be brought together if each gives its means, for the same columns.")
    total = sum(part.n_rows for part in parts)
    mean = {name: sum(part.n_rows * part.mean[name] for part in parts) / total for name in parts[0].mean}
    scale = {
        name: float(np.sqrt(sum(p.n_rows * (p.scale[name] ** 2 + (p.mean[name] - middle) ** 2) for p in parts) / total))
        for name, middle in mean.items()
    }
    return Centering(mean, scale, total)


def numbers(rows: Rows, model: NestedModel) -> dict[str, Floats]:
    """The model's columns as finite numbers, the intercept aside; refuses what is missing or infinite."""
    found: dict[str, Floats] = {}
    for name in model.pool:
        if name != INTERCEPT:
            found[name] = column(name, rows)
    return found


def column(name: str, rows: Rows) -> Floats:
    """One column as finite numbers."""
    values = as_floats(name, rows)
    if not np.isfinite(values).all():
        _refuse_gaps(name, np.isnan(values))
        count = int((~np.isfinite(values)).sum())
        raise BadData(f"Column {name!r} has {_values(count, 'infinite')}: correct them, or leave those rows out.")
    return values


def group_codes(rows: Rows, model: NestedModel) -> list[tuple[NDArray[Any], Ints]]:
    """For each group, from the innermost: its distinct ids, and for each row which of them it bears."""
    coded = [ids_of(name, rows) for name in model.groups]
    same_length({name: codes for name, (_, codes) in zip(model.groups, coded, strict=True)})
    for level, (inner, outer) in enumerate(pairwise(coded)):
        _refuse_crossed(model.groups[level], model.groups[level + 1], inner, outer)
    return coded


def ids_of(name: str, rows: Rows) -> tuple[NDArray[Any], Ints]:
    """The distinct ids of a group, and for each row which of them it bears."""
    ids = _as_ids(name, rows)
    _refuse_gaps(name, _gaps(ids))
    if _are_codes(ids):
        return np.arange(int(ids.max()) + 1), ids.astype(np.int64, copy=False)
    try:
        distinct, codes = np.unique(ids, return_inverse=True)
    except TypeError:
        raise BadData(f"Column {name!r} mixes words and numbers: write every id the same way.") from None
    return distinct, codes.reshape(-1).astype(np.int64)


def _are_codes(ids: NDArray[Any]) -> bool:
    """Whether these are the whole numbers from 0 on, each there: then nothing has to be sorted to know them."""
    if ids.dtype.kind not in "iu" or not ids.size or ids.min() != 0 or ids.max() >= ids.size:
        return False
    return bool(np.bincount(ids).all())


def _refuse_crossed(
    inner_name: str, outer_name: str, inner: tuple[NDArray[Any], Ints], outer: tuple[NDArray[Any], Ints]
) -> None:
    names, codes = inner
    if len(names) == len(codes):
        return  # each comes once
    home = np.zeros(len(names), dtype=np.int64)
    home[codes] = outer[1]
    strays = np.flatnonzero(home[codes] != outer[1])
    if strays.size:
        unit = names[codes[strays[0]]]
        crossed = len(np.unique(codes[strays]))
        raise BadData(
            f"{inner_name!r} {unit} appears under more than one {outer_name!r} ({crossed:,} such in all), so the "
            f"groups are crossed and not nested: give each {inner_name!r} an id of its own within its {outer_name!r}, "
            "or use a model for crossed groups."
        )


def as_floats(name: str, rows: Rows) -> Floats:
    values = np.asarray(_column(name, rows))
    if values.ndim == 1 and values.dtype.kind in "biuf":
        return values.astype(np.float64, copy=False)
    if values.ndim == 1 and values.dtype.kind == "O" and all(_is_number(value) for value in values):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    raise BadData(
        f"Column {name!r} is not made of numbers: code words as columns of 0 and 1, one for each word but the first."
    )


def _is_number(value: object) -> bool:
    return value is None or (not isinstance(value, str | bytes) and hasattr(value, "__float__"))


def _as_ids(name: str, rows: Rows) -> NDArray[Any]:
    ids = np.asarray(_column(name, rows))
    if ids.ndim != 1:
        raise BadData(f"Column {name!r} is no plain column: give one id for each row.")
    return ids


def _column(name: str, rows: Rows) -> Any:
    if name not in rows:
        raise BadData(f"There is no column {name!r}: the rows have {', '.join(map(str, rows)) or 'none at all'}.")
    return rows[name]


def _gaps(ids: NDArray[Any]) -> NDArray[np.bool_]:
    if ids.dtype.kind == "O":
        return np.array([one is None or one != one for one in ids], dtype=bool)
    if ids.dtype.kind in "fmM":
        gaps: NDArray[np.bool_] = np.isnan(ids)
        return gaps
    return np.zeros(len(ids), dtype=bool)


def _refuse_gaps(name: str, gaps: NDArray[np.bool_]) -> None:
    if gaps.any():
        count = _values(int(gaps.sum()), "missing")
        raise BadData(f"Column {name!r} has {count}: leave those rows out with complete_rows, which counts them.")


def _values(count: int, kind: str) -> str:
    return f"{count:,} {kind} value{'s' if count > 1 else ''}"


def same_length(columns: Mapping[str, NDArray[Any]]) -> int:
    (first, size), *others = [(name, len(values)) for name, values in columns.items()]
    for name, length in others:
        if length != size:
            raise BadData(
                f"Column {first!r} has {size:,} rows and column {name!r} has {length:,}: give each one value a row."
            )
    return size
