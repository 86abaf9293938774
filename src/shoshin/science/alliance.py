"""How does the work together go, by the checks after each appointment? Dips, repairs, a slow decline, and two views.

A client's checks are compared with that client's own usual, which leans on the clinic's while there are few. Higher is
better throughout. A mark is a place on a chart to ask about, never a finding about anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from shoshin.science.reasons import Fact, Reason

__all__ = [
    "CHECK_PRIOR",
    "DECLINE_AT",
    "REPAIR_WITHIN",
    "CheckMark",
    "Decline",
    "RatingsGap",
    "UsualCheck",
    "alliance_marks",
    "ratings_gap",
    "slow_decline",
    "usual_check",
]

MarkKind = Literal["steady", "dip", "rupture", "waiting", "repaired", "not_repaired"]

# How many earlier checks the clinic's figures count for, beside the client's own (as in signals.PRIOR_WEIGHT).
CHECK_PRIOR = 8
# A rupture counts as repaired if the checks are back within so many appointments.
REPAIR_WITHIN = 3
# A sum of standard deviations, half of one forgiven at each check: with it and the limits for a rupture, under 5 % of
# steady clients have any mark but a dip in 20 appointments (simulated in tests/science/test_alliance.py).
DECLINE_AT = 8.0
_FORGIVEN = 0.5


@dataclass(frozen=True)
class UsualCheck:
    """A client's usual check: `centre` and `spread` lean on the clinic's, `own` is the client's own mean alone."""

    centre: float
    spread: float
    own: float
    checks: int

    def limit(self, z: float) -> float:
        """The check that lies z standard deviations of one new check below the centre, and below the own mean too."""
        by_centre = self.centre - z * self.spread * sqrt(1 + 1 / (self.checks + CHECK_PRIOR))
        return min(by_centre, self.own - z * self.spread * sqrt(1 + 1 / self.checks))


@dataclass(frozen=True)
class CheckMark:
    """What one check is, in the order of the checks, and why. `place` counts from 0."""

    place: int
    kind: MarkKind
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Decline:
    """Whether checks have gone down little by little, and why."""

    found: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class RatingsGap:
    """How far the therapist's rating lies above the client's on average, in points; None while there are few pairs."""

    points: float | None
    apart: bool
    reasons: tuple[Reason, ...]


def usual_check(earlier: Sequence[float], *, group_mean: float, group_sd: float) -> UsualCheck:
    """What is usual for this client, as far as the earlier checks tell?

    Equation, with n checks a, their mean ā, weight w = CHECK_PRIOR: centre (wM + Σa)/(w + n), spread² = (wS² + Σ(a -
    ā)²) / (w + n - 1). Source: shrinkage towards a group as for a normal mean; the weight is ours. Units: points.
    `group_sd` is that of one client's checks. Not for: no earlier check at all.
    """
    if group_sd <= 0:
        raise ValueError(f"The spread of the group's checks is above 0; got {group_sd}.")
    if not earlier:
        raise ValueError("What is usual for a client takes one earlier check or more.")
    n, own = len(earlier), sum(earlier) / len(earlier)
    centre = (CHECK_PRIOR * group_mean + sum(earlier)) / (CHECK_PRIOR + n)
    squares = CHECK_PRIOR * group_sd**2 + sum((value - own) ** 2 for value in earlier)
    return UsualCheck(centre, sqrt(squares / (CHECK_PRIOR + n - 1)), own, n)


def alliance_marks(
    checks: Sequence[float], *, group_mean: float, group_sd: float, z_dip: float = 2, z_rupture: float = 3
) -> tuple[CheckMark, ...]:
    """Where in this course may the work together have been strained, and where was it mended?

    Equation: with the usual of the steady checks before, a check below both centre - z spread √(1 + 1/(n + w)) and
    own mean - z spread √(1 + 1/n) is a dip (z 2) or a rupture (z 3): unusual for the clinic and for this client.
    After a rupture, the first of the next REPAIR_WITHIN checks that is no more than a spread below the lower of
    centre and own mean is a repair; else the last of them is not repaired, and from there on all checks count as
    usual. Source: control charts for rupture and repair (Eubanks-Carter, Gorman & Muran 2012, read in excerpt);
    shrinkage, weights and the three appointments are ours. Units: points; lower is worse. Two steady checks are
    needed first. Not for: checks at the ceiling, where nothing can be read.
    """
    if not 0 < z_dip <= z_rupture:
        raise ValueError(f"A dip comes no later than a rupture; got z {z_dip} and {z_rupture}.")
    steady: list[float] = []
    marks: list[CheckMark] = []
    since: int | None = None
    usual: UsualCheck | None = None
    for place, check in enumerate(checks):
        if since is not None and usual is not None:
            mark = _after(place, check, since, usual)
            since = since if mark.kind == "waiting" else None
            if mark.kind == "not_repaired":
                steady.extend(checks[place - REPAIR_WITHIN : place])
        else:
            usual = usual_check(steady, group_mean=group_mean, group_sd=group_sd) if len(steady) >= 2 else None
            mark = _fresh(place, check, usual, z_dip, z_rupture)
            since = place if mark.kind == "rupture" else None
        if mark.kind not in ("rupture", "waiting"):
            steady.append(check)
        marks.append(mark)
    return tuple(marks)


def slow_decline(checks: Sequence[float], *, group_mean: float, group_sd: float) -> Decline:
    """Have the checks gone down little by little, with no single one to notice?

    Equation: C = max(0, C + (usual - check)/spread - ½) from the fifth check on, usual the lower of centre and own
    mean of the first half of the checks before; found when C ends at DECLINE_AT or more. Source: one-sided cumulative
    sum (Page 1954); the line is ours, calibrated by simulation. Units: standard deviations; lower checks are worse.
    Not for: fewer than six checks.
    """
    total, counted = 0.0, 0
    for place in range(4, len(checks)):
        usual = usual_check(checks[: max(2, place // 2)], group_mean=group_mean, group_sd=group_sd)
        total = max(0.0, total + (usual.limit(0) - checks[place]) / usual.spread - _FORGIVEN)
        counted += 1
    facts: dict[str, Fact] = {"sum": total, "line": DECLINE_AT, "checks": len(checks)}
    if counted < 2:
        return Decline(found=False, reasons=(Reason("too_few_for_decline", facts),))
    found = total >= DECLINE_AT
    return Decline(found, (Reason("going_down_slowly" if found else "not_going_down", facts),))


def ratings_gap(
    client: Sequence[float | None], therapist: Sequence[float | None], *, spread: float, z: float = 2, least: int = 4
) -> RatingsGap:
    """Do therapist and client see the work together differently?

    Equation: d = therapist - client at appointments that both rated, on the same scale; mean d is apart from 0 when
    |mean d| > z s/√n, s² = (wS² + Σ(d - mean d)²)/(w + n - 1), S = `spread`, w = CHECK_PRIOR. Source: a mean against
    its standard error, shrunk as usual_check; that therapists tend to rate the alliance lower than clients: Tryon,
    Blackwell & Hammel 2007 (from memory, to be checked). Units: points, positive: the therapist rates higher. Not
    for: who is right.
    """
    if len(client) != len(therapist):
        raise ValueError(f"Two views have one place for each appointment; got {len(client)} and {len(therapist)}.")
    if spread <= 0:
        raise ValueError(f"The spread of differences is above 0; got {spread}.")
    pairs = [(c, t) for c, t in zip(client, therapist, strict=True) if c is not None and t is not None]
    n = len(pairs)
    if n < least:
        return RatingsGap(None, apart=False, reasons=(Reason("too_few_pairs", {"pairs": n, "needed": least}),))
    gaps = [t - c for c, t in pairs]
    mean = sum(gaps) / n
    s = sqrt((CHECK_PRIOR * spread**2 + sum((gap - mean) ** 2 for gap in gaps)) / (CHECK_PRIOR + n - 1))
    line = z * s / sqrt(n)
    facts: dict[str, Fact] = {"points": mean, "line": line, "pairs": n}
    if abs(mean) <= line:
        return RatingsGap(mean, apart=False, reasons=(Reason("views_together", facts),))
    return RatingsGap(mean, apart=True, reasons=(Reason("therapist_higher" if mean > 0 else "client_higher", facts),))


def _fresh(place: int, check: float, usual: UsualCheck | None, z_dip: float, z_rupture: float) -> CheckMark:
    if usual is None:
        return CheckMark(place, "steady", (Reason("too_few_checks", {"earlier": place, "needed": 2}),))
    facts: dict[str, Fact] = {"last": check, "usual": usual.own, "earlier": usual.checks}
    facts |= {"watch_limit": usual.limit(z_dip), "signal_limit": usual.limit(z_rupture)}
    if check < usual.limit(z_rupture):
        return CheckMark(place, "rupture", (Reason("below_signal_limit", facts),))
    if check < usual.limit(z_dip):
        return CheckMark(place, "dip", (Reason("below_watch_limit", facts),))
    return CheckMark(place, "steady", (Reason("within_limits", facts),))


def _after(place: int, check: float, since: int, usual: UsualCheck) -> CheckMark:
    line = min(usual.centre, usual.own) - usual.spread
    facts: dict[str, Fact] = {"last": check, "line": line, "after": place - since}
    if check >= line:
        return CheckMark(place, "repaired", (Reason("back_to_usual", facts),))
    if place - since >= REPAIR_WITHIN:
        return CheckMark(place, "not_repaired", (Reason("not_back_to_usual", facts),))
    return CheckMark(place, "waiting", (Reason("not_back_yet", facts),))
