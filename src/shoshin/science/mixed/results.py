"""What comes out of a fit: estimates in the columns' own units, or no estimates at all, each with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from shoshin.science.mixed.blocks import Evaluation
from shoshin.science.mixed.grams import GramTable
from shoshin.science.mixed.models import INTERCEPT, BadModel, Centering, Floats, LogisticModel, NestedModel
from shoshin.science.mixed.shapes import Shape
from shoshin.science.reasons import Reason

__all__ = ["Fitted", "LevelVariance", "NotFitted", "variance_share"]


@dataclass(frozen=True, eq=False)
class LevelVariance:
    """How much a level's groups differ: the covariance of their effects, in outcome units per unit of the column."""

    group: str
    columns: tuple[str, ...]
    covariance: Floats
    n_units: int

    @property
    def sd(self) -> Floats:
        """The standard deviation of each column's effect."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def correlation(self) -> Floats:
        """The correlations of the effects; NaN where one of them does not differ between groups."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.covariance / np.outer(self.sd, self.sd)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A certified optimum of a nested mixed model.

    `beta` and `beta_covariance` are in outcome units per unit of the fixed column, in the order of `model.fixed`.
    `m2ll` is −2 log likelihood (restricted under REML), comparable with lme4's. `singular` says that a variance is
    0 or a correlation ±1 at the optimum: a result, not an error. `newton_decrement` is the decrease of −2 log
    likelihood still to be expected, `boundary` the steepest way (scaled, 0 or above at an optimum) out of what is
    held at 0. `starts` are the optima met from each start. `shapes` and `theta` are the optimum in the table's
    scaled units, for the functions here.
    """

    model: NestedModel
    beta: Floats
    beta_covariance: Floats
    levels: tuple[LevelVariance, ...]
    residual_variance: float
    m2ll: float
    n_rows: int
    singular: bool
    newton_decrement: float
    boundary: float
    evaluations: int
    starts: tuple[float, ...]
    reasons: tuple[Reason, ...]
    shapes: tuple[Shape, ...]
    theta: Floats

    @property
    def coefficients(self) -> Mapping[str, float]:
        """The fixed coefficients by column."""
        return dict(zip(self.model.fixed, self.beta.tolist(), strict=True))

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Their standard errors, taking the variances as known."""
        return dict(zip(self.model.fixed, np.sqrt(np.diag(self.beta_covariance)).tolist(), strict=True))

    def level(self, group: str) -> LevelVariance:
        """The variances of one group."""
        return self.levels[self.model.level(group)]


@dataclass(frozen=True)
class NotFitted:
    """No optimum that could be certified, and why. There are no estimates here, so that none can be read."""

    model: NestedModel | LogisticModel
    reasons: tuple[Reason, ...]


def variance_share(fit: Fitted, group: str, at: Mapping[str, float] | None = None) -> float:
    """Which share of the variance that the fixed columns leave lies between the groups of one level?

    Equation: z'Σ_l z / (Σ_k z'Σ_k z + σ²) over all levels k; `at` gives the varying columns' values z (else 0, the
    intercept 1). With one level and one intercept it is the intraclass correlation. Units: 0 to 1. Source:
    Goldstein, Browne & Rasbash 2002. Not for: the share of one therapist; it says how much groups differ, never
    which is better.
    """
    chosen = fit.model.level(group)
    parts = [float(z @ one.covariance @ z) for one, z in zip(fit.levels, weights_at(fit.model, at), strict=True)]
    return parts[chosen] / (sum(parts) + fit.residual_variance)


def weights_at(model: NestedModel, at: Mapping[str, float] | None) -> list[Floats]:
    """The varying columns' values of each level at one point."""
    given = {INTERCEPT: 1.0, **(at or {})}
    unknown = sorted(set(given) - model.varying - {INTERCEPT})
    if unknown:
        raise BadModel(f"{unknown[0]!r} does not vary between groups: name varying columns only.")
    return [np.array([given.get(name, 0.0) for name in term.columns]) for term in model.random]


def scale_of(about: Centering, name: str) -> float:
    return 1.0 if name == INTERCEPT else about.scale[name]


def unscaling(about: Centering, model: NestedModel) -> tuple[Floats, Floats]:
    """A and b with beta = A beta_scaled + b: from the table's scaled columns back to their own units."""
    outcome = about.scale[model.outcome]
    p = len(model.fixed)
    back = np.diag([outcome / scale_of(about, name) for name in model.fixed])
    shift = np.zeros(p)
    if INTERCEPT in model.fixed:
        home = model.fixed.index(INTERCEPT)
        for place, name in enumerate(model.fixed):
            if name != INTERCEPT:
                back[home, place] = -about.mean[name] * back[place, place]
        shift[home] = about.mean[model.outcome]
    return back, shift


def own_m2ll(m2ll: float, table: GramTable, model: NestedModel) -> float:
    """−2 log likelihood in the outcome's own units, from that of the scaled columns."""
    about = table.centering
    by_outcome = 2 * log(about.scale[model.outcome])
    if not model.reml:
        return m2ll + table.n_rows * by_outcome
    by_columns = 2 * sum(log(scale_of(about, name)) for name in model.fixed)
    return m2ll + (table.n_rows - len(model.fixed)) * by_outcome + by_columns


def own_levels(table: GramTable, model: NestedModel, factors: list[Floats], sigma2: float) -> tuple[LevelVariance, ...]:
    """Each level's covariance in own units, from its relative factor in scaled units."""
    sd = sqrt(sigma2) * table.centering.scale[model.outcome]
    levels = []
    for term, factor, ids in zip(model.random, factors, table.ids, strict=True):
        root = sd * factor / np.array([[scale_of(table.centering, name)] for name in term.columns])
        levels.append(LevelVariance(term.group, term.columns, root @ root.T, len(ids)))
    return tuple(levels)


def own_fixed(found: Evaluation, table: GramTable, model: NestedModel) -> tuple[Floats, Floats]:
    """The fixed coefficients and their covariance in own units."""
    back, shift = unscaling(table.centering, model)
    return back @ found.beta + shift, found.sigma2 * back @ found.unscaled @ back.T
