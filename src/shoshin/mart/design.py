"""From a formula and a file's columns to numbers: which rows are whole, and which figure each term gives a row."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from shoshin.mart.formulas import Factor, Formula, Term
from shoshin.science.mixed import INTERCEPT, BadData

if TYPE_CHECKING:
    import ibis

__all__ = ["MOST_WORDS", "Design", "RandomColumns", "design"]

MOST_WORDS = 50  # words a column may hold before it is no category
BETWEEN = "\x1f"  # joins the ids of several columns; no file has it


@dataclass(frozen=True)
class RandomColumns:
    """A group, the database column that holds its ids, and the names of the columns that differ between its units."""

    group: str
    key: str
    columns: tuple[str, ...]
    correlated: bool


@dataclass(frozen=True, eq=False)
class Design:
    """Whole rows as numbers. `places` gives, for the name of each figure, its database column.

    `n_rows` counts the whole rows, `n_dropped` those left out, `missing` how often each column was the cause, and
    `units` the units of each group.
    """

    rows: "ibis.Table"
    outcome: str
    fixed: tuple[str, ...]
    random: tuple[RandomColumns, ...]
    places: Mapping[str, str]
    n_rows: int
    n_dropped: int
    missing: Mapping[str, int]
    units: Mapping[str, int]


def design(table: "ibis.Table", formula: Formula) -> Design:
    """Which figures does this formula make of these rows? Raises BadData with one sentence.

    Rows with a gap in any column of the formula are left out and counted. Words become columns of 0 and 1, one for each
    word but the reference, or for each word where no other term of the model holds the rest, as in R.
    """
    factors = _factors(formula)
    _refuse_kinds(table, formula, factors)
    whole, n_rows, dropped, missing = _whole(table, formula, factors)
    words = {name: _words(whole, factors[name]) for name in factors if _is_words(whole, factors[name])}
    places: dict[str, str] = {}
    figures: dict[str, Any] = {}
    _add(formula.outcome, whole[formula.outcome].cast("float64"), places, figures)
    coded = [_coded(terms, words, whole, places, figures) for terms in (formula.fixed, *_random_terms(formula))]
    keys = {f"g{at}": _key(whole, part.columns) for at, part in enumerate(formula.random)}
    rows = whole.select(**figures, **keys)
    units = _units(rows, formula)
    random = tuple(
        RandomColumns(part.group, key, columns, part.correlated)
        for part, key, columns in zip(formula.random, keys, coded[1:], strict=True)
    )
    return Design(rows, formula.outcome, coded[0], random, places, n_rows, dropped, missing, units)


def _random_terms(formula: Formula) -> list[tuple[Term, ...]]:
    return [part.terms for part in formula.random]


def _factors(formula: Formula) -> dict[str, Factor]:
    """Each column of the terms, once; a reference named anywhere holds everywhere."""
    found: dict[str, Factor] = {}
    for term in (*formula.fixed, *(term for part in formula.random for term in part.terms)):
        for factor in term.factors:
            before = found.get(factor.column, factor)
            if before.reference and factor.reference and before.reference != factor.reference:
                raise BadData(f"Column {factor.column!r} has two reference levels: name one of them.")
            words, reference = before.words or factor.words, before.reference or factor.reference
            found[factor.column] = Factor(factor.column, words, reference)
    return found


def _refuse_kinds(table: "ibis.Table", formula: Formula, factors: Mapping[str, Factor]) -> None:
    for name in (formula.outcome, *factors):
        kind = table[name].type()
        if kind.is_temporal():
            raise BadData(f"Column {name!r} holds dates: give days or weeks since the start, as a number.")
        if name == formula.outcome and not (kind.is_numeric() or kind.is_boolean()):
            raise BadData(f"The outcome {name!r} is not made of numbers: correct what is written in words.")
    both = sorted(set(formula.groups) & {formula.outcome, *factors})
    if both:
        raise BadData(f"Column {both[0]!r} is a group and a part of the model at once: leave one of the two out.")


def _is_words(table: "ibis.Table", factor: Factor) -> bool:
    kind = table[factor.column].type()
    return factor.words or not (kind.is_numeric() or kind.is_boolean())


def _whole(
    table: "ibis.Table", formula: Formula, factors: Mapping[str, Factor]
) -> tuple["ibis.Table", int, int, dict[str, int]]:
    """The rows without a gap, how many they are, how many were left out, and the gaps of each column."""
    used = list(dict.fromkeys((formula.outcome, *factors, *formula.groups)))
    kinds = {name: table[name].type() for name in used}
    gaps = {n: table[n].isnull() | table[n].isnan() if kinds[n].is_floating() else table[n].isnull() for n in used}
    counted = {f"n{at}": gap.sum() for at, gap in enumerate(gaps.values())}
    floats = [name for name in used if kinds[name].is_floating()]
    counted |= {f"i{at}": table[name].isinf().sum() for at, name in enumerate(floats)}
    gone = reduce(operator.or_, gaps.values())
    found = _one(table.aggregate(all=table.count(), gone=gone.sum(), **counted))
    for at, name in enumerate(floats):
        if found[f"i{at}"]:
            many = f"{found[f'i{at}']:,} infinite value{'s' if found[f'i{at}'] > 1 else ''}"
            raise BadData(f"Column {name!r} has {many}: correct them, or leave those cells empty.")
    size, dropped = int(found["all"]), int(found["gone"] or 0)
    missing = {name: int(found[f"n{at}"] or 0) for at, name in enumerate(used) if found[f"n{at}"]}
    if size == dropped:
        worst = max(missing, key=lambda name: missing[name], default="")
        why = f": column {worst!r} is empty in {missing[worst]:,} of {size:,}" if worst else ""
        raise BadData(f"No row has a value in every column of the formula{why}, so nothing can be fitted.")
    return table.filter(~gone), size - dropped, dropped, missing


def _one(asked: "ibis.Table") -> dict[str, Any]:
    line: dict[str, Any] = asked.to_pyarrow().to_pylist()[0]
    return line


def _words(table: "ibis.Table", factor: Factor) -> list[str]:
    """The words of a column, the reference first."""
    name = factor.column
    column = _as_word(table, name).name("word")
    found = table.select(column).distinct().limit(MOST_WORDS + 1).to_pyarrow()["word"].to_pylist()
    if len(found) > MOST_WORDS:
        raise BadData(
            f"Column {name!r} holds more than {MOST_WORDS} different words, such as {found[0]!r}: if these are "
            "numbers, correct those that are not; if they are groups, write (1 | " + name + ")."
        )
    words = sorted(found, key=lambda word: (_number(word), word))
    if factor.reference is not None and factor.reference not in words:
        there = ", ".join(words)
        raise BadData(f"Column {name!r} has no {factor.reference!r} to be the reference; it has {there}.")
    if len(words) < 2:
        raise BadData(f"Column {name!r} is the same in every row: leave it out of the model.")
    first = factor.reference if factor.reference is not None else words[0]
    return [first, *(word for word in words if word != first)]


def _as_word(table: "ibis.Table", name: str) -> Any:
    """A column as words; whole numbers lose the .0 that a file may give them."""
    column = table[name]
    if column.type().is_floating():
        whole = column == column.round(0)
        return whole.ifelse(column.round(0).cast("int64").cast("string"), column.cast("string"))
    return column.cast("string")


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("inf")


def _coded(
    terms: Sequence[Term],
    words: Mapping[str, list[str]],
    table: "ibis.Table",
    places: dict[str, str],
    figures: dict[str, Any],
) -> tuple[str, ...]:
    """The names of the figures that a list of terms gives, in order; each new one is added to the figures."""
    there = {frozenset(factor.column for factor in term.factors) for term in terms}
    names: list[str] = []
    for term in terms:
        made: list[tuple[str, Any]] = [("", None)]
        members = [factor.column for factor in term.factors]
        for name in members:
            rest = frozenset(members) - {name}
            steps = _steps(name, words, table, contrasts=rest in there)
            made = [_times(one, step) for step in steps for one in made]
        if not members:
            made = [(INTERCEPT, None)]
        for name, figure in made:
            if figure is not None:
                _add(name, figure, places, figures)
            names.append(name)
    return tuple(dict.fromkeys(names))


def _steps(name: str, words: Mapping[str, list[str]], table: "ibis.Table", *, contrasts: bool) -> list[tuple[str, Any]]:
    if name not in words:
        return [(name, table[name].cast("float64"))]
    column = _as_word(table, name)
    return [(f"{name}{word}", (column == word).cast("float64")) for word in words[name][contrasts:]]


def _times(one: tuple[str, Any], step: tuple[str, Any]) -> tuple[str, Any]:
    return step if one[1] is None else (f"{one[0]}:{step[0]}", one[1] * step[1])


def _add(name: str, figure: Any, places: dict[str, str], figures: dict[str, Any]) -> None:
    if name not in places:
        places[name] = f"c{len(places)}"
        figures[places[name]] = figure


def _key(table: "ibis.Table", columns: Sequence[str]) -> Any:
    """The ids of a group: the column itself, or the ids of several columns joined."""
    if len(columns) == 1:
        return table[columns[0]]
    joined = [table[name].cast("string") for name in columns]
    return reduce(lambda one, other: one + BETWEEN + other, joined)


def _units(rows: "ibis.Table", formula: Formula) -> dict[str, int]:
    counts = _one(rows.aggregate(**{f"g{at}": rows[f"g{at}"].nunique() for at in range(len(formula.random))}))
    return {part.group: int(counts[f"g{at}"]) for at, part in enumerate(formula.random)}
