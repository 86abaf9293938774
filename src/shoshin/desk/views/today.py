from django.http import HttpResponse
from django.shortcuts import render

from shoshin.desk import queries
from shoshin.kit.clock import now
from shoshin.kit.policy import HattedRequest


def today(request: HattedRequest) -> HttpResponse:
    """Who is coming, who answered, who has not, what needs an answer."""
    at = now()
    return render(request, "desk/today.html", {"today": queries.today(request.hat, at), "at": at})
