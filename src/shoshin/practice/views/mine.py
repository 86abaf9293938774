"""What I tried: all attempts, first ones as they were, and the useful mistakes."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.practice import actions, queries

A_PAGE = 20


def list_attempts(request: HattedRequest) -> HttpResponse:
    """My attempts, newest first; with `?useful=1` those I kept because they taught me something."""
    member, useful = request.hat.member, request.GET.get("useful") == "1"
    found = queries.useful_mistakes(member) if useful else queries.attempts_of(member)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "practice/list_attempts.html", {"page": page, "useful": useful})


@require_POST
def keep_mistake(request: HattedRequest, pk: int) -> HttpResponse:
    """Keep an attempt among the useful mistakes, or let it go again."""
    attempt = queries.attempt_for(request.hat, pk)
    keep, lesson = request.POST.get("keep") == "1", request.POST.get("lesson", "")
    actions.keep_mistake(attempt=attempt, lesson=lesson, keep=keep, by=request.hat.member, at=clock.now())
    return redirect("practice:round", attempt.round_id)
