"""Before an appointment and after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from shoshin.care import queries as care
from shoshin.design.charts import literal
from shoshin.desk.queries.client import Line, ShownSignal, client_page, shared_lines
from shoshin.feedback import queries as feedback
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client, Course

STRENGTHS_SHOWN = 3


@dataclass(frozen=True)
class Glance:
    """What fits one screen, two minutes before."""

    appointment: "Appointment"
    client: "Client"
    number: int
    lines: tuple[Line, ...]
    new_answers: Any
    signal: ShownSignal | None
    alerts: list[Any]
    last_summary: Any
    strengths: list[Any]
    last_change: Any


def glance(hat: Hat, appointment: "Appointment", at: datetime) -> Glance:
    """The glance before this appointment."""
    client, course = appointment.course.client, appointment.course
    page = client_page(hat, client, at, course)
    return Glance(
        appointment=appointment,
        client=client,
        number=care.kept_before(course, appointment.starts_at) + 1,
        lines=page.lines,
        new_answers=page.new_answers,
        signal=page.signal,
        alerts=page.alerts,
        last_summary=page.last_summary,
        strengths=page.strengths[:STRENGTHS_SHOWN],
        last_change=page.changes[0] if page.changes else None,
    )


@dataclass(frozen=True)
class SummarySheet:
    """What both keep of an appointment."""

    appointment: "Appointment"
    client: "Client"
    course: "Course"
    number: int
    summary: Any
    next_appointment: Any
    lines: tuple[Line, ...]
    changes: list[Any]


def summary_sheet(appointment: "Appointment") -> SummarySheet:
    """The sheet of an appointment as of that day, with charts in the literal colours that paper needs."""
    course, client = appointment.course, appointment.course.client
    day = care.day_of(client.clinic, appointment.starts_at)
    hidden = [response.pk for response in feedback.hidden_responses([client])]
    changes = [change for change in course.changes.order_by("made_at") if change.made_at.date() <= day]
    return SummarySheet(
        appointment=appointment,
        client=client,
        course=course,
        number=care.kept_before(course, appointment.starts_at) + 1,
        summary=appointment.summaries.order_by("-written_at", "-pk").first(),
        next_appointment=care.next_appointment(client, appointment.starts_at + timedelta(minutes=1)),
        lines=tuple(
            Line(line.trajectory, SafeString(literal(line.picture or "")))
            for line in shared_lines(course, hidden, changes, day)
        ),
        changes=changes[-3:],
    )
