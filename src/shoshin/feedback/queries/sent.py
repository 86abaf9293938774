"""Which forms were asked for, and which have come back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from shoshin.feedback.models import Assignment
from shoshin.feedback.models.assignments import AssignmentState

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client


def forms_of_day(appointments: "Sequence[Appointment]") -> dict[int, tuple[int, int]]:
    """For each appointment, how many forms were asked for it and how many came back."""
    rows = (
        Assignment.objects.filter(appointment__in=[appointment.pk for appointment in appointments])
        .exclude(state__in=(AssignmentState.CANCELLED, AssignmentState.DECLINED))
        .values_list("appointment_id")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state=AssignmentState.DONE)))
    )
    return {appointment: (asked, answered) for appointment, asked, answered in rows}


def open_assignments(client: "Client") -> QuerySet[Assignment]:
    """What this client was asked and has not yet answered or declined, newest first."""
    return (
        Assignment.objects.filter(client=client, state__in=(AssignmentState.OPEN, AssignmentState.BEGUN))
        .select_related("version")
        .order_by("-sent_at")
    )
