"""Scores for clinic figures and research, without answers, words or persons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shoshin.feedback.models import ScoreRow

if TYPE_CHECKING:
    from shoshin.care.models import Client


@dataclass(frozen=True)
class ScoreInFigures:
    """One score of one standing response. `answered_on` is None where the day is not known."""

    course_id: int
    response_id: int
    measure_id: str
    version_id: int
    score_id: str
    occasion: int
    answered_on: date | None
    value: float
    prorated: bool
    source: str


def scores_in_figures(clients: "QuerySet[Client]") -> Iterator[ScoreInFigures]:
    """Every score of these clients: course by course in the order of their keys, by measure, then in time."""
    rows = ScoreRow.objects.filter(
        response__client__in=clients, response__corrected_by=None, value__isnull=False
    ).order_by(
        "response__course_id",
        "response__measure_id",
        "response__occasion",
        "response__answered_on",
        "response__received_at",
        "pk",
    )
    wanted = (
        "response__course_id",
        "response_id",
        "response__measure_id",
        "response__version_id",
        "score_id",
        "response__occasion",
        "response__answered_on",
        "value",
        "prorated",
        "response__source",
        "response__batch__dates_known",
    )
    for row in rows.values_list(*wanted).iterator(chunk_size=5000):
        told: list[Any] = list(row)
        if told.pop() is False:
            told[wanted.index("response__answered_on")] = None
        yield ScoreInFigures(*told)
