"""What can one therapist learn from their own clients' results? An estimate drawn towards the clinic's, with interval.

How much therapists differ is never taken as known: it is averaged over what the clinic's courses and published figures
leave possible. With few courses the published figures decide, with many the clinic's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed.optimise import descend, hessian
from shoshin.science.mixed.quadrature import Binary, integrals
from shoshin.science.reasons import Reason
from shoshin.science.therapist_effects.cases import Cases, Floats, Outcome, outcome_rows
from shoshin.science.therapist_effects.clinic import FEWEST_COURSES, FEWEST_THERAPISTS, counted

__all__ = [
    "FEWEST_COLLEAGUES",
    "FEWEST_OWN",
    "PRIORS",
    "NoOwnResult",
    "OwnResult",
    "SharePrior",
    "own_results",
    "reliability",
]

FEWEST_OWN = 20
FEWEST_COLLEAGUES = 5  # oneself among them: of fewer, one's own figure would tell a colleague's
Z = 1.959964
LOGISTIC = pi**2 / 3
NODES = 15


@dataclass(frozen=True)
class SharePrior:
    """What is known from published work about the share of variance between therapists, as a beta distribution."""

    mean: float
    sd: float
    source: str

    def log_density(self, share: Floats) -> Floats:
        """Up to a constant."""
        size = self.mean * (1 - self.mean) / self.sd**2 - 1
        a, b = self.mean * size, (1 - self.mean) * size
        return np.asarray((a - 1) * np.log(share) + (b - 1) * np.log1p(-share))


_CHANGE = SharePrior(0.0575, 0.03, "Schiefele et al. 2017")
PRIORS: Mapping[Outcome, SharePrior] = {
    "change": _CHANGE,
    "rate": _CHANGE,
    "dropout": SharePrior(0.126, 0.06, "Saxon et al. 2017"),
}


@dataclass(frozen=True)
class OwnResult:
    """One therapist's own result for a client of average severity, with 95 % interval, beside the clinic's typical one.

    `estimate`, `low`, `high` and `typical` are in SDs (change), SDs per appointment (rate) or a probability (dropout).
    `chance` is the share, 0 to 1, of a difference between therapists' plain averages that is chance at this caseload.
    `leans` says that the clinic is too small to know how much therapists differ, so that published figures decide.
    """

    outcome: Outcome
    courses: int
    therapists: int
    estimate: float
    low: float
    high: float
    typical: float
    chance: float
    leans: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class NoOwnResult:
    """No estimate, and why: how many closed courses there are and how many are missing."""

    outcome: Outcome
    courses: int
    missing: int
    reasons: tuple[Reason, ...]


def reliability(share: float, courses: int) -> float:
    """How much of what differs between therapists' plain averages is more than chance, with so many courses each?

    Equation: λ = τ²/(τ² + σ²/n) = ρ/(ρ + (1 − ρ)/n). Source: shrinkage of a random intercept (Goldstein 2011). Units:
    0 to 1; 1 − λ is chance. `share` is ρ, between 0 and 1; `courses` n, 1 at least. Not for: one client.
    """
    if not 0 <= share < 1 or courses < 1:
        raise ValueError(f"A share lies between 0 and 1, of one course at least; got {share} of {courses}.")
    return share / (share + (1 - share) / courses)


def own_results(cases: Cases, outcome: Outcome) -> Mapping[str, OwnResult | NoOwnResult]:
    """How do each therapist's clients do beside the clinic's typical result, as far as their courses can tell?

    Equation: given ρ, û = λ(ȳ − x̄'β̂) with variance τ²(1 − λ) + λ²x̄'Cov(β̂)x̄; averaged over ρ with weights prior(ρ) ×
    likelihood(ρ), β (and σ) integrated out; 95 % = mean ± 1.96 SD of that mixture. Drop-out: the same with a logistic
    model by quadrature. Source: empirical Bayes (Robinson 1991) with a published prior on ρ (PRIORS). Units: as in
    OwnResult. Refused below 20 own courses or 5 therapists. Not for: comparing or ordering people; each result
    belongs to one person's eyes.
    """
    rows = outcome_rows(cases, outcome)
    names, codes = np.unique(rows["therapist"], return_inverse=True)
    each = np.bincount(codes, minlength=len(names))
    therapists = counted(rows)
    found: dict[str, OwnResult | NoOwnResult] = {}
    for name in np.unique(cases.therapist):
        n = int(each[names == name].sum())
        if n < FEWEST_OWN:
            why = Reason("too_few_own_courses", {"courses": n, "missing": FEWEST_OWN - n})
        elif therapists < FEWEST_COLLEAGUES:
            why = Reason("too_few_colleagues", {"therapists": therapists, "needed": FEWEST_COLLEAGUES})
        elif np.ptp(rows["outcome"]) == 0 or np.ptp(rows["severity"]) == 0:
            why = Reason("outcome_without_spread", {"courses": len(codes)})
        else:
            continue
        found[str(name)] = NoOwnResult(outcome, n, max(0, FEWEST_OWN - n), (why,))
    open_to = [str(name) for name in names if str(name) not in found]
    if open_to:
        facts = _Facts(outcome, rows["severity"], rows["outcome"], codes, each)
        mixed = _mixture(facts)
        leans = therapists < FEWEST_THERAPISTS or len(codes) < FEWEST_COURSES
        for name in open_to:
            place = int(np.flatnonzero(names == name)[0])
            found[name] = _result(facts, mixed, place, therapists, leans)
    return found


@dataclass(frozen=True, eq=False)
class _Facts:
    outcome: Outcome
    severity: Floats
    y: Floats
    codes: NDArray[np.int64]
    each: NDArray[np.int64]

    @property
    def columns(self) -> Floats:
        return np.column_stack([np.ones(len(self.y)), self.severity])


@dataclass(frozen=True, eq=False)
class _Given:
    """What follows from one share: its log weight, typical result, and each therapist's mean, variance and λ."""

    log_weight: float
    typical: float
    mean: Floats
    variance: Floats
    reliable: Floats


@dataclass(frozen=True, eq=False)
class _Mixed:
    typical: float
    mean: Floats
    sd: Floats
    reliable: Floats


def _mixture(facts: _Facts) -> _Mixed:
    """Everything averaged over the shares that data and published figures leave possible."""
    prior = PRIORS[facts.outcome]
    shares = np.geomspace(0.002, 0.6, 48)
    given = _logistic(facts, shares) if facts.outcome == "dropout" else _gaussian(facts, shares)
    weights = np.array([each.log_weight for each in given]) + prior.log_density(shares) + np.log(shares)
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    means, variances = (np.stack([getattr(each, name) for each in given]) for name in ("mean", "variance"))
    mean = weights @ means
    variance = weights @ (variances + (means - mean) ** 2)
    reliable = weights @ np.stack([each.reliable for each in given])
    typical = float(weights @ np.array([each.typical for each in given]))
    return _Mixed(typical, mean, np.sqrt(variance), reliable)


def _gaussian(facts: _Facts, shares: Floats) -> list[_Given]:
    """The random-intercept model at each share, from sums by therapist; σ and β integrated out."""
    pool = np.column_stack([facts.columns, facts.y])
    grams = np.zeros((len(facts.each), 3, 3))
    np.add.at(grams, facts.codes, pool[:, :, None] * pool[:, None, :])
    n, sums = facts.each.astype(np.float64), grams[:, 0, :]
    total, size = grams.sum(axis=0), len(facts.y)
    found = []
    for share in shares:
        ratio = share / (1 - share)
        pull = ratio / (1 + n * ratio)
        reduced = total - np.einsum("j,ja,jb->ab", pull, sums, sums)
        a, b = reduced[:2, :2], reduced[:2, 2]
        beta = np.linalg.solve(a, b)
        left = float(reduced[2, 2] - b @ beta)
        sigma2 = left / (size - 2)
        reliable = n * pull
        means = sums[:, :2] / n[:, None]
        mean = reliable * (sums[:, 2] / n - means @ beta)
        spread = np.einsum("ja,ab,jb->j", means, np.linalg.inv(a), means)
        variance = sigma2 * (pull + reliable**2 * spread)
        log_weight = -0.5 * (np.log1p(n * ratio).sum() + np.linalg.slogdet(a)[1] + (size - 2) * log(left))
        found.append(_Given(float(log_weight), float(beta[0]), mean, variance, reliable))
    return found


def _logistic(facts: _Facts, shares: Floats) -> list[_Given]:
    """The logistic model at each share, by quadrature; β integrated out by Laplace's approximation."""
    order = np.argsort(facts.codes, kind="stable")
    sorted_codes = facts.codes[order]
    starts = np.flatnonzero(np.append(True, sorted_codes[1:] != sorted_codes[:-1]))
    data = Binary(facts.columns[order], facts.y[order], np.ones(len(order)), sorted_codes, starts)
    means = np.stack([data.sums(column) for column in data.x.T], axis=1) / facts.each[:, None]
    middle = min(max(float(facts.y.mean()), 0.01), 0.99)
    beta = np.array([log(middle / (1 - middle)), 0.0])
    found = []
    for share in shares:
        s = float(np.sqrt(LOGISTIC * share / (1 - share)))

        def at(x: Floats, s: float = s) -> tuple[float, Floats]:
            here = integrals(data, x, s, NODES)
            return here.m2ll, here.gradient[:-1]

        beta = descend(at, beta).x
        bend = hessian(at, beta) / 2
        here = integrals(data, beta, s, NODES)
        reliable = np.clip(1 - here.variance, 0, 1)
        spread = np.einsum("ja,ab,jb->j", means, np.linalg.inv(bend), means)
        variance = s * s * here.variance + reliable**2 * spread
        log_weight = -0.5 * (here.m2ll + np.linalg.slogdet(bend)[1])
        found.append(_Given(float(log_weight), float(beta[0]), s * here.mean, variance, reliable))
    return found


def _result(facts: _Facts, mixed: _Mixed, place: int, therapists: int, leans: bool) -> OwnResult:
    reach = Z * float(mixed.sd[place])
    middle = mixed.typical + float(mixed.mean[place])
    shown = np.array([middle, middle - reach, middle + reach, mixed.typical])
    estimate, low, high, typical = (1 / (1 + np.exp(-shown)) if facts.outcome == "dropout" else shown).tolist()
    prior = PRIORS[facts.outcome]
    leaning = Reason("leans_on_published_share", {"share": prior.mean, "source": prior.source})
    told = Reason("own_courses_tell", {"courses": len(facts.y), "therapists": therapists})
    return OwnResult(
        outcome=facts.outcome,
        courses=int(facts.each[place]),
        therapists=therapists,
        estimate=estimate,
        low=low,
        high=high,
        typical=typical,
        chance=1 - float(mixed.reliable[place]),
        leans=leans,
        reasons=(leaning if leans else told,),
    )
