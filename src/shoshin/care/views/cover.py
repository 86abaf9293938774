"""My hours and absences: promising hours, going away, covering for a colleague; for the owner, who is on duty."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import actions, queries
from shoshin.care.forms import AbsenceForm, AskCoverForm, DutyForm, HandoverForm, ReadingHoursForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.people import queries as people


def cover(request: HattedRequest) -> HttpResponse:
    """Everything about one's own being here and away."""
    member, at = queries.reading_member(request.hat), clock.now()
    facts = {
        "hours": queries.reading_hours_of(member),
        "absences": queries.absences_of(member, at),
        "gaps": queries.cover_gaps(member, at),
        "requests": queries.cover_requests(member, at),
        "covers": queries.coming_covers(member, at),
        "has_colleagues": bool(queries.colleagues_of(member)),
        "duty": queries.duty_of(member.clinic),
    }
    return render(request, "care/cover.html", facts)


def set_reading_hours(request: HattedRequest) -> HttpResponse:
    """The hours of the week at which one reads."""
    member = queries.reading_member(request.hat)
    form = ReadingHoursForm(request.POST or None, promised=queries.reading_hours_of(member))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_reading_hours(member=member, hours=form.hours(), by=member, at=clock.now())
        except actions.CannotSetReadingHours as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your hours are kept. Forms with a safety question say them from now on."))
            return redirect("care:cover")
    return render(request, "care/set_reading_hours.html", {"form": form}, status=422 if form.errors else 200)


def enter_absence(request: HattedRequest) -> HttpResponse:
    """Going away, and asking a colleague in the same step."""
    member, at = queries.reading_member(request.hat), clock.now()
    today = queries.day_of(member.clinic, at)
    colleagues = queries.colleagues_of(member)
    form = AbsenceForm(request.POST or None, colleagues=colleagues, initial={"from_day": today, "until_day": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_absence(member=member, by=member, at=at, **form.cleaned_data)
        except (actions.CannotEnterAbsence, actions.CannotAskCover) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The absence is kept."))
            return redirect("care:cover")
    return render(request, "care/enter_absence.html", {"form": form}, status=422 if form.errors else 200)


def ask_cover(request: HattedRequest, pk: int) -> HttpResponse:
    """Asking a colleague, or another one."""
    absence, at = queries.absence_for(request.hat, pk), clock.now()
    form = AskCoverForm(request.POST or None, colleagues=queries.colleagues_of(absence.member))
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_cover(absence=absence, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotAskCover as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. It counts once they accept."))
            return redirect("care:cover")
    facts = {"form": form, "absence": absence}
    return render(request, "care/ask_cover.html", facts, status=422 if form.errors else 200)


def write_handover(request: HattedRequest, pk: int) -> HttpResponse:
    """A few words for whoever covers."""
    absence = queries.absence_for(request.hat, pk)
    form = HandoverForm(request.POST or None, initial={"words": absence.handover})
    if request.method == "POST" and form.is_valid():
        actions.write_handover(absence=absence, by=request.hat.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Kept. Whoever covers sees it while they cover."))
        return redirect("care:cover")
    facts = {"form": form, "absence": absence}
    return render(request, "care/write_handover.html", facts, status=422 if form.errors else 200)


def cancel_absence(request: HattedRequest, pk: int) -> HttpResponse:
    """It does not happen, or one is back."""
    absence = queries.absence_for(request.hat, pk)
    try:
        actions.cancel_absence(absence=absence, by=request.hat.member, at=clock.now())
    except actions.CannotEnterAbsence as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("You are here again. Nobody covers for you any more."))
    return redirect("care:cover")


def answer_cover(request: HattedRequest, pk: int) -> HttpResponse:
    """A colleague asks: what it means, and a yes or a no."""
    asked, at = queries.cover_for(request.hat, pk), clock.now()
    facts = {"cover": asked, "absence": asked.absence, "is_over": asked.absence.ends_at <= at}
    return render(request, "care/answer_cover.html", facts)


def accept_cover(request: HattedRequest, pk: int) -> HttpResponse:
    """Yes."""
    asked = queries.cover_for(request.hat, pk)
    try:
        actions.accept_cover(cover=asked, by=request.hat.member, at=clock.now())
    except actions.CannotAnswerCover as refusal:
        messages.warning(request, str(refusal))
        return redirect("care:answer_cover", pk)
    messages.success(request, _("You cover. It opens and closes by itself."))
    return redirect("care:cover")


def decline_cover(request: HattedRequest, pk: int) -> HttpResponse:
    """No, or no longer."""
    asked = queries.cover_for(request.hat, pk)
    try:
        actions.decline_cover(cover=asked, by=request.hat.member, at=clock.now())
    except actions.CannotAnswerCover as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Said no. Your colleague sees that somebody else has to be asked."))
    return redirect("care:cover")


def name_duty(request: HattedRequest) -> HttpResponse:
    """The owner's page: who is named to clients as on duty."""
    owner, on_duty = request.hat.member, queries.duty_of(request.hat.member.clinic)
    free = people.clinicians_of(owner.clinic).exclude(pk__in=[duty.member_id for duty in on_duty])
    form = DutyForm(request.POST or None, members=list(free))
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_duty(by=owner, at=clock.now(), **form.cleaned_data)
        except actions.CannotNameDuty as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Named. Forms with a safety question say so from now on."))
            return redirect("care:name_duty")
    facts = {"form": form, "on_duty": on_duty, "free": free}
    return render(request, "care/name_duty.html", facts, status=422 if form.errors else 200)


def end_duty(request: HattedRequest, pk: int) -> HttpResponse:
    """Somebody is on duty no longer."""
    duty = queries.duty_for(request.hat, pk)
    actions.end_duty(duty=duty, by=request.hat.member, at=clock.now())
    messages.success(request, _("%(name)s is no longer named.") % {"name": duty.member.person.name})
    return redirect("care:name_duty")
