"""A logistic model with one random intercept: recovered or not, stayed or left, in groups that differ.

Needs the rows themselves at every step; no small table of sums is enough for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.checks import refuse_dependent
from shoshin.science.mixed.models import INTERCEPT, BadData, BadModel, Floats, LogisticModel
from shoshin.science.mixed.optimise import Descent, Objective, decrease_left, descend, newton, slack, smallest_curvature
from shoshin.science.mixed.profiles import Held, ProfileInterval, profile
from shoshin.science.mixed.quadrature import Binary, Integrals, integrals, plain
from shoshin.science.mixed.results import NotFitted
from shoshin.science.mixed.rows import Rows, column, ids_of, same_length
from shoshin.science.reasons import Fact, Reason

__all__ = [
    "FittedLogistic",
    "LogisticEffects",
    "fit_logistic",
    "latent_share",
    "logistic_effects",
    "logistic_sd_interval",
]

FEWEST_NODES = 7
STARTS = (1.0, 0.3)
CERTAIN, FLAT, FEW = 1e-9, 1e-6, 30
ROUGH = 0.001  # of −2 log likelihood still to be gained with twice as many points: a thirtieth of a standard error
UNEVEN = 0.1  # by which twice as many points may change the rise of −2 log likelihood at a limit
WIDEST = 10.0  # logits: groups so far apart are all yes or all no, and the likelihood goes on rising
ENDLESS = 100.0  # logits of standard error across a column's range: the coefficient has no finite value


@dataclass(frozen=True, eq=False)
class FittedLogistic:
    """A certified optimum of a logistic model with one random intercept.

    `beta` and `beta_covariance` are in logits per unit of the fixed column; `group_sd` is the spread between groups, in
    logits. `m2ll` is −2 log likelihood, without the constant of counted trials. `singular`: no spread at the optimum.
    """

    model: LogisticModel
    beta: Floats
    beta_covariance: Floats
    group_sd: float
    m2ll: float
    n_rows: int
    n_units: int
    nodes: int
    singular: bool
    newton_decrement: float
    evaluations: int
    reasons: tuple[Reason, ...]

    @property
    def coefficients(self) -> Mapping[str, float]:
        """The fixed coefficients by column, in logits."""
        return dict(zip(self.model.fixed, self.beta.tolist(), strict=True))

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Their standard errors, from the Hessian of all parameters."""
        return dict(zip(self.model.fixed, np.sqrt(np.diag(self.beta_covariance)).tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class LogisticEffects:
    """Each group's own shift in logits: its most likely value, its posterior mean, and the variance around that."""

    group: str
    ids: NDArray[Any]
    mode: Floats
    mean: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class _Prepared:
    data: Binary
    ids: NDArray[Any]
    back: Floats  # own coefficients = back @ those of the centred, scaled columns


def fit_logistic(rows: Rows, model: LogisticModel, *, nodes: int = 15) -> FittedLogistic | NotFitted:
    """Which coefficients, and which spread between groups, make these yes-or-no outcomes most likely?

    Equation: maximum of Π_j ∫ Π_i logit⁻¹(x'β + σ b)^y (1 − …)^(m − y) φ(b) db by adaptive Gauss-Hermite
    quadrature with `nodes` points (7 at least). Source: Pinheiro & Chao 2006; agrees with glmer at as many points.
    Units: logits; positive makes a 1 likelier, whatever that means. Not for: several levels or random slopes, for
    which there is no function here.
    """
    if nodes < FEWEST_NODES:
        raise BadModel(f"Fewer than {FEWEST_NODES} points make the likelihood too rough; got {nodes}.")
    prepared = _prepared(rows, model)
    beta = _without_groups(prepared, model)
    objective = _objective(prepared.data, nodes)
    ends = [descend(objective, np.append(beta, size)) for size in STARTS]
    best = min(ends, key=lambda end: end.value)
    evaluations = sum(end.evaluations for end in ends)
    alone = _alone(prepared.data, beta)
    if alone.value <= best.value + slack(best.value) and plain(prepared.data, alone.x)[3] >= 0:
        return _certified(prepared, model, _plain_objective(prepared.data), alone, nodes, evaluations)
    return _certified(prepared, model, objective, best, nodes, evaluations)


def logistic_sd_interval(rows: Rows, fit: FittedLogistic, confidence: float = 0.95) -> ProfileInterval:
    """Between which limits lies the spread between groups?

    Equation: the profile of −2 log likelihood, as for sd_interval. Source: as there. Units: logits. For the latent
    share put both limits through τ²/(τ² + π²/3).
    """
    prepared = _prepared(rows, fit.model)
    inner = np.asarray(np.linalg.solve(prepared.back, fit.beta), dtype=np.float64)

    def objective(value: float) -> Objective:
        def at(beta: Floats) -> tuple[float, Floats]:
            found = integrals(prepared.data, beta, value, fit.nodes)
            return found.m2ll, found.gradient[:-1]

        return at if value else _plain_objective(prepared.data)

    held = Held(objective, fit.m2ll, inner, np.zeros(inner.size, dtype=bool))
    found = profile(held, fit.group_sd, 0.5, inf, confidence)
    if found.high is None:
        return found
    there = descend(objective(found.high), inner).x
    here = _more(prepared.data, inner, fit.group_sd, fit.nodes).m2ll - fit.m2ll
    finer = _more(prepared.data, there, found.high, fit.nodes).m2ll
    uneven = abs(finer - integrals(prepared.data, there, found.high, fit.nodes).m2ll - here)
    if uneven <= UNEVEN:
        return found
    facts: dict[str, Fact] = {"nodes": fit.nodes, "change": uneven, "most": UNEVEN}
    return replace(found, high=None, reasons=(*found.reasons, Reason("too_few_points", facts)))


def latent_share(fit: FittedLogistic) -> float:
    """Which share of the variance behind yes and no lies between groups?

    Equation: σ²/(σ² + π²/3), on the scale of logits. Source: Goldstein, Browne & Rasbash 2002. Units: 0 to 1.
    Not for: comparing with a share of observed variance, which is smaller and depends on how common a yes is.
    """
    return fit.group_sd**2 / (fit.group_sd**2 + pi**2 / 3)


def logistic_effects(rows: Rows, fit: FittedLogistic) -> LogisticEffects:
    """How far does each group lie from what the fixed part says, given its rows?

    Equation: mode, mean and variance of σ b given the rows, by the same points. Source: empirical Bayes; lme4
    reports the mode. Units: logits, shrunk towards 0. Not for: ranking therapists.
    """
    prepared = _prepared(rows, fit.model)
    inner = np.asarray(np.linalg.solve(prepared.back, fit.beta), dtype=np.float64)
    found = integrals(prepared.data, inner, fit.group_sd, fit.nodes)
    sd = fit.group_sd
    return LogisticEffects(fit.model.group, prepared.ids, sd * found.mode, sd * found.mean, sd * sd * found.variance)


def _prepared(rows: Rows, model: LogisticModel) -> _Prepared:
    names = [name for name in model.fixed if name != INTERCEPT]
    columns = {name: column(name, rows) for name in names}
    successes = column(model.outcome, rows)
    trials = column(model.trials, rows) if model.trials else np.ones(len(successes))
    distinct, codes = ids_of(model.group, rows)
    same_length({**columns, model.outcome: successes, "trials": trials, model.group: codes})
    _refuse_outcome(model, successes, trials)
    if len(distinct) < 2:
        raise BadData(f"There is only one {model.group!r}, so nothing can differ between them: use a plain model.")
    if len(distinct) >= trials.sum():
        raise BadData(f"Every row is a {model.group!r} of its own: choose a group with several rows.")
    order = np.argsort(codes, kind="stable")
    shift = INTERCEPT in model.fixed
    made, back = [], np.eye(len(model.fixed))
    home = model.fixed.index(INTERCEPT) if shift else 0
    for place, name in enumerate(model.fixed):
        if name == INTERCEPT:
            made.append(np.ones(len(codes)))
            continue
        middle = float(columns[name].mean()) if shift else 0.0
        spread = float(np.sqrt(((columns[name] - middle) ** 2).mean()))
        if spread <= 1e-13 * abs(middle) or np.ptp(columns[name]) == 0:
            raise BadData(f"Column {name!r} is the same in every row: leave it out of the model.")
        made.append((columns[name][order] - middle) / spread)
        back[place, place] = 1 / spread
        back[home, place] = -middle / spread if shift else back[home, place]
    x = np.column_stack(made)
    refuse_dependent(x.T @ x, model.fixed, "fixed columns")
    sorted_codes = codes[order]
    starts = np.flatnonzero(np.append(True, sorted_codes[1:] != sorted_codes[:-1]))
    data = Binary(x, successes[order], trials[order], sorted_codes, starts)
    return _Prepared(data, distinct, back)


def _refuse_outcome(model: LogisticModel, successes: Floats, trials: Floats) -> None:
    if model.trials and (np.any(trials < 1) or np.any(trials != np.round(trials))):
        raise BadData(f"Column {model.trials!r} counts trials: whole numbers of 1 or more.")
    if np.any(successes < 0) or np.any(successes > trials) or np.any(successes != np.round(successes)):
        most = f"whole numbers up to {model.trials!r}" if model.trials else "0 and 1 only"
        raise BadData(f"The outcome {model.outcome!r} must be {most}: code it so first.")
    if successes.sum() in (0, trials.sum()):
        raise BadData(f"The outcome {model.outcome!r} is the same in every row: there is nothing to explain.")


def _objective(data: Binary, nodes: int) -> Objective:
    """The criterion as a function of (β, σ); each call seeks the groups' modes where the last one found them."""
    modes: list[Floats | None] = [None]

    def at(x: Floats) -> tuple[float, Floats]:
        if not np.isfinite(x).all() or np.abs(x).max() > 1e4:
            return inf, np.zeros(x.size)
        with np.errstate(all="ignore"):
            found = integrals(data, x[:-1], float(x[-1]), nodes, modes[0])
        if not np.isfinite(found.m2ll) or not np.isfinite(found.gradient).all():
            return inf, np.zeros(x.size)
        modes[0] = found.mode
        return found.m2ll, found.gradient

    return at


def _plain_objective(data: Binary) -> Objective:
    return lambda beta: plain(data, beta)[:2]


def _alone(data: Binary, beta: Floats) -> Descent:
    return descend(_plain_objective(data), beta)


def _without_groups(prepared: _Prepared, model: LogisticModel) -> Floats:
    """The coefficients without groups, to start with; refuses a column that separates the outcomes."""
    found = _alone(prepared.data, np.zeros(len(model.fixed)))
    beta = found.x
    for _ in range(25):
        _, gradient, second, _ = plain(prepared.data, beta)
        try:
            step = np.linalg.solve(second, gradient)
        except np.linalg.LinAlgError:
            break
        if float(gradient @ step) < 1e-10:
            break
        beta = beta - step * min(1.0, 5 / max(float(np.abs(step).max()), 1e-300))
    _refuse_endless(prepared, model, plain(prepared.data, beta)[2])
    return beta


def _refuse_endless(prepared: _Prepared, model: LogisticModel, second: Floats) -> None:
    """A column whose values go with 1 only, or 0 only, beyond some point has no finite coefficient."""
    values, vectors = np.linalg.eigh(second / 2)
    errors = np.sqrt((vectors**2 / np.maximum(values, 1e-300)).sum(axis=1))
    reach = np.maximum(np.ptp(prepared.data.x, axis=0), 1.0) * errors
    worst = int(np.argmax(np.where(np.array(model.fixed) == INTERCEPT, 0, reach)))
    if reach[worst] > ENDLESS:
        raise BadData(
            f"Column {model.fixed[worst]!r} divides the outcomes completely, so that its coefficient has no finite "
            "value: leave it out, or join its rare values."
        )


def _more(data: Binary, beta: Floats, spread: float, nodes: int) -> Integrals:
    """The same with twice as many points."""
    return integrals(data, beta, spread, 2 * nodes + 1)


def _certified(
    prepared: _Prepared, model: LogisticModel, objective: Objective, end: Descent, nodes: int, evaluations: int
) -> FittedLogistic | NotFitted:
    best, second, left = newton(objective, end)
    evaluations += best.evaluations
    curvature = smallest_curvature(second)
    p = len(model.fixed)
    if curvature < FLAT:
        return NotFitted(model, (Reason("not_identified", {"curvature": curvature, "least": FLAT}),))
    if not left <= CERTAIN:
        return NotFitted(model, (Reason("not_converged", {"newton_decrement": left, "most": CERTAIN}),))
    if best.x.size > p:
        spread = abs(float(best.x[-1]))
        if spread > WIDEST:
            return NotFitted(model, (Reason("no_finite_spread", {"spread": spread, "widest": WIDEST}),))
        rough = decrease_left(second, _more(prepared.data, best.x[:p], float(best.x[-1]), nodes).gradient)
        if rough > ROUGH:
            return NotFitted(model, (Reason("too_few_points", {"nodes": nodes, "change": rough, "most": ROUGH}),))
    units = len(prepared.ids)
    reasons = [Reason("optimum_certified", {"newton_decrement": left, "evaluations": evaluations})]
    singular = best.x.size == p
    if singular:
        reasons.append(Reason("at_boundary", {"group": model.group, "directions": 0, "columns": 1}))
    if units < FEW:
        reasons.append(Reason("few_groups", {"group": model.group, "units": units, "enough": FEW}))
    covariance = 2 * np.linalg.inv(second)[:p, :p]
    return FittedLogistic(
        model=model,
        beta=prepared.back @ best.x[:p],
        beta_covariance=prepared.back @ covariance @ prepared.back.T,
        group_sd=0.0 if singular else abs(float(best.x[-1])),
        m2ll=best.value,
        n_rows=len(prepared.data.y),
        n_units=units,
        nodes=nodes,
        singular=singular,
        newton_decrement=left,
        evaluations=evaluations,
        reasons=tuple(reasons),
    )
