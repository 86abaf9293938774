from django.http import Http404, HttpResponse
from django.shortcuts import render

from shoshin.care import queries as care
from shoshin.desk import queries
from shoshin.kit.clock import now
from shoshin.kit.policy import HattedRequest
from shoshin.kit.record import is_key


def client(request: HattedRequest, ref: str) -> HttpResponse:
    """One client: the line, what asks for an answer, appointments, answers, and what is kept."""
    person = care.client_for(request.hat, ref)
    course = None
    if chosen := request.GET.get("course", ""):
        course = person.courses.filter(pk=chosen).first() if is_key(chosen) else None
        if course is None:
            raise Http404("This client has no such course.")
    page = queries.client_page(request.hat, person, now(), course)
    return render(request, "desk/client.html", {"page": page, "client": person})


def show_client_page(request: HattedRequest, ref: str) -> HttpResponse:
    """What is opened together in the appointment, on the therapist's screen or on paper: line, band and words."""
    person = care.client_for(request.hat, ref)
    page = queries.page_together(person, now())
    return render(request, "desk/show_client_page.html", {"page": page, "client": person})
