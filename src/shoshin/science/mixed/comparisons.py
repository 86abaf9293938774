"""Is a coefficient, or a variance, more than chance? Satterthwaite's t test and likelihood ratios.

Likelihood ratios rest on many groups; with few, ask a t test about a coefficient and an interval about a variance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, log, sqrt
from typing import Literal

import numpy as np

from shoshin.science.mixed.blocks import evaluate, problem_of, value_of
from shoshin.science.mixed.grams import GramTable
from shoshin.science.mixed.models import BadData, BadModel, Floats, NestedModel, RandomTerm
from shoshin.science.mixed.optimise import hessian
from shoshin.science.mixed.results import Fitted, unscaling
from shoshin.science.mixed.shapes import factors_of, gradient_of
from shoshin.science.mixed.tails import chi2_tail, t_quantile, t_tail
from shoshin.science.reasons import Reason

__all__ = ["LikelihoodRatio", "TTest", "compare", "satterthwaite"]

Null = Literal["chi2", "mixture", "conservative"]


@dataclass(frozen=True)
class TTest:
    """A coefficient, or a weighted sum of coefficients, with its t test and interval, in own units."""

    estimate: float
    standard_error: float
    df: float
    t: float
    p: float
    low: float
    high: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LikelihoodRatio:
    """Twice the gain in log likelihood of the larger model, and how often chance alone gains as much.

    `null` says what chance was taken to be: a chi-squared variable, the half-and-half mixture that belongs to one
    variance at 0, or a chi-squared variable that gives too large a p (conservative).
    """

    statistic: float
    df: int
    p: float
    null: Null
    reasons: tuple[Reason, ...]


def satterthwaite(table: GramTable, fit: Fitted, weights: Mapping[str, float], confidence: float = 0.95) -> TTest:
    """Is this coefficient (or weighted sum of coefficients) other than 0, where groups are few?

    Equation: t = c'β̂/√v, v = c'Cov(β̂)c, on df = 2v²/Var(v), Var(v) by the delta method from the Hessian of −2 log
    likelihood in the factors and log σ. Source: Satterthwaite 1946; Fai & Cornelius 1996; agrees with lmerTest.
    Units: own. `weights` names fixed columns. Not for: a maximum-likelihood fit, whose errors are too small; at the
    boundary the directions held at 0 count as known.
    """
    unknown = sorted(set(weights) - set(fit.model.fixed))
    if unknown or not any(weights.values()):
        raise BadModel(
            f"Weights name fixed columns ({', '.join(fit.model.fixed)}), at least one with a weight above 0."
        )
    if not 0 < confidence < 1:
        raise ValueError(f"Confidence lies between 0 and 1; got {confidence}.")
    c = np.array([weights.get(name, 0.0) for name in fit.model.fixed])
    estimate, variance = float(c @ fit.beta), float(c @ fit.beta_covariance @ c)
    slope, curvature = _variance_slope(table, fit, c)
    spread = float(slope @ np.linalg.solve(curvature, slope)) * 2
    df = 2 * variance**2 / spread if spread > 0 else inf
    error = sqrt(variance)
    reach = t_quantile(confidence, df) * error
    facts = {"df": df, "confidence": confidence}
    reasons = [Reason("satterthwaite", facts)]
    if fit.singular:
        reasons.append(Reason("boundary_taken_as_known", {"singular": 1}))
    if not fit.model.reml:
        reasons.append(Reason("maximum_likelihood_errors", {"reml": 0}))
    t = estimate / error
    return TTest(estimate, error, df, t, t_tail(t, df), estimate - reach, estimate + reach, tuple(reasons))


def _variance_slope(table: GramTable, fit: Fitted, c: Floats) -> tuple[Floats, Floats]:
    """How c'Cov(β̂)c changes with the free numbers and log σ, and the Hessian of −2 log likelihood in them."""
    problem = problem_of(table, fit.model)
    back, _ = unscaling(table.centering, fit.model)
    turned = back.T @ c

    def variance(x: Floats) -> float:
        found = evaluate(problem, factors_of(fit.shapes, x[:-1]), np.exp(2 * x[-1]))
        if found is None:
            raise BadData("The variances of this fit cannot be moved: fit the model to this table again.")
        return float(turned @ found.unscaled @ turned * np.exp(2 * x[-1]))

    def open_criterion(x: Floats) -> tuple[float, Floats]:
        factors = factors_of(fit.shapes, x[:-1])
        found = evaluate(problem, factors, np.exp(2 * x[-1]))
        if found is None:
            return inf, np.zeros(x.size)
        return value_of(found), np.append(gradient_of(fit.shapes, factors, found.scores), found.by_log_sd)

    sd = sqrt(fit.residual_variance) / table.centering.scale[fit.model.outcome]
    x = np.append(fit.theta, log(sd))
    slope = np.empty(x.size)
    for place in range(x.size):
        by = np.zeros(x.size)
        by[place] = 1e-4 * max(0.1, abs(x[place]))
        slope[place] = (variance(x + by) - variance(x - by)) / (2 * by[place])
    return slope, hessian(open_criterion, x)


def compare(smaller: Fitted, larger: Fitted) -> LikelihoodRatio:
    """Is the larger model likelier than chance would make it?

    Equation: −2 log likelihood of the smaller minus that of the larger, against chi-squared with as many degrees as it
    has more parameters; for one more variance with its r covariances half chi-squared(r), half chi-squared(r + 1).
    Source: Self & Liang 1987; Stram & Lee 1994. Units: none. Not for: few groups; REML fits with other fixed columns,
    whose likelihoods are of different data, and which are refused.
    """
    _refuse_unlike(smaller, larger)
    fixed = len(larger.model.fixed) - len(smaller.model.fixed)
    df = fixed + _size(larger.model) - _size(smaller.model)
    statistic = max(0.0, smaller.m2ll - larger.m2ll)
    added = _added(smaller.model, larger.model)
    null: Null = "conservative"
    if not added:
        null = "chi2"
    elif fixed == 0 and len(added) == 1 and df == _one_more(smaller.model, larger.model, added[0][0]):
        null = "mixture"
    p = chi2_tail(statistic, df)
    if null == "mixture":
        p = (chi2_tail(statistic, df - 1) + p) / 2
    facts = {"statistic": statistic, "df": df}
    reasons = [Reason(f"null_{null}", facts)]
    few = [level for level in larger.levels if level.n_units < 30]
    reasons += [Reason("few_groups", {"group": one.group, "units": one.n_units, "enough": 30}) for one in few]
    return LikelihoodRatio(statistic, df, p, null, tuple(reasons))


def _refuse_unlike(smaller: Fitted, larger: Fitted) -> None:
    one, other = smaller.model, larger.model
    if one.outcome != other.outcome or smaller.n_rows != larger.n_rows or one.reml != other.reml:
        raise BadModel("Compare two fits of the same rows and outcome, both by REML or both by maximum likelihood.")
    inside = set(one.fixed) <= set(other.fixed) and set(one.groups) <= set(other.groups)
    columns = {term.group: set(term.columns) for term in other.random}
    if not inside or any(not set(term.columns) <= columns[term.group] for term in one.random):
        raise BadModel(
            "The smaller model must lie within the larger one: the same columns and groups, and fewer of them."
        )
    looser = {term.group: term.correlated for term in other.random}
    if any(len(term.columns) > 1 and term.correlated and not looser[term.group] for term in one.random):
        raise BadModel("The smaller model has correlations that the larger one lacks: keep them in the larger one too.")
    if one.reml and set(one.fixed) != set(other.fixed):
        raise BadModel("Fixed columns can be compared by maximum likelihood only: fit both with reml=False.")
    if (len(other.fixed), _size(other)) == (len(one.fixed), _size(one)):
        raise BadModel("Both models are the same: add to the larger one what is in question.")


def _size(model: NestedModel) -> int:
    return sum(_parameters(term) for term in model.random)


def _parameters(term: RandomTerm) -> int:
    q = len(term.columns)
    return q * (q + 1) // 2 if term.correlated else q


def _added(smaller: NestedModel, larger: NestedModel) -> list[tuple[str, str]]:
    """The variances that only the larger model has."""
    there = {(term.group, name) for term in smaller.random for name in term.columns}
    return [(term.group, name) for term in larger.random for name in term.columns if (term.group, name) not in there]


def _one_more(smaller: NestedModel, larger: NestedModel, group: str) -> int:
    """How many parameters one more column of a group brings: its variance, and covariances with those there."""
    there = sum(len(term.columns) for term in smaller.random if term.group == group)
    correlated = next(term.correlated for term in larger.random if term.group == group)
    return 1 + (there if correlated else 0)
