"""Does something in the answers ask for a word with the client? Four plain rules, each with its reasons.

A rule returns a level: none, watch (the chart is marked) or signal (it asks "what next?"). Worse and no
change are two rules on purpose: they find different people. No rule knows why; a signal is a question, never
a verdict.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from shoshin.science.change import is_case, is_reliable, points_worse
from shoshin.science.reasons import Reason

__all__ = [
    "EARLY_APPOINTMENT",
    "LATER_APPOINTMENT",
    "PAUSE_APPOINTMENTS",
    "PRIOR_WEIGHT",
    "Kind",
    "Level",
    "Point",
    "Reason",
    "Signal",
    "check_drop",
    "missing_answers",
    "no_change_by",
    "raised_again",
    "reliable_worsening",
    "strongest",
]

Kind = Literal["worse", "no_change", "drop", "missing"]
Level = Literal["none", "watch", "signal"]

# Feedback systems look first at appointments 3 to 4, but one large class of clients changes late
# (PMC6428692).
EARLY_APPOINTMENT = 3
LATER_APPOINTMENT = 6
# How many earlier checks the group's figures count for, beside the client's own: our choice, calibrated in
# tests.
PRIOR_WEIGHT = 8
# An answered "no change" rests for so many appointments: our choice, about one month of weekly work.
PAUSE_APPOINTMENTS = 4

_RANK: dict[Level, int] = {"none": 0, "watch": 1, "signal": 2}
_FIRST_AMONG_EQUALS: tuple[Kind, ...] = ("worse", "drop", "no_change", "missing")


@dataclass(frozen=True)
class Point:
    """A score at an appointment; 1 is the first (intake)."""

    appointment: int
    value: float


@dataclass(frozen=True)
class Signal:
    """What a rule found, how strongly, and why."""

    kind: Kind
    level: Level
    reasons: tuple[Reason, ...]


def reliable_worsening(
    points: Sequence[Point], *, reliable_points: float, higher_is_worse: bool, official: bool = True
) -> Signal:
    """Is this client reliably worse than at the start, or than at their own best?

    Equation: signal if the last score is worse than the first by a reliable change; else watch if it is worse
    than the best earlier one by a reliable change; both grounds are reported. `official` as in
    change.is_reliable.
    Source: Jacobson & Truax (1991) applied within therapy; a strong baseline among alarms in simulation.
    Units: points of the scale. Not for: predicting an ending, or a client whose first score is missing.
    """
    line = _in_order(points)
    if len(line) < 2:
        return Signal("worse", "none", (Reason("too_few_points", {"points": len(line), "needed": 2}),))
    first, last = line[0], line[-1]
    best = min(line[:-1], key=lambda p: points_worse(first.value, p.value, higher_is_worse=higher_is_worse))
    by_first = points_worse(first.value, last.value, higher_is_worse=higher_is_worse)
    by_best = points_worse(best.value, last.value, higher_is_worse=higher_is_worse)
    reasons = []
    if is_reliable(by_first, reliable_points=reliable_points, official=official):
        reasons.append(_moved("worse_than_first", first, last, by_first, reliable_points))
    if best is not first and is_reliable(by_best, reliable_points=reliable_points, official=official):
        reasons.append(_moved("worse_than_best", best, last, by_best, reliable_points))
    if not reasons:
        return Signal("worse", "none", (_moved("not_worse", first, last, by_first, reliable_points),))
    return Signal("worse", "signal" if reasons[0].code == "worse_than_first" else "watch", tuple(reasons))


def no_change_by(
    points: Sequence[Point],
    *,
    appointment_k: int,
    reliable_points: float,
    cutoff: float | None,
    higher_is_worse: bool,
    official: bool = True,
) -> Signal:
    """By appointment k, is this client still no better and still on the clinical side?

    Equation: raised if the last appointment >= k, the last score is not better than the first by a reliable
    change, and it is a case by `cutoff`. Before LATER_APPOINTMENT, and always without a cut-off, it is only a
    watch.
    Source: the early-review idea of PCOMS and OQ feedback in our own plain form; the cap at a watch because
    some clients improve only after appointment 6 (PMC6428692). Units: points of the scale and appointment
    numbers.
    Not for: a client who began outside the clinical range and stays there, or ending a therapy.
    """
    line = _in_order(points)
    if len(line) < 2 or line[-1].appointment < appointment_k:
        seen = line[-1].appointment if line else 0
        return Signal("no_change", "none", (Reason("too_early", {"appointment": seen, "k": appointment_k}),))
    first, last = line[0], line[-1]
    better = -points_worse(first.value, last.value, higher_is_worse=higher_is_worse)
    if is_reliable(better, reliable_points=reliable_points, official=official):
        return Signal("no_change", "none", (_moved("better_than_first", first, last, better, reliable_points),))
    ground = _moved("not_better", first, last, better, reliable_points, k=appointment_k)
    if cutoff is None:
        return Signal("no_change", "watch", (ground, Reason("no_cutoff")))
    if not is_case(last.value, cutoff=cutoff, higher_is_worse=higher_is_worse):
        return Signal("no_change", "none", (Reason("not_clinical_now", {"last": last.value, "cutoff": cutoff}),))
    still = Reason("still_clinical", {"last": last.value, "cutoff": cutoff})
    if appointment_k < LATER_APPOINTMENT:
        return Signal("no_change", "watch", (ground, still, Reason("early_watch_only", {"k": appointment_k})))
    return Signal("no_change", "signal", (ground, still))


def check_drop(
    values: Sequence[float], *, group_mean: float, group_sd: float, z_watch: float = 2, z_signal: float = 3
) -> Signal:
    """Is the last appointment check unusually low for this client?

    Equation, with n earlier checks, weight w = PRIOR_WEIGHT: m = (w M + Σa)/(w + n); s² = (w S² + Σ(a - ā)²)
    / (w + n - 1); limit_z = m - z s sqrt(1 + 1/(n + w)). Signal below limit_3, watch below limit_2, and in
    both cases only if the check is also at least one s below the client's own mean ā: who always scores low
    has not dropped.
    Source: the control-chart family of rupture detection (Eubanks-Carter et al. 2012), shrunken so that few
    checks do not alarm; weights and the last condition are ours. Units: points; LOWER is worse here.
    `group_mean` and `group_sd` are those of one client's checks in this clinic. Not for: a slow decline, or
    scores at the ceiling only, where nothing can be read.
    """
    if group_sd <= 0:
        raise ValueError(f"The spread of the group's checks is above 0; got {group_sd}.")
    if not 0 < z_watch <= z_signal:
        raise ValueError(f"A watch comes no later than a signal; got z {z_watch} and {z_signal}.")
    earlier, n = list(values[:-1]), len(values) - 1
    if n < 2:
        return Signal("drop", "none", (Reason("too_few_checks", {"earlier": max(n, 0), "needed": 2}),))
    own = sum(earlier) / n
    centre = (PRIOR_WEIGHT * group_mean + sum(earlier)) / (PRIOR_WEIGHT + n)
    squares = PRIOR_WEIGHT * group_sd**2 + sum((value - own) ** 2 for value in earlier)
    spread = sqrt(squares / (PRIOR_WEIGHT + n - 1))
    reach = spread * sqrt(1 + 1 / (n + PRIOR_WEIGHT))
    last = values[-1]
    facts = {"last": last, "usual": own, "watch_limit": centre - z_watch * reach}
    facts |= {"signal_limit": centre - z_signal * reach, "earlier": n}
    if last > own - spread or last >= facts["watch_limit"]:
        return Signal("drop", "none", (Reason("within_limits", facts),))
    if last >= facts["signal_limit"]:
        return Signal("drop", "watch", (Reason("below_watch_limit", facts),))
    return Signal("drop", "signal", (Reason("below_signal_limit", facts),))


def missing_answers(asked: Sequence[int], answered: Collection[int], *, in_a_row: int = 2) -> Signal:
    """Have the latest forms stayed unanswered?

    Equation: count the asked appointments at the end of the line without an answer; watch at `in_a_row`,
    signal at one more. Source: our own rule; silence can mean many things, and a declined form is not a
    missing one: leave it out of `asked`. Units: forms. Not for: appointments that did not take place.
    """
    if in_a_row < 1:
        raise ValueError(f"At least one form must be missing; got {in_a_row}.")
    unanswered = 0
    for appointment in sorted(asked, reverse=True):
        if appointment in answered:
            break
        unanswered += 1
    level: Level = "signal" if unanswered > in_a_row else "watch" if unanswered == in_a_row else "none"
    code = "answers_up_to_date" if unanswered == 0 else "unanswered_in_a_row"
    return Signal("missing", level, (Reason(code, {"unanswered": unanswered, "asked": len(asked)}),))


def strongest(signals: Iterable[Signal]) -> Signal | None:
    """Of several findings, which one is shown as the one open signal?

    Equation: the highest level; among equals worse, then drop, then no change, then missing; None if nothing
    was found. Source: our own rule; what can harm soonest comes first. Not for: hiding the others' reasons.
    """
    found = [signal for signal in signals if signal.level != "none"]
    key = {kind: -place for place, kind in enumerate(_FIRST_AMONG_EQUALS)}
    return max(found, key=lambda s: (_RANK[s.level], key[s.kind]), default=None)


def raised_again(
    previous: Signal,
    current: Signal,
    *,
    since: Sequence[Point],
    reliable_points: float | None,
    higher_is_worse: bool,
    cleared_between: bool,
) -> Signal:
    """Shall a signal that has been answered be raised once more?

    Returns `current` with the ground for raising it added, or the same kind at level none with the ground for
    rest.
    Equation: a higher level than the answered one is always raised. Worse: raised if the score is worse than
    at the answer by half a reliable change, or than the best score since by a whole one. No change: after
    PAUSE_APPOINTMENTS more appointments. Drop and missing: if the same rule found nothing at some check in
    between. `since` holds the points from the one that was answered to the newest; `reliable_points` may be
    None where no score is concerned. Source: our own rule, published so that nobody need guess. Units:
    points, appointments.
    Not for: risk alerts, which never rest.
    """
    if previous.kind != current.kind:
        raise ValueError(f"A {current.kind} signal is not compared with an answer to {previous.kind}.")
    if current.level == "none":
        return current
    if _RANK[current.level] > _RANK[previous.level]:
        return _again(current, Reason("level_rose", {"from": previous.level, "to": current.level}))
    if current.kind == "worse":
        return _worse_again(current, since, reliable_points, higher_is_worse)
    if current.kind == "no_change":
        passed = since[-1].appointment - since[0].appointment if since else 0
        facts = {"appointments": passed, "pause": PAUSE_APPOINTMENTS}
        if passed >= PAUSE_APPOINTMENTS:
            return _again(current, Reason("pause_over", facts))
        return _rest(current, Reason("pause_running", facts))
    if cleared_between:
        return _again(current, Reason("cleared_between"))
    return _rest(current, Reason("not_cleared_since"))


def _worse_again(
    current: Signal, since: Sequence[Point], reliable_points: float | None, higher_is_worse: bool
) -> Signal:
    if reliable_points is None or not since:
        raise ValueError("A worsening needs its points and its reliable change to be judged again.")
    now = since[-1].value
    by_answer = points_worse(since[0].value, now, higher_is_worse=higher_is_worse)
    by_best = max(points_worse(point.value, now, higher_is_worse=higher_is_worse) for point in since)
    facts = {"since_answer": by_answer, "since_best": by_best, "reliable_points": reliable_points}
    if by_answer >= reliable_points / 2 or by_best >= reliable_points:
        return _again(current, Reason("worse_further", facts))
    return _rest(current, Reason("not_worse_further", facts))


def _again(current: Signal, ground: Reason) -> Signal:
    return Signal(current.kind, current.level, (*current.reasons, ground))


def _rest(current: Signal, ground: Reason) -> Signal:
    return Signal(current.kind, "none", (ground,))


def _in_order(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: point.appointment)


def _moved(
    code: str, start: Point, last: Point, by: float, reliable_points: float, **more: float | int | str
) -> Reason:
    """The facts of a move: `by` counts points in the direction that the code names."""
    facts: dict[str, float | int | str] = {
        "from_appointment": start.appointment,
        "from_value": start.value,
        "appointment": last.appointment,
        "value": last.value,
        "points": by,
        "reliable_points": reliable_points,
    }
    return Reason(code, facts | more)
