"""Groups that cross one another, as a client with two therapists: fitted by mixedlm, from the extra `analytics`."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart.design import Design
from shoshin.mart.extras import the
from shoshin.mart.sums import Cells, table_by
from shoshin.science.mixed import INTERCEPT, BadData, Centering, GramTable, NestedModel
from shoshin.science.mixed.checks import check_table
from shoshin.science.mixed.results import own_m2ll, scale_of, unscaling

__all__ = ["CrossedFit", "fit_crossed"]


@dataclass(frozen=True, eq=False)
class CrossedFit:
    """An optimum that mixedlm calls converged, in the columns' own units; groups in the order of the model."""

    beta: NDArray[np.float64]
    errors: NDArray[np.float64]
    sds: tuple[NDArray[np.float64], ...]
    correlations: tuple[NDArray[np.float64], ...]
    sigma: float
    m2ll: float
    singular: bool


def fit_crossed(made: Design, model: NestedModel, about: Centering, cells: Cells) -> CrossedFit | None:
    """Which coefficients and variances make these data most likely? None where mixedlm did not converge.

    The columns go in centred and scaled, as for our own engine, and the results come back in own units.
    """
    table = _checked(cells, model, about)
    mixedlm = the("mixedlm")
    names = {name: made.places[name] for name in model.pool if name != INTERCEPT}
    keys = {one.group: one.key for one in made.random}
    frame = made.rows.to_pyarrow().to_pandas()
    for name, place in names.items():
        frame[place] = (frame[place] - about.mean[name]) / about.scale[name]
    for key in keys.values():
        frame[key] = frame[key].astype(str)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of (a variance of 0) is in its result, too
        try:
            found = mixedlm.lmer(_formula(model, names, keys), frame, REML=model.reml)
        except (ValueError, np.linalg.LinAlgError) as problem:
            raise BadData(f"Groups that cross could not be fitted ({problem}): leave one of the groups out.") from None
    if not found.converged or not np.isfinite(found.deviance):
        return None
    return _own(found, model, about, table, names, keys)


def _checked(cells: Cells, model: NestedModel, about: Centering) -> GramTable:
    """What our own engine refuses is refused here, too: group by group."""
    for group in model.groups:
        table, alone = table_by(cells, model, about, group)
        check_table(table, alone)
    return table


def _formula(model: NestedModel, names: dict[str, str], keys: dict[str, str]) -> str:
    def terms(columns: tuple[str, ...]) -> str:
        level = "1" if INTERCEPT in columns else "0"
        return " + ".join([level, *(names[name] for name in columns if name != INTERCEPT)])

    bars = [f"({terms(t.columns)} {'|' if t.correlated else '||'} {keys[t.group]})" for t in model.random]
    return f"{names[model.outcome]} ~ {' + '.join([terms(model.fixed), *bars])}"


def _own(
    found: Any, model: NestedModel, about: Centering, table: GramTable, names: dict[str, str], keys: dict[str, str]
) -> CrossedFit:
    """The result in own units, in the model's order."""
    label = {INTERCEPT: "(Intercept)", **names}
    coefficients = found.fixef()
    order = [list(coefficients).index(label[name]) for name in model.fixed]
    back, shift = unscaling(about, model)
    scaled = np.array([float(coefficients[label[name]]) for name in model.fixed])
    covariance = back @ np.asarray(found.vcov())[np.ix_(order, order)] @ back.T
    outcome = about.scale[model.outcome]
    groups = list(found.VarCorr().groups.values())
    sds, correlations = [], []
    for term in model.random:
        parts = [one for one in groups if one.grouping_factor == keys[term.group]]
        spread = {name: float(sd) for one in parts for name, sd in one.stddev.items()}
        scales = np.array([scale_of(about, name) for name in term.columns])
        sds.append(np.array([spread[label[name]] for name in term.columns]) * outcome / scales)
        correlations.append(_correlation(parts, [label[name] for name in term.columns]))
    m2ll = own_m2ll(float(found.deviance), table, model)
    sigma = float(found.sigma) * outcome
    singular = bool(found.is_singular() if callable(found.is_singular) else found.is_singular)
    errors = np.sqrt(np.diag(covariance))
    return CrossedFit(back @ scaled + shift, errors, tuple(sds), tuple(correlations), sigma, m2ll, singular)


def _correlation(parts: list[Any], names: list[str]) -> NDArray[np.float64]:
    full = np.eye(len(names))
    for part in parts:
        places = [names.index(name) for name in part.term_names]
        if part.corr is not None:
            full[np.ix_(places, places)] = np.asarray(part.corr)
    return full
