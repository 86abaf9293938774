"""Appointments: whose, when, and what was kept of them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404

from shoshin.care.models import Appointment, Client, Course, Summary
from shoshin.care.models.appointments import AppointmentState
from shoshin.care.queries.clients import clients_of
from shoshin.kit.policy import Hat


def appointment_for(hat: Hat, pk: int) -> Appointment:
    """The appointment behind an address, or 404 where its client is not this hat's to see."""
    found = (
        Appointment.objects.select_related("course__client__clinic", "course__client__therapist__person")
        .filter(pk=pk, course__client__in=clients_of(hat))
        .first()
    )
    if found is None:
        raise Http404("No appointment of yours has this address.")
    return found


def appointments_on(hat: Hat, day: date, zone: ZoneInfo) -> QuerySet[Appointment]:
    """This hat's appointments on a day of the clinic's calendar, in order, without those moved elsewhere."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (
        Appointment.objects.filter(
            course__client__in=clients_of(hat), starts_at__gte=start, starts_at__lt=start + timedelta(days=1)
        )
        .exclude(state=AppointmentState.MOVED)
        .select_related("course__client")
        .order_by("starts_at")
    )


def next_appointment(client: Client, at: datetime) -> Appointment | None:
    """The client's next planned appointment, from this moment on."""
    return (
        Appointment.objects.filter(course__client=client, state=AppointmentState.PLANNED, starts_at__gte=at)
        .order_by("starts_at")
        .first()
    )


def kept_before(course: Course, at: datetime) -> int:
    """How many appointments of the course were kept before a moment. The next one is this plus one."""
    return course.appointments.filter(state=AppointmentState.KEPT, starts_at__lt=at).count()


def last_summary(course: Course) -> Summary | None:
    """The latest version of the latest appointment's summary."""
    return (
        Summary.objects.filter(appointment__course=course)
        .select_related("appointment")
        .order_by("-appointment__starts_at", "-written_at", "-pk")
        .first()
    )
