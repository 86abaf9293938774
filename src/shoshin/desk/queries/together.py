"""What client and therapist open together: the client's own page with the band and its interpretation."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shoshin.care import queries as care
from shoshin.desk.queries.client import Line, shared_lines
from shoshin.feedback import queries as feedback

if TYPE_CHECKING:
    from shoshin.care.models import Client


@dataclass(frozen=True)
class Together:
    """The client's line with band and words, what changed, and who reads it."""

    lines: tuple[Line, ...]
    changes: list[Any]
    answers: list[Any]
    reading: Any
    at: datetime


def page_together(client: "Client", at: datetime) -> Together:
    """The page for one client's course of now, or the last one. What waits to be opened is not on it."""
    course = care.open_course(client) or client.courses.order_by("-opened_on").first()
    hidden = [response.pk for response in feedback.hidden_responses([client])]
    changes = list(course.changes.order_by("-made_at")) if course else []
    return Together(
        lines=shared_lines(course, hidden, []) if course else (),
        changes=changes,
        answers=feedback.answers_the_client_may_read(course) if course else [],
        reading=feedback.reading_line(client, care.next_appointment(client, at), at),
        at=at,
    )
