"""From a file and a formula to a fitted model: exact where groups lie inside one another, mixedlm where they cross."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart import crossed, sums
from shoshin.mart.design import Design, design
from shoshin.mart.formulas import BadFormula, Formula, parse
from shoshin.mart.tables import rows_of
from shoshin.science.mixed import (
    INTERCEPT,
    BadData,
    Fitted,
    GramTable,
    LogisticModel,
    NestedModel,
    NotFitted,
    fit,
    fit_logistic,
)
from shoshin.science.reasons import Reason

__all__ = ["Coefficient", "FileFit", "Spread", "fit_file", "fit_of_sums"]

Steps = Callable[[str], None]
ALIKE = "rows that are alike"


@dataclass(frozen=True)
class Coefficient:
    """A fixed coefficient and its standard error, in outcome units per unit of the column."""

    name: str
    estimate: float
    se: float


@dataclass(frozen=True)
class Spread:
    """How much the units of a group differ: a standard deviation for each term, and the terms' correlations.

    A correlation is None where one of the two does not differ.
    """

    group: str
    terms: tuple[str, ...]
    sd: tuple[float, ...]
    corr: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class FileFit:
    """What came of a fit. Where `converged` is false there are no figures here that could be taken for estimates.

    `sigma` is the residual standard deviation, None for a logistic model. `engine` names what fitted, `crossed` two
    groups that cross and a unit that shows it. `reasons` are those of shoshin.science.mixed.
    """

    outcome: str
    fixed: tuple[Coefficient, ...]
    random: tuple[Spread, ...]
    sigma: float | None
    minus2loglik: float | None
    method: str
    singular: bool
    converged: bool
    n: int
    groups: Mapping[str, int]
    n_dropped: int
    missing: Mapping[str, int]
    engine: str
    crossed: tuple[str, str, str] | None = None
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The fit as plain figures, for a file that another program reads."""
        return {
            "fixed": {one.name: {"estimate": one.estimate, "se": one.se} for one in self.fixed},
            "random": [
                {"group": one.group, "terms": [*one.terms], "sd": [*one.sd], "corr": [[*row] for row in one.corr]}
                for one in self.random
            ],
            "sigma": self.sigma,
            "minus2loglik": self.minus2loglik,
            "method": self.method,
            "singular": self.singular,
            "converged": self.converged,
            "n": self.n,
            "groups": dict(self.groups),
        }


def fit_file(
    path: Path, formula: str, *, reml: bool = True, logistic: bool = False, step: Steps = lambda words: None
) -> FileFit:
    """Which coefficients and variances make the rows of this file most likely, under this formula?

    `step` is told what is being done. Rows with a gap in a column of the formula are left out and counted. Raises
    BadFormula, BadFile, BadData, BadModel or CannotDoWithout, each with one sentence.
    """
    asked = parse(formula)
    if logistic:
        _refuse_logistic(asked)
    step("Reading the rows")
    with rows_of(path, _columns(asked)) as table:
        step("Making figures of them")
        made = design(table, asked)
        sums.refuse_single(made)
        return _logistic(made, step) if logistic else _linear(made, step, reml=reml)


def _columns(asked: Formula) -> list[str]:
    terms = [*asked.fixed, *(term for part in asked.random for term in part.terms)]
    return [asked.outcome, *(factor.column for term in terms for factor in term.factors), *asked.groups]


def _linear(made: Design, step: Steps, *, reml: bool) -> FileFit:
    model = sums.linear_model(made, reml=reml)
    about = sums.centering_of(made, model)
    step("Adding up")
    cells = sums.cells_of(made, model, about)
    step("Fitting")
    method = "REML" if reml else "ML"
    if cells.crossed:
        return _crossed(made, model, crossed.fit_crossed(made, model, about, cells), cells.crossed, method)
    found = fit(sums.nested_table(cells, model, about), model)
    return _filled(_nothing(made, method, "exact", found.reasons), found)


def fit_of_sums(table: GramTable, found: Fitted | NotFitted) -> FileFit:
    """A fit of sums that were made elsewhere, in the form of a fit of a file. Rows left out were counted there."""
    model = found.model
    assert isinstance(model, NestedModel)
    groups = {group: len(ids) for group, ids in zip(table.groups, table.ids, strict=True)}
    method = "REML" if model.reml else "ML"
    none = FileFit(
        model.outcome, (), (), None, None, method, False, False, table.n_rows, groups, 0, {}, "exact", None,
        found.reasons,
    )  # fmt: skip
    return _filled(none, found)


def _filled(none: FileFit, found: Fitted | NotFitted) -> FileFit:
    """With the figures of an optimum, if there is one."""
    if isinstance(found, NotFitted):
        return none
    return replace(
        none,
        fixed=_coefficients(found.model.fixed, found.beta, np.sqrt(np.diag(found.beta_covariance))),
        random=tuple(_spread(one.group, one.columns, one.sd, one.correlation) for one in found.levels),
        sigma=sqrt(found.residual_variance),
        minus2loglik=found.m2ll,
        singular=found.singular,
        converged=True,
    )


def _crossed(
    made: Design, model: NestedModel, found: crossed.CrossedFit | None, which: tuple[str, str, str], method: str
) -> FileFit:
    if found is None:
        return _nothing(made, method, "mixedlm", (), which)
    terms = zip(model.random, found.sds, found.correlations, strict=True)
    return replace(
        _nothing(made, method, "mixedlm", (), which),
        fixed=_coefficients(model.fixed, found.beta, found.errors),
        random=tuple(_spread(term.group, term.columns, sd, corr) for term, sd, corr in terms),
        sigma=found.sigma,
        minus2loglik=found.m2ll,
        singular=found.singular,
        converged=True,
    )


def _refuse_logistic(asked: Formula) -> None:
    if len(asked.random) > 1 or [str(term) for term in asked.random[0].terms] != ["(Intercept)"]:
        raise BadFormula("A logistic model here has one group whose level differs: write it as (1 | therapist).")


def _logistic(made: Design, step: Steps) -> FileFit:
    (group,) = made.random
    outcome = made.places[made.outcome]
    rows = made.rows
    others = int(rows.filter(~rows[outcome].isin([0.0, 1.0])).count().to_pyarrow().as_py())
    if others:
        raise BadData(
            f"The outcome {made.outcome!r} has {others:,} values other than 0 and 1: code it so first, 1 for what you "
            "ask about."
        )
    step("Adding up")
    fixed = [place for name, place in made.places.items() if name != made.outcome]
    found = rows.group_by(*fixed, group.key).aggregate(ones=rows[outcome].sum(), alike=rows.count()).to_pyarrow()
    data = {name: found[place].to_numpy() for name, place in made.places.items() if name != made.outcome}
    codes = found[group.key].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    data |= {made.outcome: found["ones"].to_numpy(), ALIKE: found["alike"].to_numpy(), group.group: codes}
    step("Fitting")
    model = LogisticModel(made.outcome, made.fixed, group.group, ALIKE)
    fitted = fit_logistic(data, model)
    if isinstance(fitted, NotFitted):
        return _nothing(made, "ML", "quadrature", fitted.reasons)
    return replace(
        _nothing(made, "ML", "quadrature", fitted.reasons),
        fixed=_coefficients(made.fixed, fitted.beta, np.sqrt(np.diag(fitted.beta_covariance))),
        random=(_spread(group.group, (INTERCEPT,), np.array([fitted.group_sd]), np.eye(1)),),
        minus2loglik=fitted.m2ll,
        singular=fitted.singular,
        converged=True,
    )


def _nothing(
    made: Design, method: str, engine: str, reasons: tuple[Reason, ...], which: tuple[str, str, str] | None = None
) -> FileFit:
    """No optimum, and so no estimates; also what a fit that found one begins with."""
    return FileFit(
        made.outcome, (), (), None, None, method, False, False, made.n_rows, made.units, made.n_dropped, made.missing,
        engine, which, reasons,
    )  # fmt: skip


def _label(name: str) -> str:
    return "(Intercept)" if name == INTERCEPT else name


def _coefficients(
    names: Sequence[str], beta: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[Coefficient, ...]:
    rows = zip(names, beta.tolist(), errors.tolist(), strict=True)
    return tuple(Coefficient(_label(name), estimate, error) for name, estimate, error in rows)


def _spread(group: str, columns: Sequence[str], sd: NDArray[np.float64], corr: NDArray[np.float64]) -> Spread:
    size = range(len(columns))
    table = tuple(
        tuple(1.0 if i == j else float(corr[i, j]) if np.isfinite(corr[i, j]) else None for j in size) for i in size
    )
    return Spread(group, tuple(_label(name) for name in columns), tuple(float(one) for one in sd), table)
