"""Planning, moving and calling off appointments, and saying whether they were kept."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.care.models import Appointment, Course
from shoshin.care.models.appointments import AppointmentState, Side
from shoshin.care.queries.calendar import (
    EARLIEST_DAY,
    OUT_OF_REACH,
    day_of,
    is_in_reach,
    moment_on,
    weekly_days,
    zone_of,
)
from shoshin.kit.action import Actor, action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

MOST_WEEKS = 52
LONGEST = 480


class CannotPlanAppointment(ValueError):
    """The time cannot be planned as asked."""


class CannotMoveAppointment(ValueError):
    """The appointment is past changing, or the new time cannot be planned."""


class CannotCancelAppointment(ValueError):
    """The appointment is past calling off."""


class CannotMarkAppointment(ValueError):
    """Whether the appointment was kept cannot be said, or not yet."""


@action("care.add_appointments")
def add_appointments(
    *,
    course: Course,
    day: date,
    clock_time: time,
    by: "Actor | Membership",
    at: datetime,
    weeks: int = 1,
    minutes: int = 50,
) -> tuple[Appointment, ...]:
    """Plan one appointment, or one a week at the same time of the clinic's clock, summer and winter."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise CannotPlanAppointment(_("Plan between 1 and 52 weeks at a time."))
    course = _locked_course(course)
    moments = _planned_moments(course, _days_in_reach(course, day, weeks, at), clock_time, minutes)
    series = uuid4() if weeks > 1 else None
    rows = [_planned(course, moment, minutes, series=series, state_at=at) for moment in moments]
    for row in rows:
        row.save()
    return tuple(rows)


@action("care.move_appointment")
def move_appointment(
    *,
    appointment: Appointment,
    day: date,
    clock_time: time,
    by: "Actor | Membership",
    at: datetime,
    side: str = "",
    minutes: int | None = None,
) -> Appointment:
    """Give an appointment a new time; the old one stays in the record. So is a cancelled one booked anew."""
    course = _locked_course(appointment.course)
    old = _locked(appointment)
    if old.state not in (AppointmentState.PLANNED, AppointmentState.CANCELLED) or old.moved_to_id is not None:
        raise CannotMoveAppointment(_("This appointment is %(state)s. Plan a new one instead.") % _state(old))
    if old.state == AppointmentState.PLANNED and side not in Side.values:
        raise CannotMoveAppointment(_("Say who asked for another time."))
    minutes = minutes or old.minutes
    try:
        (moment,) = _planned_moments(course, _days_in_reach(course, day, 1, at), clock_time, minutes)
    except CannotPlanAppointment as refusal:
        raise CannotMoveAppointment(str(refusal)) from refusal
    new = _planned(course, moment, minutes, series=old.series, state_at=at)
    new.save()
    if old.state == AppointmentState.PLANNED:
        old.state, old.state_at, old.changed_by_side = AppointmentState.MOVED, at, Side(side)
    old.moved_to = new
    old.save()
    return new


@action("care.cancel_appointment")
def cancel_appointment(
    *,
    appointment: Appointment,
    side: str,
    by: "Actor | Membership",
    at: datetime,
    told_at: datetime | None = None,
) -> Appointment:
    """Call an appointment off. `told_at` is when the other side was told, which gives the notice."""
    told_at = told_at or at
    found = _locked(appointment)
    if found.state != AppointmentState.PLANNED:
        raise CannotCancelAppointment(_("This appointment is %(state)s and stays so.") % _state(found))
    if side not in Side.values:
        raise CannotCancelAppointment(_("Say who cancels."))
    if told_at.year < EARLIEST_DAY.year:
        raise CannotCancelAppointment(str(OUT_OF_REACH))
    if told_at > at:
        raise CannotCancelAppointment(_("This moment is still to come. Say when the other side was told."))
    if told_at >= found.starts_at:
        raise CannotCancelAppointment(_("It was to have begun by then. Mark it missed instead."))
    found.state, found.state_at, found.changed_by_side = AppointmentState.CANCELLED, told_at, Side(side)
    found.save()
    return found


@action("care.keep_appointment")
def keep_appointment(*, appointment: Appointment, by: "Actor | Membership", at: datetime) -> Appointment:
    """Say that an appointment took place; also corrects one marked missed."""
    return _mark(appointment, AppointmentState.KEPT, at)


@action("care.miss_appointment")
def miss_appointment(*, appointment: Appointment, by: "Actor | Membership", at: datetime) -> Appointment:
    """Say that the client did not come; also corrects one marked kept."""
    return _mark(appointment, AppointmentState.MISSED, at)


def _mark(appointment: Appointment, state: AppointmentState, at: datetime) -> Appointment:
    found = _locked(appointment)
    if found.state in (AppointmentState.CANCELLED, AppointmentState.MOVED):
        raise CannotMarkAppointment(_("This appointment is %(state)s, so it was not kept or missed.") % _state(found))
    if found.starts_at > at:
        raise CannotMarkAppointment(_("This appointment is still to come. Say so once its time has come."))
    if found.state != state:
        found.state, found.state_at = state, at
        found.save()
    return found


def _days_in_reach(course: Course, first: date, weeks: int, at: datetime) -> tuple[date, ...]:
    """The same weekday for so many weeks, none of them in a year that cannot be meant."""
    today = day_of(course.clinic, at)
    days = weekly_days(first, weeks) if is_in_reach(first, today) else ()
    if not days or not is_in_reach(days[-1], today):
        raise CannotPlanAppointment(str(OUT_OF_REACH))
    return days


def _planned_moments(course: Course, days: Sequence[date], clock_time: time, minutes: int) -> tuple[datetime, ...]:
    """The moments of these days, or the reason why they cannot be planned."""
    if course.ended_on is not None:
        raise CannotPlanAppointment(_("This course has ended. Open a new one first."))
    if days[0] < course.opened_on:
        raise CannotPlanAppointment(
            _("The course begins on %(day)s. Choose that day or a later one.")
            % {"day": date_format(course.opened_on, _("j F Y"))}
        )
    if not 5 <= minutes <= LONGEST:
        raise CannotPlanAppointment(_("An appointment lasts between 5 minutes and 8 hours."))
    zone = zone_of(course.clinic)
    moments = []
    for day in days:
        moment = moment_on(day, clock_time, zone)
        if moment is None:
            raise CannotPlanAppointment(
                _("On %(day)s the clocks skip this time. Choose another.") % {"day": date_format(day, _("j F Y"))}
            )
        moments.append(moment)
    _refuse_twice(course, moments)
    return tuple(moments)


def _refuse_twice(course: Course, moments: Sequence[datetime]) -> None:
    """The same client cannot be met twice at once; most often this is a form sent twice."""
    standing = (AppointmentState.PLANNED, AppointmentState.KEPT, AppointmentState.MISSED)
    taken = course.appointments.filter(starts_at__in=moments, state__in=standing).order_by("starts_at")
    days = [date_format(day_of(course.clinic, row.starts_at), _("j F Y")) for row in taken]
    if days:
        text = ngettext(
            "There is an appointment at this time already, on %(days)s. Nothing was added.",
            "There are appointments at this time already, on %(days)s. Nothing was added.",
            len(days),
        )
        raise CannotPlanAppointment(text % {"days": ", ".join(days)})


def _planned(course: Course, moment: datetime, minutes: int, **rest: object) -> Appointment:
    return Appointment(
        clinic_id=course.clinic_id,
        course=course,
        therapist_id=course.therapist_id,
        starts_at=moment,
        minutes=minutes,
        **rest,
    )


def _locked_course(course: Course) -> Course:
    found: Course = Course.objects.select_for_update().get(pk=course.pk)
    return found


def _locked(appointment: Appointment) -> Appointment:
    found: Appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    return found


def _state(appointment: Appointment) -> dict[str, str]:
    return {"state": str(AppointmentState(appointment.state).label)}
