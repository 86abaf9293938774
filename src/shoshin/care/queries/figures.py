"""Whose courses clinic figures and research may be made of: clients whose latest word on that purpose is yes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from shoshin.care.models import Client, ClientChoice, Course
from shoshin.care.models.appointments import AppointmentState
from shoshin.care.models.clients import Purpose
from shoshin.care.models.courses import Ending


@dataclass(frozen=True)
class CourseInFigures:
    """What figures are made of, of one course."""

    pk: int
    clinic_id: int
    client_id: int
    therapist_id: int
    opened_on: date
    is_closed: bool
    is_planned: bool
    is_imported: bool
    appointments: int


def clients_in_figures() -> QuerySet[Client]:
    """Clients of every clinic whose latest word on clinic figures and research is yes. Not asked is not a yes."""
    return _with_word().filter(care_only=False, says_yes=True)


def clients_not_in_figures() -> dict[str, int]:
    """How many clients said no, and how many were not asked (or may not be asked yet)."""
    return _with_word().aggregate(
        said_no=Count("pk", filter=Q(care_only=False, says_yes=False)),
        not_asked=Count("pk", filter=Q(care_only=True) | Q(says_yes=None)),
    )


def number_of_courses_in_figures() -> int:
    """How many courses those who said yes have."""
    return Course.objects.filter(client__in=clients_in_figures()).count()


def courses_in_figures() -> Iterator[CourseInFigures]:
    """The courses of those who said yes, in the order of their keys, with how many appointments were kept."""
    kept = Count("appointments", filter=Q(appointments__state=AppointmentState.KEPT))
    rows = Course.objects.filter(client__in=clients_in_figures()).annotate(kept=kept).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        yield CourseInFigures(
            pk=row.pk,
            clinic_id=row.clinic_id,
            client_id=row.client_id,
            therapist_id=row.therapist_id,
            opened_on=row.opened_on,
            is_closed=row.ended_on is not None,
            is_planned=row.ending == Ending.PLANNED,
            is_imported=row.imported,
            appointments=row.kept,
        )


def _with_word() -> QuerySet[Any]:
    said = ClientChoice.objects.filter(client=OuterRef("pk"), purpose=Purpose.FIGURES).order_by("-said_at", "-pk")
    return Client.objects.annotate(says_yes=Subquery(said.values("agreed")[:1]))
