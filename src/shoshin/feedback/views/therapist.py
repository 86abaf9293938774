"""What a therapist does with answers: opens them, answers signals, acknowledges alerts, tells what changed."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.feedback import actions, queries
from shoshin.feedback.forms.therapist import (
    AcknowledgeAlertForm,
    AnswerSignalForm,
    CloseAlertForm,
    EndCourseForm,
    RecordChangeForm,
    ScheduleForm,
)
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest

if TYPE_CHECKING:
    from shoshin.feedback.models import Alert


def response(request: HattedRequest, reference: str) -> HttpResponse:
    """One filled form: its answers, its scores, and its earlier versions."""
    filled = queries.response_for(request.hat, reference)
    if queries.hidden_responses([filled.client]).filter(pk=filled.pk).exists():
        return redirect("desk:client", ref=filled.client.ref)
    return render(request, "feedback/response.html", {"page": queries.response_page(filled), "client": filled.client})


def read_response(request: HattedRequest, reference: str) -> HttpResponse:
    """Open new answers, after a guess or without one."""
    filled = queries.response_for(request.hat, reference)
    expected = request.POST.get("expected", "")
    try:
        actions.read_new_answers(response=filled, expected=expected, by=request.hat.member, at=clock.now())
    except actions.CannotReadResponse as refusal:
        messages.warning(request, str(refusal))
    else:
        if seen := queries.seen_beside_guess(filled, expected):
            messages.info(request, queries.guess_sentence(expected, seen))
    return redirect("desk:client", ref=filled.client.ref)


def answer_signal(request: HattedRequest, pk: int) -> HttpResponse:
    """What next? A signal asks, and is answered; it cannot be dismissed."""
    signal = queries.signal_for(request.hat, pk)
    brought = signal.answers.filter(choice="bring").exists()
    form = AnswerSignalForm(request.POST or None, has_been_brought=brought)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_signal(signal=signal, by=request.hat.member, at=clock.now(), **form.cleaned_data)
        except actions.CannotAnswerSignal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your answer is kept."))
            return redirect("desk:client", ref=signal.client.ref)
    page = queries.signal_page(signal)
    return render(request, "feedback/answer_signal.html", {"page": page, "form": form, "client": signal.client})


def acknowledge_alert(request: HattedRequest, pk: int) -> HttpResponse:
    """Read a marked safety question, and say what is done about it."""
    alert = queries.alert_for(request.hat, pk)
    form: Any = AcknowledgeAlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.acknowledge_alert(alert=alert, by=request.hat.member, at=clock.now(), **form.cleaned_data)
        except actions.CannotAcknowledgeAlert as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Acknowledged. Your note is kept with the alert."))
            return redirect("feedback:acknowledge_alert", pk=alert.pk)
    if alert.acknowledged_at is not None:
        form = CloseAlertForm()
    return _alert_page(request, alert, form)


def close_alert(request: HattedRequest, pk: int) -> HttpResponse:
    """What came of an acknowledged alert, in a note that closes it."""
    alert = queries.alert_for(request.hat, pk)
    form = CloseAlertForm(request.POST or None)
    if form.is_valid():
        try:
            actions.close_alert(alert=alert, by=request.hat.member, at=clock.now(), **form.cleaned_data)
        except actions.CannotAcknowledgeAlert as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Closed. Both notes stay with the record."))
            return redirect("desk:today")
    return _alert_page(request, alert, form)


def _alert_page(request: HattedRequest, alert: "Alert", form: Any) -> HttpResponse:
    """The alert; with the way to the client's page for those whose client it is."""
    is_mine = care.clients_of(request.hat).filter(pk=alert.client_id).exists()
    facts = {"page": queries.alert_page(alert), "form": form, "client": alert.client, "is_mine": is_mine}
    return render(request, "feedback/acknowledge_alert.html", facts)


def record_change(request: HattedRequest, ref: str) -> HttpResponse:
    """ "You said, I changed": a line for the client's own page."""
    client = care.client_for(request.hat, ref)
    course = care.open_course(client) or client.courses.order_by("-opened_on").first()
    form = RecordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and course is not None:
        actions.record_change(course=course, by=request.hat.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("It stands on the client's own page."))
        return redirect("desk:client", ref=ref)
    return render(request, "feedback/record_change.html", {"form": form, "client": client, "course": course})


def schedule_measures(request: HattedRequest, ref: str) -> HttpResponse:
    """Which measures this course asks for, and how often."""
    client = care.client_for(request.hat, ref)
    course = care.open_course(client)
    plan = queries.plan_of(course) if course else {}
    form = ScheduleForm(request.POST or None, clinic=client.clinic, plan=plan)
    if request.method == "POST" and course is not None and form.is_valid():
        actions.schedule_measures(course=course, plan=form.cleaned_data, by=request.hat.member, at=clock.now())
        messages.success(request, _("The plan is kept. Forms for an appointment follow it."))
        return redirect("desk:client", ref=ref)
    return render(request, "feedback/schedule_measures.html", {"form": form, "client": client, "course": course})


def end_course(request: HattedRequest, ref: str) -> HttpResponse:
    """How a course ends: who decided, on what ground, and who holds the client meanwhile."""
    client = care.client_for(request.hat, ref)
    course, at = care.open_course(client), clock.now()
    if course is None:
        messages.info(request, _("This client is in no course now."))
        return redirect("desk:client", ref=ref)
    form = EndCourseForm(request.POST or None, course=course, today=care.day_of(client.clinic, at))
    if request.method == "POST" and form.is_valid() and _ended(request, course, form, at):
        messages.success(request, _("The course has ended."))
        return redirect("desk:client", ref=ref)
    ending = queries.measures_due_at_the_end(course, at)
    facts = {
        "form": form,
        "client": client,
        "asks_at_end": ending,
        "alerts": queries.open_alerts(request.hat).filter(client=client),
    }
    return render(request, "feedback/end_course.html", facts)


def _ended(request: HattedRequest, course: Any, form: EndCourseForm, at: Any) -> bool:
    try:
        actions.end_course(course=course, how=form.cleaned_data, by=request.hat.member, at=at)
    except ValueError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
