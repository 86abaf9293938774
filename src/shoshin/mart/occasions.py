"""Courses in a file of scores, one line a score, and what the published signal rules say at the end of each."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoshin.mart.tables import BadFile, rows_of
from shoshin.science.change import reliable_points
from shoshin.science.reasons import Reason
from shoshin.science.signals import (
    EARLY_APPOINTMENT,
    LATER_APPOINTMENT,
    Level,
    Point,
    Signal,
    missing_answers,
    no_change_by,
    reliable_worsening,
    strongest,
)

if TYPE_CHECKING:
    import ibis

__all__ = ["BadRules", "Judged", "Limits", "ScoredCourse", "courses_of", "judged", "limits_from"]

ROLES = ("client", "occasion", "measure", "score")


class BadRules(ValueError):
    """A measure described so that no rule can be asked; the message says how to describe it."""


@dataclass(frozen=True)
class Limits:
    """How change on a measure is judged: reliable change, whether published, cut-off, and what a high score means."""

    measure: str
    reliable: float
    official: bool
    cutoff: float | None
    higher_is_worse: bool


@dataclass(frozen=True)
class ScoredCourse:
    """One client's scores on one measure in order, None where a form was not answered."""

    client: str
    limits: Limits
    scores: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True)
class Judged:
    """What the rules say at the end of a course: the strongest finding, or the first rule's grounds for silence."""

    client: str
    measure: str
    level: Level
    rule: str
    reasons: tuple[Reason, ...]
    scores: tuple[tuple[int, float | None], ...]

    def as_json(self) -> dict[str, Any]:
        """The finding as plain figures, without the scores."""
        why = [{"code": one.code, **one.facts} for one in self.reasons]
        return {"client": self.client, "measure": self.measure, "level": self.level, "rule": self.rule, "reasons": why}


def limits_from(text: str) -> Limits:
    """How is this measure judged? `phq-9 worse=high reliable=6 cutoff=10`, or `sd=5 reliability=.9` for `reliable`."""
    try:
        name, *pairs = shlex.split(text)
        given = dict(pair.split("=", 1) for pair in pairs)
        worse = given.pop("worse", "high")
        figures = {key: float(value) for key, value in given.items()}
    except ValueError:
        raise BadRules(
            f"{text!r} does not describe a measure: write it as 'phq-9 worse=high reliable=6 cutoff=10'."
        ) from None
    strange = sorted(set(figures) - {"reliable", "sd", "reliability", "cutoff"})
    if strange or worse not in ("high", "low"):
        what = f"{strange[0]}=" if strange else f"worse={worse}"
        raise BadRules(f"{name}: {what} is not known; there are worse=high or low, reliable, sd, reliability, cutoff.")
    if ("reliable" in figures) == ("sd" in figures) or ("sd" in figures) != ("reliability" in figures):
        raise BadRules(f"{name}: give its published reliable change (reliable=6), or sd= and reliability=.")
    try:
        computed = figures.get("reliable") or reliable_points(figures["sd"], figures["reliability"])
    except (ValueError, KeyError):
        raise BadRules(f"{name}: reliable and sd lie above 0, and reliability between 0 and 1.") from None
    if computed <= 0:
        raise BadRules(f"{name}: a reliable change lies above 0.")
    return Limits(name, computed, "reliable" in figures, figures.get("cutoff"), worse == "high")


def courses_of(path: Path, limits: Sequence[Limits], columns: Mapping[str, str]) -> list[ScoredCourse]:
    """Which courses does this file hold, in the order of clients?

    `columns` names the columns of the roles client, occasion, measure and score where they are called otherwise. An
    occasion is a number or a date; whole numbers from 1 are appointments, everything else is counted in order. Raises
    BadFile.
    """
    by_name = {one.measure: one for one in limits}
    names = {role: columns.get(role, role) for role in ROLES}
    with rows_of(path) as table:
        if "occasion" not in columns and "occasion" not in table.columns and "date" in table.columns:
            names["occasion"] = "date"
        lines = _lines(table, names, path)
    courses: dict[tuple[str, str], list[tuple[Any, float | None]]] = {}
    for client, occasion, measure, score in lines:
        if measure not in by_name:
            raise BadFile(f"Measure {measure!r} is not described: add --define '{measure} reliable=… cutoff=…'.")
        courses.setdefault((client, measure), []).append((occasion, score))
    return [
        ScoredCourse(client, by_name[measure], _numbered(client, measure, found))
        for (client, measure), found in sorted(courses.items())
    ]


def _lines(table: "ibis.Table", names: Mapping[str, str], path: Path) -> Iterator[tuple[str, Any, str, float | None]]:
    for role, name in names.items():
        if name not in table.columns:
            there = ", ".join(table.columns[:30])
            raise BadFile(
                f"{path.name} has no column {name!r} for the {role}; it has {there}. Name it: --column {role}=…"
            )
    client, occasion, measure, score = (table[names[role]] for role in ROLES)
    if not (score.type().is_numeric() or score.type().is_null()):
        raise BadFile(f"Column {names['score']!r} is not made of numbers: correct what is written in words.")
    if not (occasion.type().is_numeric() or occasion.type().is_temporal()):
        raise BadFile(
            f"Column {names['occasion']!r} holds neither numbers nor dates: write dates as 2026-03-31, or number the "
            "appointments."
        )
    if score.type().is_floating():
        score = score.isnan().ifelse(None, score)
    plain = table.select(client=client.cast("string"), occasion=occasion, measure=measure.cast("string"), score=score)
    for role in ("client", "occasion", "measure"):
        empty = int(plain[role].isnull().sum().to_pyarrow().as_py() or 0)
        if empty:
            raise BadFile(f"Column {names[role]!r} is empty in {empty:,} rows: fill it, or take those rows out.")
    if score.type().is_floating() and int(plain.score.isinf().sum().to_pyarrow().as_py() or 0):
        raise BadFile(f"Column {names['score']!r} has infinite values: correct them, or leave those cells empty.")
    found = plain.order_by("client", "measure", "occasion").to_pyarrow()
    columns = [found[role].to_pylist() for role in ROLES]
    return zip(*columns, strict=True)


def _numbered(
    client: str, measure: str, found: Sequence[tuple[Any, float | None]]
) -> tuple[tuple[int, float | None], ...]:
    occasions = [occasion for occasion, _ in found]
    twice = next((one for one, other in pairwise(occasions) if one == other), None)
    if twice is not None:
        raise BadFile(f"Client {client!r} has {measure!r} twice at {twice}: keep one of the two lines.")
    whole = all(isinstance(one, int | float) and one >= 1 and one == int(one) for one in occasions)
    numbers = [int(one) for one in occasions] if whole else range(1, len(occasions) + 1)
    return tuple((number, score) for number, (_, score) in zip(numbers, found, strict=True))


def judged(course: ScoredCourse) -> Judged:
    """What do the rules of shoshin.science.signals say at the end of this course?

    No change is asked at appointment 3 (only to watch) and from 6 on; missing answers as soon as two forms at the end
    stayed empty.
    """
    limits = course.limits
    points = [Point(number, score) for number, score in course.scores if score is not None]
    late = bool(points) and points[-1].appointment >= LATER_APPOINTMENT
    asked, answered = [number for number, _ in course.scores], {point.appointment for point in points}
    findings: list[Signal] = [
        reliable_worsening(
            points,
            reliable_points=limits.reliable,
            higher_is_worse=limits.higher_is_worse,
            official=limits.official,
        ),
        no_change_by(
            points,
            appointment_k=LATER_APPOINTMENT if late else EARLY_APPOINTMENT,
            reliable_points=limits.reliable,
            cutoff=limits.cutoff,
            higher_is_worse=limits.higher_is_worse,
            official=limits.official,
        ),
        missing_answers(asked, answered),
    ]
    found = strongest(findings) or findings[0]
    return Judged(course.client, limits.measure, found.level, found.kind, found.reasons, course.scores)
