"""The Friday review: at most three clients, and where each is taken."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.care import queries as care
from shoshin.growth import actions, queries
from shoshin.growth.models import TakenTo
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def review_week(request: HattedRequest) -> HttpResponse:
    """Who does not benefit yet, three at most: an episode, a consultation, or not now with the reason."""
    review = queries.review_of(request.hat, clock.now())
    return render(request, "growth/review_week.html", {"review": review})


@require_POST
def decide_review(request: HattedRequest, ref: str) -> HttpResponse:
    """Take a client to a consultation, or leave it for this week."""
    client, at = care.client_for(request.hat, ref), clock.now()
    course, taken_to = care.open_course(client), request.POST.get("to", "")
    facts: dict[str, Any] = {"client": client, "signal": queries.latest_signal(request.hat, client)}
    facts |= {"reason": request.POST.get("reason", ""), "by": request.hat.member, "at": at}
    try:
        if taken_to == TakenTo.CONSULTATION and course is not None:
            actions.take_to_consultation(course=course, **facts)
            messages.success(request, _("It is on the list for consultation."))
        elif taken_to == TakenTo.NOT_NOW:
            actions.say_not_now(**facts)
            messages.success(request, _("Kept with your reason. It comes back next Friday."))
    except actions.CannotDecide as refusal:
        messages.warning(request, str(refusal))
    return redirect("growth:review_week")
