"""The list of clients: one line each, whatever their number, from one question to the database."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from shoshin.care.models import Appointment, Client, Course
from shoshin.care.models.appointments import AppointmentState
from shoshin.care.models.clients import folded
from shoshin.care.queries.clients import clients_of
from shoshin.kit.policy import Hat


def client_list(hat: Hat, at: datetime, search: str = "", in_course: bool = False) -> QuerySet[Client]:
    """This hat's clients by code, each with `course_since`, `next_at` and `last_kept_at`."""
    meetings = Appointment.objects.filter(course__client=OuterRef("pk"))
    planned = meetings.filter(state=AppointmentState.PLANNED, starts_at__gte=at).order_by("starts_at")
    kept = meetings.filter(state=AppointmentState.KEPT, starts_at__lte=at).order_by("-starts_at")
    course = Course.objects.filter(client=OuterRef("pk"), ended_on=None)
    found = clients_of(hat)
    if search:
        found = found.filter(code_key__contains=folded(search))
    if in_course:
        found = found.filter(courses__ended_on=None, courses__isnull=False)
    return (
        found.annotate(
            course_since=Subquery(course.values("opened_on")[:1]),
            next_at=Subquery(planned.values("starts_at")[:1]),
            last_kept_at=Subquery(kept.values("starts_at")[:1]),
        )
        .select_related("therapist__person")
        .order_by("code_key", "pk")
    )
