"""A new course of therapy, and a consultation about one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import actions, queries
from shoshin.care.forms import CloseConsultationForm, OpenCourseForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def open_course(request: HattedRequest, ref: str) -> HttpResponse:
    """A client begins, or begins again."""
    client = queries.client_for(request.hat, ref)
    at = clock.now()
    form = OpenCourseForm(request.POST or None, initial={"opened_on": queries.day_of(client.clinic, at)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_course(client=client, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotOpenCourse as refusal:
            form.add_error("opened_on", str(refusal))
        else:
            messages.success(request, _("The course is open."))
            return redirect("desk:client", client.ref)
    facts = {"form": form, "client": client, "course": queries.open_course(client)}
    return render(request, "care/open_course.html", facts)


def close_consultation(request: HattedRequest, pk: int) -> HttpResponse:
    """What colleagues made of the question; once closed, the page shows it."""
    consultation = queries.consultation_for(request.hat, pk)
    client, at = consultation.course.client, clock.now()
    form = CloseConsultationForm(request.POST or None, initial={"held_on": queries.day_of(client.clinic, at)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_consultation(consultation=consultation, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotCloseConsultation as refusal:
            for name, sentence in refusal.missing.items():
                form.add_error(name, sentence)
        else:
            messages.success(request, _("The consultation is closed and its outcome kept."))
            return redirect("desk:client", client.ref)
    facts = {"form": form, "client": client, "consultation": consultation}
    return render(request, "care/close_consultation.html", facts)
