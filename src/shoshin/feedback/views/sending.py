"""Asking a client for a measure: a link with its QR code, this device, or paper."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoshin.care import queries as care
from shoshin.design.qr import qr_code
from shoshin.feedback.actions import assignments as asking
from shoshin.feedback.forms.sending import SendMeasureForm
from shoshin.feedback.models.assignments import Way
from shoshin.feedback.queries import offers
from shoshin.feedback.views.form_key import give_key, new_key
from shoshin.kit import clock
from shoshin.kit.backup.state import sending_refused_because
from shoshin.kit.policy import HattedRequest
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client, Course


def send_measure(request: HattedRequest, ref: str) -> HttpResponse:
    """Choose what to ask; a link is shown once, because only its fingerprint is kept."""
    client = care.client_for(request.hat, ref)
    course, at = care.open_course(client), clock.now()
    if course is None:
        return render(request, "feedback/send_measure.html", {"client": client, "course": None})
    form = _form(request, client, course, at)
    if request.method == "POST" and form.is_valid():
        try:
            sent = asking.send_measure(
                course=course,
                versions=form.versions(),
                language=form.cleaned_data["language"],
                way=Way.LINK,
                appointment=form.chosen_appointment(),
                by=request.hat.member,
                at=at,
            )
        except asking.CannotSendMeasure as refusal:
            form.add_error("measures", str(refusal))
        else:
            return render(request, "feedback/link.html", {"client": client, **_shown_once(sent)})
    return _page(request, client, course, form, at)


def answer_here(request: HattedRequest, ref: str) -> HttpResponse:
    """Hand the device over: the therapist is signed out, and only the form is left."""
    client = care.client_for(request.hat, ref)
    course, at = care.open_course(client), clock.now()
    if course is None:
        return redirect("feedback:send_measure", client.ref)
    form = _form(request, client, course, at)
    if not form.is_valid():
        return _page(request, client, course, form, at)
    try:
        secret = asking.answer_here(
            course=course,
            versions=form.versions(),
            language=form.cleaned_data["language"],
            appointment=form.chosen_appointment(),
            by=request.hat.member,
            at=at,
        )
    except asking.CannotSendMeasure as refusal:
        form.add_error("measures", str(refusal))
        return _page(request, client, course, form, at)
    return _hand_over(request, secret, at)


def _hand_over(request: HttpRequest, secret: str, at: datetime) -> HttpResponse:
    """End the therapist's session, so that nothing but the form opens on this device."""
    logout(request)
    response = redirect("feedback:form")
    response.status_code = 303
    response.headers["Clear-Site-Data"] = '"cache"'
    return give_key(response, new_key(secret, at, on_device=True), at)


def _form(request: HttpRequest, client: "Client", course: "Course", at: datetime) -> SendMeasureForm:
    found = offers.offers_for(course, client.language, at)
    near, begun = list(offers.near_appointments(client, at)), care.begun_today(course, at)
    about = request.GET.get("about", "")
    ticked, appointment = _suggested(course, near[0] if near else None, begun, at, about=about)
    initial = {
        "measures": [offer.facts.id for offer in found if offer.facts.id in ticked and not offer.paper_only],
        "language": client.language,
        "appointment": str(appointment.pk) if appointment else "",
    }
    return SendMeasureForm(found, near, request.POST or None, initial=initial, begun=begun)


def _suggested(
    course: "Course", following: "Appointment | None", begun: "Appointment | None", at: datetime, *, about: str
) -> "tuple[Collection[str], Appointment | None]":
    """What is ticked at first, and for which appointment: about the one just held, else before the next."""
    if about == "appointment":
        return offers.after_measures(course), begun
    if about == "ending":
        return offers.measures_due_at_the_end(course, at), following or begun
    due_after = offers.measures_due_after(course, begun, at) if begun else []
    return (due_after, begun) if due_after else (offers.measures_due(course, following, at), following)


def _page(
    request: HttpRequest, client: "Client", course: "Course", form: SendMeasureForm, at: datetime
) -> HttpResponse:
    chosen = form["measures"].value() or []
    found = offers.offers_for(course, client.language, at)
    facts = {
        "client": client,
        "course": course,
        "form": form,
        "rows": [(offer, offer.facts.id in chosen) for offer in found if not offer.paper_only],
        "paper_only": [offer for offer in found if offer.paper_only],
        "public": bool(settings.PUBLIC_ADDRESS),
        "readers": care.readers_of(client, at),
        "needs_hours": any(offer.needs_hours for offer in found if not offer.paper_only),
        "unfetched": measures.unfetched_names(course.clinic),
        "refused": sending_refused_because(at),
    }
    return render(request, "feedback/send_measure.html", facts, status=422 if form.errors else 200)


def _shown_once(sent: asking.Sent) -> dict[str, Any]:
    """The link, its QR code without any style, and neutral words to go with it."""
    first = sent.assignments[0]
    link = settings.PUBLIC_ADDRESS + reverse("feedback:start_form", args=[sent.token])
    with override(first.language):
        until = formats.date_format(timezone.localtime(first.expires_at), _("l j F, H:i"))
        words = _("Here is a short form for you: %(link)s It is open until %(until)s.") % {"link": link, "until": until}
    return {"link": link, "qr": qr_code(link), "words": words, "expires_at": first.expires_at}
