"""Where courses that began with such a score are expected, and where an appointment check stood out: for the chart.

The expectation is data (content/expected_recovery.yaml) with its source beside it; the arithmetic is in
science/recovery and science/alliance. Neither raises anything: no signal rests on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from shoshin.feedback.queries import rules
from shoshin.science.alliance import alliance_marks
from shoshin.science.recovery import GrowthModel, growth_band

if TYPE_CHECKING:
    from shoshin.care.models import Course
    from shoshin.feedback.queries.trajectories import ScorePoint, Trajectory

FILE = Path(__file__).resolve().parents[1] / "content" / "expected_recovery.yaml"
LATEST_START = 1  # a line that begins after the first appointment has no start to expect from
AHEAD = 3  # appointments shown where only the first score is known


@dataclass(frozen=True)
class Expected:
    """At one appointment: the scores between which most such courses lie, cut at the ends of the scale."""

    occasion: int
    low: float
    high: float


@dataclass(frozen=True)
class ExpectedCourse:
    """What is expected of a course by its first score, from which source, for which share of courses."""

    steps: tuple[Expected, ...]
    label: str
    in_ten: int

    def at(self, occasion: int) -> Expected | None:
        """What is expected at one appointment."""
        return next((step for step in self.steps if step.occasion == occasion), None)


@dataclass(frozen=True)
class _Shipped:
    models: dict[str, GrowthModel]
    label: str
    share: float


@lru_cache(maxsize=1)
def shipped() -> _Shipped:
    """The expectation that comes with the program, as its file says."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    models = {measure: _model(figures, told["origin"]) for measure, figures in told["measures"].items()}
    return _Shipped(models, told["label"], told["share"])


def expected_course(line: "Trajectory") -> ExpectedCourse | None:
    """What is expected of this line; None without a model, without appointment numbers, or without its start."""
    model, first = shipped().models.get(line.measure_id), line.first
    if model is None or not line.is_by_appointment or first.occasion > LATEST_START:
        return None
    last = max(line.last.occasion, first.occasion + AHEAD)
    steps = [Expected(first.occasion, first.value, first.value)]
    for occasion in range(first.occasion + 1, last + 1):
        since = occasion - first.occasion
        band = growth_band(model, first.value, since, kind="prediction", share=shipped().share)
        steps.append(Expected(occasion, max(line.low, band.low), min(line.high, band.high)))
    return ExpectedCourse(tuple(steps), shipped().label, round(10 * shipped().share))


def with_check_marks(course: "Course", lines: "Sequence[Trajectory]") -> "tuple[Trajectory, ...]":
    """The lines, with what stood out among the appointment checks: far below this client's usual, and back again."""
    return tuple(_marked(course, line) if line.measure_id == rules.APPOINTMENT_CHECK else line for line in lines)


def _marked(course: "Course", line: "Trajectory") -> "Trajectory":
    if len(line.points) < rules.FEWEST_CHECKS:
        return line
    mean, sd = rules.check_group(course.clinic_id)
    marks = alliance_marks([point.value for point in line.points], group_mean=mean, group_sd=sd)
    kinds = [mark.kind if mark.kind in ("rupture", "repaired") else "" for mark in marks]
    points: list[ScorePoint] = [replace(point, check_mark=kind) for point, kind in zip(line.points, kinds, strict=True)]
    return replace(line, points=tuple(points))


def _model(figures: dict[str, Any], origin: Any) -> GrowthModel:
    names = ("level", "pace", "level_by_first", "pace_by_first")
    crossed = figures["covariance"]
    return GrowthModel(
        beta=np.array([figures[name] for name in names], dtype=float),
        beta_covariance=np.zeros((4, 4)),
        spread=np.array([[figures["level_variance"], crossed], [crossed, figures["pace_variance"]]], dtype=float),
        residual_variance=figures["answer_variance"],
        courses=0,
        source=origin,
    )
