"""Everything feedback keeps of one client, as plain data. A therapist's guesses are the therapist's own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoshin.feedback.models import (
    Alert,
    Assignment,
    Change,
    Reading,
    Response,
    Schedule,
    ScoreRow,
    SignalAnswer,
    SignalRow,
)
from shoshin.feedback.queries.answers_in_words import AnswerInWords, Reader
from shoshin.kit.record import plain_row
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Client
    from shoshin.science.scales import Score

KEYS = ("token_hash", "form_hash", "key", "digest")


def record_of(client: "Client") -> dict[str, list[dict[str, Any]]]:
    """Every row of feedback that belongs to a client, by table: all versions of each form, and who read it."""
    found = {
        "schedules": Schedule.objects.filter(course__client=client),
        "assignments": Assignment.objects.filter(client=client),
        "responses": Response.objects.filter(client=client),
        "scores": ScoreRow.objects.filter(response__client=client),
        "readings": Reading.objects.filter(response__client=client),
        "signals": SignalRow.objects.filter(client=client),
        "signal_answers": SignalAnswer.objects.filter(signal__client=client),
        "changes": Change.objects.filter(course__client=client),
        "alerts": Alert.objects.filter(client=client),
    }
    return {name: [plain_row(row, KEYS) for row in rows.order_by("pk")] for name, rows in found.items()}


@dataclass(frozen=True)
class FilledForm:
    """One form as it stands, with its scores computed anew from what it holds, and its answers in words."""

    response: Response
    title: str
    scores: "dict[str, Score]"
    answers: tuple[AnswerInWords, ...]


def filled_forms(client: "Client") -> list[FilledForm]:
    """The standing forms of a client, oldest first."""
    rows = Response.objects.filter(client=client, corrected_by=None).select_related("version")
    reader = Reader(client)
    return [
        FilledForm(row, measures.facts(row.version).short, _scores(row), reader.answers(row.version, row.answers))
        for row in rows.order_by("answered_on", "received_at", "pk")
    ]


def _scores(row: Response) -> "dict[str, Score]":
    scores = measures.score_answers(row.version, row.answers) if row.answers else {}
    return scores | {name: measures.score_of_total(row.version, name, value) for name, value in row.totals.items()}


def unacknowledged_alerts(client: "Client") -> int:
    """How many marked safety questions of a client nobody has acknowledged yet."""
    return Alert.objects.filter(client=client, acknowledged_at=None).count()
