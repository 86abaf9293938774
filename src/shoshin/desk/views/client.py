from django.http import Http404, HttpResponse
from django.shortcuts import render

from shoshin.care import queries as care
from shoshin.design.charts import literal
from shoshin.desk import queries
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.kit.record import is_key

FITS, ALONE = ("for-wide", "for-narrow"), "alone"


def client(request: HattedRequest, ref: str) -> HttpResponse:
    """One client: the line, what asks for an answer, appointments, answers, and what is kept."""
    person = care.client_for(request.hat, ref)
    course = None
    if chosen := request.GET.get("course", ""):
        course = person.courses.filter(pk=chosen).first() if is_key(chosen) else None
        if course is None:
            raise Http404("This client has no such course.")
    page = queries.client_page(request.hat, person, clock.now(), course)
    return render(request, "desk/client.html", {"page": page, "client": person})


def look_in_emergency(request: HattedRequest, ref: str) -> HttpResponse:
    """A record that a lead has opened for an hour: read only, and without notes."""
    person = care.client_for(request.hat, ref)
    page = queries.emergency_page(person, request.hat.at or clock.now())
    return render(request, "desk/look_in_emergency.html", {"page": page, "client": person})


def line_picture(request: HattedRequest, ref: str, pk: int, measure: str, fit: str) -> HttpResponse:
    """One line as a picture in the page's own colour names; where no script runs, as an image in the light ones."""
    person = care.client_for(request.hat, ref)
    course = person.courses.filter(pk=pk).first() if is_key(str(pk)) else None
    if fit not in (*FITS, ALONE) or course is None:
        raise Http404("There is no such picture.")
    picture = queries.line_picture(request.hat, person, course, measure, fit if fit in FITS else FITS[0])
    if picture is None:
        raise Http404("There is nothing on this line yet.")
    return HttpResponse(literal(picture) if fit == ALONE else picture, content_type="image/svg+xml")


def show_client_page(request: HattedRequest, ref: str) -> HttpResponse:
    """What is opened together in the appointment, on the therapist's screen or on paper: line, band and words."""
    person = care.client_for(request.hat, ref)
    page = queries.page_together(person, clock.now())
    return render(request, "desk/show_client_page.html", {"page": page, "client": person})
