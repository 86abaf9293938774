from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shoshin.desk import queries
from shoshin.kit.clock import now


def today(request: HttpRequest) -> HttpResponse:
    """Who is coming, who answered, who has not, what needs an answer."""
    at = now()
    return render(request, "desk/today.html", {"today": queries.today(request.hat, at), "at": at})
