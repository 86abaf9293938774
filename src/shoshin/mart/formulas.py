"""Which model does a formula in the field's notation ask for? `post ~ pre + age + (1 | therapist)`.

The parts in brackets with a bar are ours to read, since no parser that is kept well knows them; every list of terms, on
either side of a bar, is read by formulaic. Nothing in a formula is ever run as code.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from shoshin.mart.extras import the

__all__ = ["BadFormula", "Factor", "Formula", "RandomPart", "Term", "parse"]


class BadFormula(ValueError):
    """A formula that cannot be read; the message says where, and how it is written."""


@dataclass(frozen=True)
class Factor:
    """One column in a term. `words`: taken as words and not as a number; `reference`: the word that others meet."""

    column: str
    words: bool = False
    reference: str | None = None


@dataclass(frozen=True)
class Term:
    """Columns that are multiplied; a single one most often. No column at all: the intercept."""

    factors: tuple[Factor, ...]

    def __str__(self) -> str:
        return ":".join(factor.column for factor in self.factors) or "(Intercept)"


INTERCEPT = Term(())


@dataclass(frozen=True)
class RandomPart:
    """What differs between the units that these columns tell apart together, finest first: (cask, batch)."""

    columns: tuple[str, ...]
    terms: tuple[Term, ...]
    correlated: bool = True

    @property
    def group(self) -> str:
        """The group's name, as lme4 writes it."""
        return ":".join(self.columns)


@dataclass(frozen=True)
class Formula:
    """An outcome, the terms that explain it, and what differs between groups."""

    outcome: str
    fixed: tuple[Term, ...]
    random: tuple[RandomPart, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns that tell groups apart, each once."""
        return tuple(dict.fromkeys(name for part in self.random for name in part.columns))


def parse(text: str) -> Formula:
    """What does this formula say? Raises BadFormula with one sentence.

    `a:b` multiplies, `a*b` is `a + b + a:b`, `0 +` leaves the intercept out, `C(arm, ref="usual care")` takes a
    column as words and names the one that the others are compared with. `(1 | a/b)` is `(1 | a) + (1 | b:a)`,
    `(t || g)` keeps level and pace uncorrelated. A column whose name is no plain word stands in backticks.
    """
    left, tilde, right = text.partition("~")
    if re.search(r"(^|[\s+~*:(])\.($|[\s+*:)])", right):
        raise BadFormula("A dot for all other columns is not understood: name the columns.")
    if not tilde or not left.strip() or not right.strip():
        raise BadFormula(
            f"The formula {text!r} has no outcome, or nothing to explain it by: write post ~ pre + (1 | therapist)."
        )
    if "~" in right:
        raise BadFormula(f"The formula {text!r} has more than one ~: write the outcome once, on the left.")
    bare, brackets = _brackets(right)
    outcome = _terms(left + " ~ 1")[0]
    if len(outcome) != 1 or len(outcome[0].factors) != 1 or outcome[0].factors[0].words:
        raise BadFormula(
            f"The outcome {left.strip()!r} is not one column: make what you need a column first, and name that."
        )
    fixed = _terms("outcome ~ " + (bare or "1"))[1]
    if not brackets:
        raise BadFormula(
            f"The formula {text!r} has no group: add one, such as (1 | therapist), or fit a plain regression elsewhere."
        )
    random = [part for inside in brackets for part in _random(inside)]
    if not fixed:
        raise BadFormula("The formula leaves out the intercept and names no column: keep the one or name the other.")
    return Formula(outcome[0].factors[0].column, fixed, _joined(random))


def _brackets(text: str) -> tuple[str, list[str]]:
    """What stands outside of brackets with a bar, joined by plus signs, and the inside of each such bracket."""
    quoted = re.sub(r"`[^`]*`|\"[^\"]*\"|'[^']*'", lambda found: "_" * len(found[0]), text)
    depths = list(accumulate((one == "(") - (one == ")") for one in quoted))
    if depths and (min(depths) < 0 or depths[-1]):
        raise BadFormula(f"A bracket is not closed, or not opened, in {text.strip()!r}: count them.")
    inside: list[str] = []
    rest, start = "", 0
    while start < len(text):
        end = start
        if quoted[start] == "(" and depths[start] == 1:
            end = depths.index(0, start)
        if end > start and "|" in quoted[start:end] and _stands_alone(quoted, start, end):
            inside.append(text[start + 1 : end])
            rest += "\0"
        else:
            rest += text[start : end + 1]
        start = end + 1
    if "|" in re.sub(r"`[^`]*`|\"[^\"]*\"|'[^']*'", "", rest):
        raise BadFormula("A bar stands outside of brackets: write what differs between groups as + (1 | group).")
    parts = [part.strip() for part in re.sub(r"\+?\s*\0", "\0", rest).split("\0")]
    return " + ".join(re.sub(r"^\+\s*", "", part) for part in parts if part), inside


def _stands_alone(quoted: str, start: int, end: int) -> bool:
    """Whether a bracket with a bar is added, and not subtracted, multiplied or given to a function."""
    before, after = quoted[:start].rstrip(), quoted[end + 1 :].lstrip()
    if (before and not before.endswith("+")) or (after and after[0] not in "+-"):
        raise BadFormula(f"{quoted[start : end + 1]!r} is not added: join groups to the rest by a plus sign.")
    return True


def _random(inside: str) -> list[RandomPart]:
    """The parts of one bracket: one, or one for each level of a/b."""
    pieces = re.split(r"\|\|?", inside)
    if len(pieces) != 2 or not all(piece.strip() for piece in pieces):
        raise BadFormula(f"({inside}) is no group: write it as (1 | therapist), or (t | client) for a pace of each.")
    terms = _terms("outcome ~ " + pieces[0])[1]
    if not terms:
        raise BadFormula(f"({inside}) lets nothing differ: write 1, or a column, before the bar.")
    levels = [[_name(name) for name in level.split(":")] for level in _split(pieces[1], "/")]
    parts = []
    outer: tuple[str, ...] = ()
    for level in levels:
        outer = (*level, *outer)
        twice = [name for name in outer if outer.count(name) > 1]
        if twice:
            raise BadFormula(f"({inside}) names {twice[0]!r} twice: name each column once.")
        parts.append(RandomPart(outer, terms, "||" not in inside))
    return parts


def _split(text: str, by: str) -> list[str]:
    """Split, but not inside backticks."""
    return re.split(rf"{by}(?=(?:[^`]*`[^`]*`)*[^`]*$)", text)


def _name(text: str) -> str:
    text = text.strip()
    found = re.fullmatch(r"`([^`]+)`|([^\W\d][\w.]*)", text)
    if not found:
        raise BadFormula(
            f"{text!r} is no column to group by: after the bar write column names, joined by / where one lies inside "
            "another; names with spaces stand in backticks."
        )
    return found[1] or found[2]


def _joined(parts: list[RandomPart]) -> tuple[RandomPart, ...]:
    """One part for each group: `(1 | g) + (0 + t | g)` is `(t || g)`."""
    joined: dict[str, RandomPart] = {}
    for part in parts:
        before = joined.get(part.group)
        if before is None:
            joined[part.group] = part
            continue
        apart = all(len(one.terms) == 1 or not one.correlated for one in (before, part))
        if not apart or set(before.terms) & set(part.terms):
            raise BadFormula(f"{part.group!r} stands in several brackets: write what differs between its units in one.")
        joined[part.group] = RandomPart(part.columns, before.terms + part.terms, correlated=False)
    return tuple(joined.values())


def _terms(text: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Both sides of a formula without bars, as formulaic reads them."""
    read = _reader()
    try:
        sides = read(text)
    except Exception as problem:
        # The parser's own errors, and those of Python where a factor is a piece of code.
        line = re.sub(r"\x1b\[[0-9;]*m|[⧛⧚]", "", str(problem)).strip().splitlines()
        said = text.replace("outcome ~ ", "").strip()
        reason = (line or ["not understood"])[0].rstrip(".").replace("insuffient", "too few").replace("/or is", "or is")
        raise BadFormula(f"The formula cannot be read at {said!r}: {reason}.") from None
    left, right = ([_term(term.factors) for term in side] for side in (sides.lhs, sides.rhs))
    ordered = sorted(right, key=lambda term: len(term.factors))
    return tuple(left), tuple(ordered)


def _reader() -> Callable[[str], Any]:
    get_terms: Callable[[str], Any] = the("formulaic.parser").DefaultFormulaParser().get_terms
    return get_terms


def _term(factors: tuple[object, ...]) -> Term:
    read = [_factor(str(one.expr), str(one.eval_method.value)) for one in factors]  # type: ignore[attr-defined]
    return Term(tuple(one for one in read if one is not None))


def _factor(text: str, method: str) -> Factor | None:
    if method == "lookup":
        return Factor(text)
    if method == "literal" and text == "1":
        return None
    if method == "literal":
        raise BadFormula(f"{text} is a number where a column belongs: a formula names columns, 1 and 0.")
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        node = ast.Constant(0)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "C":
        return _words(text, node)
    raise BadFormula(f"{text!r} is to be worked out: make it a column of the file first, and name that column.")


def _words(text: str, node: ast.Call) -> Factor:
    """C(arm) or C(arm, ref="usual care")."""
    column = node.args[0] if len(node.args) == 1 else None
    name = ast.unparse(column) if isinstance(column, ast.Name | ast.Attribute) else ""
    given = {one.arg: one.value for one in node.keywords}
    reference = given.get("ref")
    if not name or set(given) - {"ref"} or (reference is not None and not isinstance(reference, ast.Constant)):
        raise BadFormula(f'{text!r} cannot be read: write C(arm), or C(arm, ref="usual care") to name the reference.')
    word = None if reference is None else str(reference.value)  # type: ignore[attr-defined]
    return Factor(name, words=True, reference=word)
