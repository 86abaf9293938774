"""Did this person change more than the measure's own error, and where did they end?

Jacobson and Truax (1991) for one measure, and the joint rule of the English national service for several.
A figure that a measure's authors or a service publish ("official") is met at equality; a figure computed from
a reliability must be exceeded, as in the original test. A value exactly on a cut-off is on the clinical side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

from shoshin.science.reasons import Reason

__all__ = [
    "Category",
    "Change",
    "JointChange",
    "TwoScores",
    "cutoff_a",
    "cutoff_b",
    "cutoff_c",
    "felt_direction",
    "is_case",
    "is_reliable",
    "joint_deterioration",
    "joint_recovery",
    "joint_reliable_improvement",
    "judge_change",
    "points_worse",
    "reliable_change_index",
    "reliable_points",
    "s_diff",
    "sem",
]

Category = Literal["recovered", "improved", "unchanged", "worse"]


@dataclass(frozen=True)
class Change:
    """What one person's two scores say; `difference` is last - first in points of the scale."""

    category: Category
    difference: float
    non_clinical_at_start: bool | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class TwoScores:
    """The first and last score on one measure with the limits it is judged by."""

    first: float
    last: float
    reliable_points: float
    cutoff: float
    higher_is_worse: bool
    official: bool = True


@dataclass(frozen=True)
class JointChange:
    """Whether a joint rule is met, and whether this course belongs in the rule's denominator at all."""

    met: bool
    counted: bool
    reasons: tuple[Reason, ...]


def sem(sd: float, reliability: float) -> float:
    """How far does one score stray from the person's true score?

    Equation: SEM = SD sqrt(1 - r). Source: classical test theory, as used by Jacobson & Truax (1991).
    Units: points of the scale; no direction. Not for: the error of a difference (see s_diff).
    """
    if sd <= 0 or not 0 < reliability <= 1:
        raise ValueError(f"A standard error needs SD > 0 and reliability in (0, 1]; got {sd} and {reliability}.")
    return sd * sqrt(1 - reliability)


def s_diff(sd: float, reliability: float) -> float:
    """How far do two scores of one unchanged person stray from each other?

    Equation: S_diff = sqrt(2) SEM. Source: Jacobson & Truax (1991). Units: points; no direction.
    Not for: measures whose error differs between the two occasions.
    """
    return sqrt(2) * sem(sd, reliability)


def reliable_change_index(first: float, last: float, *, sd: float, reliability: float) -> float:
    """How large is this change, counted in standard errors of a difference?

    Equation: RC = (last - first) / S_diff. Source: Jacobson & Truax (1991); `sd` is that of the clinical
    group before treatment. Units: none; the sign is that of last - first. Not for: a change between two
    sessions picked because they looked different.
    """
    error = s_diff(sd, reliability)
    if error == 0:
        raise ValueError("A perfectly reliable measure has no error to compare a change with.")
    return (last - first) / error


def reliable_points(sd: float, reliability: float, confidence: float = 0.95) -> float:
    """How many points must a score move to be more than error?

    Equation: points = z S_diff, z the two-sided normal quantile (1.96 at .95). Source: Jacobson & Truax
    (1991), in raw points as Blampied (2022) asks to report it, with reliability and confidence named beside
    it.
    Units: points, always positive; computed, so a change must exceed it. Not for: replacing a published
    figure.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"Confidence lies between 0 and 1; got {confidence}.")
    return NormalDist().inv_cdf((1 + confidence) / 2) * s_diff(sd, reliability)


def cutoff_a(clinical_mean: float, clinical_sd: float, *, higher_is_worse: bool) -> float:
    """Which score is far outside the clinical group?

    Equation: a = M1 - 2 SD1 where higher is worse, M1 + 2 SD1 where higher is better. Source: Jacobson &
    Truax (1991). Units: points. Not for: use when norms of a functional group exist (see cutoff_c).
    """
    return clinical_mean - 2 * clinical_sd if higher_is_worse else clinical_mean + 2 * clinical_sd


def cutoff_b(functional_mean: float, functional_sd: float, *, higher_is_worse: bool) -> float:
    """Which score is still inside the functional group?

    Equation: b = M0 + 2 SD0 where higher is worse, M0 - 2 SD0 where higher is better; SD0 is the functional
    group's own. Source: Jacobson & Truax (1991). Units: points. Not for: a clinical norm's SD, a slip found
    in software.
    """
    return functional_mean + 2 * functional_sd if higher_is_worse else functional_mean - 2 * functional_sd


def cutoff_c(clinical_mean: float, clinical_sd: float, functional_mean: float, functional_sd: float) -> float:
    """Where is a score as likely to come from the one group as from the other?

    Equation: c = (SD1 M0 + SD0 M1) / (SD0 + SD1). Source: Jacobson & Truax (1991); the choice where both
    norms exist and overlap. Units: points; the same for either direction. Not for: a service's caseness line,
    which is another kind of cut-off with another figure.
    """
    if clinical_sd <= 0 or functional_sd <= 0:
        raise ValueError("A cut-off between two groups needs a spread above 0 in both.")
    return (clinical_sd * functional_mean + functional_sd * clinical_mean) / (functional_sd + clinical_sd)


def points_worse(first: float, last: float, *, higher_is_worse: bool) -> float:
    """By how many points is the last score worse than the first?

    Equation: last - first, with its sign turned where higher is better. Source: a convention of this
    software.
    Units: points; positive is worse, negative is better. Not for: comparing two measures.
    """
    return last - first if higher_is_worse else first - last


def is_reliable(points: float, *, reliable_points: float, official: bool) -> bool:
    """Is a move of so many points, in one given direction, more than error?

    Equation: points >= limit for an official figure, points > limit for a computed one. Source: a published
    "6 points or more" counts 6; Jacobson & Truax (1991) ask RC to exceed 1.96. Units: points, already signed.
    Not for: a limit of 0 or below, which is refused.
    """
    if reliable_points <= 0:
        raise ValueError(f"A reliable change is above 0 points; got {reliable_points}.")
    return points >= reliable_points if official else points > reliable_points


def felt_direction(
    before: float, now: float, *, reliable_points: float, higher_is_worse: bool
) -> Literal["better", "same", "worse"]:
    """Would one say that this answer is better, about the same, or worse than the last one?

    Equation: about the same within half a reliable change, else by direction. Source: our own rule, for comparing
    with a guess only. Units: points of the scale. Not for: judging change, which needs the whole reliable change.
    """
    by = points_worse(before, now, higher_is_worse=higher_is_worse)
    if abs(by) < reliable_points / 2:
        return "same"
    return "worse" if by > 0 else "better"


def is_case(value: float, *, cutoff: float, higher_is_worse: bool) -> bool:
    """Does this score lie on the clinical side?

    Equation: value >= cutoff where higher is worse, value <= cutoff where higher is better; the line itself
    is clinical. Source: NHS Talking Therapies count PHQ-9 of 10 as a case at cut-off 10. Units: points.
    Not for: a diagnosis.
    """
    return value >= cutoff if higher_is_worse else value <= cutoff


def judge_change(
    first: float,
    last: float,
    *,
    reliable_points: float,
    cutoff: float | None,
    higher_is_worse: bool,
    official: bool = True,
) -> Change:
    """Is this person recovered, improved, unchanged or worse by this measure?

    Equation: improved if better by a reliable change; recovered if besides they began on the clinical side
    and ended on the other; worse if worse by a reliable change; else unchanged. Source: Jacobson & Truax
    (1991); the flag for a start outside the clinical range is reported apart, never mixed into the category.
    Without a cut-off nobody can be called recovered, and the reasons say so.
    Units: points of the scale, direction by `higher_is_worse`. Not for: an alarm during therapy, a verdict on
    a therapist, or one measure standing for a life.
    """
    worse_by = points_worse(first, last, higher_is_worse=higher_is_worse)
    facts = {"first": first, "last": last, "difference": last - first, "reliable_points": reliable_points}
    case_first = None if cutoff is None else is_case(first, cutoff=cutoff, higher_is_worse=higher_is_worse)
    case_last = None if cutoff is None else is_case(last, cutoff=cutoff, higher_is_worse=higher_is_worse)
    category: Category = "unchanged"
    if is_reliable(worse_by, reliable_points=reliable_points, official=official):
        category = "worse"
    elif is_reliable(-worse_by, reliable_points=reliable_points, official=official):
        category = "recovered" if case_first and not case_last else "improved"
    code = {"worse": "reliably_worse", "unchanged": "within_error"}.get(category, "reliably_better")
    reasons = (Reason(code, facts), _side(case_first, case_last, cutoff))
    return Change(category, last - first, None if case_first is None else not case_first, reasons)


def joint_recovery(measures: Sequence[TwoScores]) -> JointChange:
    """Did a course that began as a case on any of its measures end as a case on none?

    Equation: counted = case at first on at least one; met = counted and case at last on none. Reliable change
    is not asked for here. Source: NHS Talking Therapies manual. Units: yes or no; direction by each measure.
    Not for: "reliable recovery", which asks for joint_reliable_improvement as well.
    """
    starts = _cases([m.first for m in measures], measures)
    ends = _cases([m.last for m in measures], measures)
    facts = {"measures": len(measures), "cases_at_start": starts, "cases_at_end": ends}
    if starts == 0:
        return JointChange(met=False, counted=False, reasons=(Reason("no_case_at_start", facts),))
    code = "case_at_end" if ends else "no_case_at_end"
    return JointChange(met=ends == 0, counted=True, reasons=(Reason(code, facts),))


def joint_reliable_improvement(measures: Sequence[TwoScores]) -> JointChange:
    """Did at least one measure improve reliably while none became reliably worse?

    Equation: met = (better >= 1) and (worse = 0), counted for every course. Source: NHS Talking Therapies
    manual.
    Units: yes or no. Not for: the size of the change.
    """
    better, worse, facts = _moves(measures)
    met = better > 0 and worse == 0
    return JointChange(met, counted=True, reasons=(Reason("joint_moves", facts),))


def joint_deterioration(measures: Sequence[TwoScores]) -> JointChange:
    """Did at least one measure become reliably worse while none improved reliably?

    Equation: met = (worse >= 1) and (better = 0), counted for every course. Source: NHS Talking Therapies
    manual.
    Units: yes or no. Not for: an alarm during therapy (see signals).
    """
    better, worse, facts = _moves(measures)
    met = worse > 0 and better == 0
    return JointChange(met, counted=True, reasons=(Reason("joint_moves", facts),))


def _side(case_first: bool | None, case_last: bool | None, cutoff: float | None) -> Reason:
    if cutoff is None or case_first is None or case_last is None:
        return Reason("no_cutoff")
    codes = {
        (True, True): "stayed_clinical",
        (True, False): "crossed_cutoff",
        (False, True): "entered_clinical",
        (False, False): "never_clinical",
    }
    return Reason(codes[case_first, case_last], {"cutoff": cutoff})


def _cases(values: Sequence[float], measures: Sequence[TwoScores]) -> int:
    pairs = zip(values, measures, strict=True)
    return sum(is_case(v, cutoff=m.cutoff, higher_is_worse=m.higher_is_worse) for v, m in pairs)


def _moves(measures: Sequence[TwoScores]) -> tuple[int, int, dict[str, float | int | str]]:
    better = worse = 0
    for m in measures:
        by = points_worse(m.first, m.last, higher_is_worse=m.higher_is_worse)
        worse += is_reliable(by, reliable_points=m.reliable_points, official=m.official)
        better += is_reliable(-by, reliable_points=m.reliable_points, official=m.official)
    return better, worse, {"measures": len(measures), "better": better, "worse": worse}
