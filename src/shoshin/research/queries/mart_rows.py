"""The rows of the outcomes mart: figures of clients who said yes, with opaque keys, without names, dates or words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from shoshin.care import queries as care
from shoshin.care.queries import CourseInFigures
from shoshin.feedback import queries as feedback
from shoshin.feedback.queries import ScoreInFigures
from shoshin.mart.schema import CourseRow, ResponseRow
from shoshin.measures import queries as measures
from shoshin.research.queries.mart_keys import mart_key, mart_secret


@dataclass(frozen=True)
class ReadBy:
    """What the mart says of one version of a measure. A clinic's own measure bears no name there."""

    measure: str
    version: str
    is_own: bool
    headlines: tuple[str, ...]
    direction: int
    reliable: float | None
    cutoff: float | None


@dataclass
class Keys:
    """Opaque keys made so far, and versions looked up so far."""

    secret: bytes
    _versions: dict[int, ReadBy] = field(default_factory=dict)

    def of(self, kind: str, name: int | str) -> str:
        return mart_key(kind, name, self.secret)

    def version(self, pk: int) -> ReadBy:
        if pk not in self._versions:
            self._versions[pk] = self._read_by(pk)
        return self._versions[pk]

    def _read_by(self, pk: int) -> ReadBy:
        version = measures.measure_version(pk)
        facts, clinic = measures.facts(version), version.clinic_id
        primary = facts.primary
        figure, line = measures.reliable_change(version, primary.id), measures.cutoff(version, primary.id)
        own = f"{clinic}:{version.measure_id}"
        return ReadBy(
            measure=version.measure_id if clinic is None else self.of("measure", own),
            version=version.version if clinic is None else self.of("version", pk),
            is_own=clinic is not None,
            headlines=(primary.id, *(score.id for score in facts.scores if score.instead_of == primary.id)),
            direction=1 if primary.higher_is_worse else -1,
            reliable=figure.points,
            cutoff=line.points if line else None,
        )


def number_of_courses() -> int:
    """How many courses a build will go through."""
    return care.number_of_courses_in_figures()


def mart_rows() -> Iterator[tuple[ResponseRow | CourseRow, ...]]:
    """The rows of each course in turn: one a score, and, where it is closed, one a measure with two scores or more."""
    keys = Keys(mart_secret())
    by_course = groupby(feedback.scores_in_figures(care.clients_in_figures()), key=lambda score: score.course_id)
    pk, scores = next(by_course, (None, iter(())))
    for course in care.courses_in_figures():
        while pk is not None and pk < course.pk:
            pk, scores = next(by_course, (None, iter(())))
        yield _rows_of(course, list(scores), keys) if pk == course.pk else ()


def _rows_of(course: CourseInFigures, scores: list[ScoreInFigures], keys: Keys) -> tuple[ResponseRow | CourseRow, ...]:
    whose = (
        keys.of("clinic", course.clinic_id),
        keys.of("therapist", course.therapist_id),
        keys.of("client", course.client_id),
        keys.of("course", course.pk),
    )
    shown = _shown(scores, keys)
    rows: list[ResponseRow | CourseRow] = []
    for score in scores:
        version = keys.version(score.version_id)
        rows.append(
            ResponseRow(
                *whose,
                response=keys.of("response", score.response_id),
                measure=version.measure,
                version=version.version,
                score=keys.of("score", f"{version.measure}:{score.score_id}") if version.is_own else score.score_id,
                headline=score in shown,
                occasion=score.occasion,
                week=_weeks(course.opened_on, score.answered_on),
                value=score.value,
                prorated=score.prorated,
                source=score.source,
                closed=course.is_closed,
            )
        )
    if course.is_closed:
        by_measure = groupby((score for score in scores if score in shown), key=lambda score: score.measure_id)
        rows += [row for _, each in by_measure if (row := _course_row(course, whose, list(each), keys))]
    return tuple(rows)


def _shown(scores: list[ScoreInFigures], keys: Keys) -> set[ScoreInFigures]:
    """Of each response the score that pages show: the first there is of those the measure names."""
    best: dict[int, tuple[int, ScoreInFigures]] = {}
    for score in scores:
        named = keys.version(score.version_id).headlines
        if score.score_id in named:
            place = named.index(score.score_id)
            if score.response_id not in best or place < best[score.response_id][0]:
                best[score.response_id] = (place, score)
    return {score for _, score in best.values()}


def _course_row(
    course: CourseInFigures, whose: tuple[str, str, str, str], scores: list[ScoreInFigures], keys: Keys
) -> CourseRow | None:
    if len(scores) < 2:
        return None
    first, last = scores[0], scores[-1]
    version, weeks = keys.version(last.version_id), _weeks(first.answered_on, last.answered_on)
    return CourseRow(
        *whose,
        measure=version.measure,
        first=first.value,
        last=last.value,
        direction=version.direction,
        reliable=version.reliable,
        cutoff=version.cutoff,
        scores=len(scores),
        appointments=course.appointments,
        weeks=None if weeks is None else float(weeks),
        planned=course.is_planned,
        imported=course.is_imported,
    )


def _weeks(since: date | None, day: date | None) -> int | None:
    """Whole weeks from one day to another; a day before counts as none."""
    return None if since is None or day is None else max(0, (day - since).days // 7)
