"""Responses: which stand, which wait to be read, and what may be shown before the therapist has guessed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.care import queries as care
from shoshin.feedback.models import Guess, Response
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.care.models import Course
    from shoshin.people.models import Membership

GUESSES_A_WEEK = 3


def is_latest(response: Response) -> bool:
    """Whether no later version corrects this response."""
    return not Response.objects.filter(corrects=response).exists()


def response_for(hat: Hat, reference: str) -> Response:
    """The response behind an address, or 404 where its client is not this hat's to see."""
    found = (
        Response.objects.select_related(
            "client__clinic", "client__therapist__person", "course", "version", "appointment"
        )
        .filter(reference=reference, client__in=care.clients_of(hat))
        .first()
    )
    if found is None:
        raise Http404("No form of a client of yours has this address.")
    hat.saw(found.client_id)
    return found


def versions_of(response: Response) -> list[Response]:
    """Every version of one filled form, first to latest."""
    first = response
    while first.corrects is not None:
        first = first.corrects
    line = [first]
    while (later := Response.objects.filter(corrects=line[-1]).first()) is not None:
        line.append(later)
    return line


def may_be_asked_to_guess(member: "Membership", course: "Course", measure_id: str, at: datetime) -> bool:
    """Whether this therapist is asked what they expect before a score: at most three times in seven days,
    and only where there is an earlier score to expect something against."""
    asked = Guess.objects.filter(therapist=member, guessed_at__gt=at - timedelta(days=7)).count()
    if asked >= GUESSES_A_WEEK:
        return False
    return Response.objects.filter(course=course, measure_id=measure_id, corrected_by=None).count() >= 2


def responses_in(course: "Course") -> QuerySet[Response]:
    """The standing responses of a course, in order."""
    return (
        Response.objects.filter(course=course, corrected_by=None)
        .select_related("version")
        .prefetch_related("scores")
        .order_by("-answered_on", "-received_at")
    )
