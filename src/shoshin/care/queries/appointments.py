"""Appointments: whose, when, and what was kept of them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from shoshin.care.models import Appointment, Client, Course, Summary
from shoshin.care.models.appointments import AppointmentState
from shoshin.care.queries.calendar import day_of, start_of_day
from shoshin.care.queries.clients import clients_of
from shoshin.kit.policy import Hat

TAKES_PLACE = (AppointmentState.PLANNED, AppointmentState.KEPT)


def appointment_for(hat: Hat, pk: int) -> Appointment:
    """The appointment behind an address, or 404 where its client is not this hat's to see."""
    found: Appointment | None = (
        Appointment.objects.select_related("course__client__clinic", "course__client__therapist__person")
        .filter(pk=pk, course__client__in=clients_of(hat))
        .first()
    )
    if found is None:
        raise Http404("No appointment of yours has this address.")
    hat.saw(found.course.client_id)
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


def has_begun_today(appointment: Appointment, at: datetime) -> bool:
    """Whether its hour has come on this day of the clinic's calendar, and nobody called it off."""
    today = start_of_day(appointment.clinic, day_of(appointment.clinic, at))
    return appointment.state in TAKES_PLACE and today <= appointment.starts_at <= at


def begun_today(course: Course, at: datetime) -> Appointment | None:
    """The latest appointment of this day, on the clinic's calendar, whose hour has come."""
    today = start_of_day(course.clinic, day_of(course.clinic, at))
    held = course.appointments.filter(starts_at__range=(today, at), state__in=TAKES_PLACE)
    latest: Appointment | None = held.order_by("-starts_at").first()
    return latest


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


def upcoming(client: Client, at: datetime) -> QuerySet[Appointment]:
    """The client's planned appointments from this moment on, the next one first."""
    planned = Appointment.objects.filter(course__client=client, state=AppointmentState.PLANNED, starts_at__gte=at)
    return planned.order_by("starts_at")


def undecided(hat: Hat, at: datetime) -> QuerySet[Appointment]:
    """Appointments whose time has passed and of which nobody has said yet whether they were kept."""
    planned = Appointment.objects.filter(
        course__client__in=clients_of(hat), state=AppointmentState.PLANNED, starts_at__lt=at
    )
    return planned.select_related("course__client").order_by("starts_at")


def cancelled_not_rebooked(hat: Hat) -> QuerySet[Appointment]:
    """Cancelled appointments that still wait for a new time.

    One leaves the list when it is given a new time, when another appointment is booked after the cancelling,
    when the client has been seen since, or when the course ends. Moving another appointment rebooks nothing.
    """
    planned_since = Q(state=AppointmentState.PLANNED, state_at__gt=OuterRef("state_at"), moved_from=None)
    kept_since = Q(state=AppointmentState.KEPT, starts_at__gt=OuterRef("starts_at"))
    answered = Appointment.objects.filter(planned_since | kept_since, course=OuterRef("course"))
    cancelled = Appointment.objects.filter(
        ~Exists(answered),
        course__client__in=clients_of(hat),
        course__ended_on=None,
        state=AppointmentState.CANCELLED,
        moved_to=None,
    )
    return cancelled.select_related("course__client").order_by("starts_at")


def summary_versions(appointment: Appointment) -> QuerySet[Summary]:
    """Every version of an appointment's summary, the current one first."""
    return appointment.summaries.select_related("written_by__person").order_by("-written_at", "-pk")


def past_appointments(course: Course, at: datetime) -> QuerySet[Appointment]:
    """The appointments of a course whose hour has come, newest first, without those moved elsewhere."""
    return (
        Appointment.objects.filter(course=course, starts_at__lt=at)
        .exclude(state=AppointmentState.MOVED)
        .order_by("-starts_at")
    )
