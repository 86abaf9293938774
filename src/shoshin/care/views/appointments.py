"""Planning, moving and calling off appointments, saying whether they were kept, and the summary after one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.care import actions, queries
from shoshin.care.forms import (
    AddAppointmentsForm,
    CancelAppointmentForm,
    MoveAppointmentForm,
    WriteSummaryForm,
)
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def add_appointments(request: HattedRequest, ref: str) -> HttpResponse:
    """One, or one a week."""
    client = queries.client_for(request.hat, ref)
    course, at = queries.open_course(client), clock.now()
    if course is None:
        messages.warning(request, _("Appointments belong to a course. Open one first."))
        return redirect("care:open_course", client.ref)
    form = AddAppointmentsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_appointments(course=course, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotPlanAppointment as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext("%(n)s appointment planned.", "%(n)s appointments planned.", len(made))
            messages.success(request, text % {"n": len(made)})
            return redirect("desk:client", client.ref)
    facts = {"form": form, "client": client, "upcoming": queries.upcoming(client, at)[:6]}
    return render(request, "care/add_appointments.html", facts)


def move_appointment(request: HattedRequest, pk: int) -> HttpResponse:
    """A new time; a cancelled one is booked anew here."""
    appointment = queries.appointment_for(request.hat, pk)
    client, local = appointment.course.client, timezone.localtime(appointment.starts_at)
    initial = {"day": local.date(), "clock_time": local.time(), "minutes": appointment.minutes}
    rebooking = appointment.state == "cancelled"
    form = MoveAppointmentForm(request.POST or None, initial=initial, rebooking=rebooking)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_appointment(
                appointment=appointment, by=request.hat.member, at=clock.now(), **form.cleaned_data
            )
        except actions.CannotMoveAppointment as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new time is set. The old one stays in the record."))
            return redirect("desk:client", client.ref)
    facts = {"form": form, "client": client, "appointment": appointment, "rebooking": rebooking}
    return render(request, "care/move_appointment.html", facts)


def cancel_appointment(request: HattedRequest, pk: int) -> HttpResponse:
    """Who called off, and with how much notice."""
    appointment = queries.appointment_for(request.hat, pk)
    client, at = appointment.course.client, clock.now()
    form = CancelAppointmentForm(request.POST or None, initial={"told_at": timezone.localtime(at)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_appointment(appointment=appointment, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotCancelAppointment as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Cancelled. It waits on your list until it has a new time."))
            return redirect("desk:client", client.ref)
    facts = {"form": form, "client": client, "appointment": appointment}
    return render(request, "care/cancel_appointment.html", facts)


def keep_appointment(request: HattedRequest, pk: int) -> HttpResponse:
    """It took place."""
    appointment = queries.appointment_for(request.hat, pk)
    try:
        actions.keep_appointment(appointment=appointment, by=request.hat.member, at=clock.now())
    except actions.CannotMarkAppointment as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Marked as kept."))
    return redirect("desk:client", appointment.course.client.ref)


def miss_appointment(request: HattedRequest, pk: int) -> HttpResponse:
    """The client did not come."""
    appointment = queries.appointment_for(request.hat, pk)
    try:
        actions.miss_appointment(appointment=appointment, by=request.hat.member, at=clock.now())
    except actions.CannotMarkAppointment as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Marked as missed."))
    return redirect("desk:client", appointment.course.client.ref)


def write_summary(request: HattedRequest, pk: int) -> HttpResponse:
    """Three short fields; saving also says that the appointment took place."""
    appointment = queries.appointment_for(request.hat, pk)
    client, at = appointment.course.client, clock.now()
    versions = list(queries.summary_versions(appointment))
    form = WriteSummaryForm(request.POST or None, initial=vars(versions[0]) if versions else {})
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_summary(appointment=appointment, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotWriteSummary as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The summary is kept."))
            return redirect("desk:client", client.ref)
    facts = {"form": form, "client": client, "appointment": appointment, "versions": versions}
    facts["held_today"] = appointment.course.ended_on is None and queries.has_begun_today(appointment, at)
    facts["following"] = queries.upcoming(client, at).filter(starts_at__gt=appointment.starts_at).first()
    return render(request, "care/write_summary.html", facts)
