"""What a nested mixed model is: which column is explained, by what, and which groups share something unseen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["INTERCEPT", "BadData", "BadModel", "Centering", "LogisticModel", "NestedModel", "RandomTerm"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INTERCEPT = "1"


class BadModel(ValueError):
    """A model that contradicts itself; the message says what to mend."""


class BadData(ValueError):
    """Rows that the model cannot be fitted to; the message names the column and the way out."""


@dataclass(frozen=True)
class RandomTerm:
    """What differs from one group to the next, beyond the fixed part.

    `columns` are the columns whose coefficients differ; "1" is the level itself. `correlated=False` keeps their
    variances and fixes every correlation at 0.
    """

    group: str
    columns: tuple[str, ...] = (INTERCEPT,)
    correlated: bool = True


@dataclass(frozen=True)
class NestedModel:
    """A linear mixed model whose groups lie inside one another.

    `random` goes from the innermost group to the outermost (client, therapist, clinic). `fixed` names numeric columns;
    "1" is the intercept. `reml` chooses restricted maximum likelihood (the usual one) or plain maximum likelihood.
    """

    outcome: str
    fixed: tuple[str, ...]
    random: tuple[RandomTerm, ...]
    reml: bool = True

    def __post_init__(self) -> None:
        groups = self.groups
        if not self.fixed or not self.random or not all(term.columns for term in self.random):
            raise BadModel("A mixed model needs one fixed column, one group, and one column in each group, at least.")
        for names in (self.fixed, groups, *(term.columns for term in self.random)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise BadModel(f"{twice[0]!r} is named twice: name each column once, and each group in one term.")
        if self.outcome in (*self.fixed, *self.pool[:-1], INTERCEPT):
            raise BadModel(f"The outcome {self.outcome!r} explains itself: leave it out of the other columns.")
        if set(groups) & set(self.pool):
            name = sorted(set(groups) & set(self.pool))[0]
            raise BadModel(f"{name!r} is a group and a number at once: a group's name cannot be a column of the model.")

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, from the innermost to the outermost."""
        return tuple(term.group for term in self.random)

    @property
    def varying(self) -> frozenset[str]:
        """The columns with a coefficient that differs between groups."""
        return frozenset(name for term in self.random for name in term.columns)

    @property
    def pool(self) -> tuple[str, ...]:
        """All columns: the fixed ones, those that only vary, and the outcome last."""
        only = [name for term in self.random for name in term.columns if name not in self.fixed]
        return (*self.fixed, *dict.fromkeys(only), self.outcome)

    @property
    def shifted(self) -> tuple[str, ...]:
        """The columns that are taken about their means; the others are taken as they are, about 0."""
        stay = {INTERCEPT} | self.varying if INTERCEPT in self.fixed else set(self.pool)
        return tuple(name for name in self.pool if name not in stay)

    def places(self, level: int) -> tuple[int, ...]:
        """Where the columns of one level stand in the pool."""
        return tuple(self.pool.index(name) for name in self.random[level].columns)

    def level(self, group: str) -> int:
        """The number of a group, 0 for the innermost."""
        if group not in self.groups:
            raise BadModel(f"The model has no group {group!r}; its groups are {', '.join(self.groups)}.")
        return self.groups.index(group)


@dataclass(frozen=True)
class LogisticModel:
    """A logistic model with one random intercept: is it 1 or 0 (or how many of `trials`), in groups that differ.

    `fixed` names numeric columns, "1" is the intercept. `trials` names a column of whole numbers, where rows that
    are alike have been counted together.
    """

    outcome: str
    fixed: tuple[str, ...]
    group: str
    trials: str | None = None

    def __post_init__(self) -> None:
        names = [*self.fixed, self.outcome, self.group, *([self.trials] if self.trials else [])]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or self.outcome == INTERCEPT or not self.fixed:
            what = repr(twice[0]) if twice else "A column"
            raise BadModel(f"{what} has two parts to play, or none: name outcome, fixed columns and group once each.")

    @property
    def groups(self) -> tuple[str, ...]:
        """The one group."""
        return (self.group,)

    @property
    def pool(self) -> tuple[str, ...]:
        """All columns, the outcome last."""
        return (*self.fixed, *([self.trials] if self.trials else []), self.outcome)


@dataclass(frozen=True)
class Centering:
    """What is taken off each column and what it is divided by before products are formed, and from how many rows.

    Only for the sake of the arithmetic: every result is given in the columns' own units. Columns that vary between
    groups are divided but never shifted, since shifting them would change the model.
    """

    mean: Mapping[str, float]
    scale: Mapping[str, float]
    n_rows: int
