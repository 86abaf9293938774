"""How much of what differs between results lies between therapists? A figure about a clinic, never about a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.science.mixed import (
    INTERCEPT,
    BadData,
    Fitted,
    LogisticModel,
    NestedModel,
    NotFitted,
    ProfileInterval,
    RandomTerm,
    chi2_tail,
    fit,
    fit_logistic,
    gram_table,
    latent_share,
    logistic_sd_interval,
    share_interval,
    variance_share,
)
from shoshin.science.reasons import Reason
from shoshin.science.therapist_effects.cases import Cases, Outcome, outcome_rows

__all__ = [
    "FEWEST_COURSES",
    "FEWEST_EACH",
    "FEWEST_THERAPISTS",
    "ClinicShare",
    "NoClinicShare",
    "ShareAt",
    "clinic_share",
]

Rows = Mapping[str, NDArray[Any]]
FEWEST_THERAPISTS, FEWEST_COURSES = 10, 200
FEWEST_EACH = 4  # closed courses, for a therapist to count among the ten (Schiefele 2017 asks for as many)
SLOPE_P = 0.05  # a random slope is kept where chance alone gains as much less often than this


@dataclass(frozen=True)
class ShareAt:
    """The share of variance between therapists for clients who began so many SDs worse than average."""

    severity: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class ClinicShare:
    """A clinic's share with 95 % interval: at average severity first, and a SD below and above where that differs."""

    outcome: Outcome
    therapists: int
    courses: int
    shares: tuple[ShareAt, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class NoClinicShare:
    """No figure, and why: how many therapists and closed courses there are, and how many are missing."""

    outcome: Outcome
    therapists: int
    courses: int
    missing_therapists: int
    missing_courses: int
    reasons: tuple[Reason, ...]


def clinic_share(cases: Cases, outcome: Outcome) -> ClinicShare | NoClinicShare:
    """Which share of the variance in one outcome, given how severe courses began, lies between therapists?

    Equation: y = β₀ + β₁x + u₀ + u₁x + e by REML; share(x) = (τ₀₀ + 2τ₀₁x + τ₁₁x²)/(… + σ²), u₁ kept where a
    likelihood ratio supports it; drop-out by a logistic model, τ/(τ + π²/3). Profile intervals of 95 %. Source:
    Saxon & Barkham 2012; Goldstein, Browne & Rasbash 2002. Units: 0 to 1. Refused below 10 therapists with 4 closed
    courses each, or below 200 courses. Not for: any one therapist.
    """
    rows = outcome_rows(cases, outcome)
    courses, therapists = len(rows["outcome"]), counted(rows)
    missing = max(0, FEWEST_THERAPISTS - therapists), max(0, FEWEST_COURSES - courses)

    def refused(*reasons: Reason) -> NoClinicShare:
        return NoClinicShare(outcome, therapists, courses, *missing, reasons)

    if any(missing):
        facts = {"therapists": therapists, "courses": courses}
        facts |= {"missing_therapists": missing[0], "missing_courses": missing[1]}
        return refused(Reason("too_few_for_clinic_share", facts))
    try:
        found = _logistic(rows) if outcome == "dropout" else _gaussian(rows)
    except BadData:
        return refused(Reason("outcome_without_spread", {"courses": courses}))
    if isinstance(found, NotFitted):
        return refused(*found.reasons)
    shares, reasons = found
    if len(shares) == 0:
        return refused(Reason("no_interval_for_share", {"courses": courses}))
    return ClinicShare(outcome, therapists, courses, shares, reasons)


def counted(rows: Rows) -> int:
    """The therapists with enough courses to count."""
    _, each = np.unique(rows["therapist"], return_counts=True)
    return int((each >= FEWEST_EACH).sum())


Found = tuple[tuple[ShareAt, ...], tuple[Reason, ...]]


def _gaussian(rows: Rows) -> Found | NotFitted:
    plain = _model((INTERCEPT,))
    table = gram_table(rows, plain)
    found = fit(table, plain)
    if isinstance(found, NotFitted):
        return found
    sloped = _model((INTERCEPT, "severity"))
    wider = gram_table(rows, sloped)
    larger = fit(wider, sloped)
    if isinstance(larger, Fitted):
        gain = max(0.0, found.m2ll - larger.m2ll)
        p = (chi2_tail(gain, 1) + chi2_tail(gain, 2)) / 2
        if p < SLOPE_P:
            at = [_share(wider, larger, x) for x in (0.0, -1.0, 1.0)]
            kept = tuple(each for each in at if each is not None)
            if len(kept) == len(at):
                return kept, (Reason("share_differs_by_severity", {"p": p}),)
    one = _share(table, found, None)
    return ((one,) if one else ()), (Reason("share_same_at_every_severity", {}),)


def _model(varying: tuple[str, ...]) -> NestedModel:
    return NestedModel("outcome", (INTERCEPT, "severity"), (RandomTerm("therapist", varying),))


def _share(table: Any, found: Fitted, severity: float | None) -> ShareAt | None:
    at = None if severity is None else {"severity": severity}
    limits = share_interval(table, found, "therapist", at)
    return _whole(severity or 0.0, variance_share(found, "therapist", at), limits)


def _logistic(rows: Rows) -> Found | NotFitted:
    found = fit_logistic(rows, LogisticModel("outcome", (INTERCEPT, "severity"), "therapist"))
    if isinstance(found, NotFitted):
        return found
    limits = logistic_sd_interval(rows, found)
    one = _whole(0.0, latent_share(found), limits, lambda sd: sd**2 / (sd**2 + pi**2 / 3))
    return ((one,) if one else ()), (Reason("share_on_latent_scale", {}),)


def _whole(severity: float, share: float, limits: ProfileInterval, through: Any = float) -> ShareAt | None:
    """A share is nothing without both limits."""
    if limits.low is None or limits.high is None:
        return None
    return ShareAt(severity, share, through(limits.low), through(limits.high))
