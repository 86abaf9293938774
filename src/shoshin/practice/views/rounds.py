"""The solo round: one screen, from the client's words to how it was. Works without a script, and with no mouse."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shoshin.kit import clock
from shoshin.kit.media.playing import records
from shoshin.kit.policy import HattedRequest
from shoshin.kit.record import is_key
from shoshin.practice import actions, queries
from shoshin.practice.forms import AnswerForm, ReactionForm, StartForm
from shoshin.practice.models import Rating, Round
from shoshin.practice.queries.words import in_words
from shoshin.practice.views.content import facts_of


@require_POST
def start_round(request: HattedRequest, pk: int) -> HttpResponse:
    """Begin a round of this exercise."""
    exercise = queries.exercise_for(request.hat, pk)
    form = StartForm(request.POST, exercise=exercise)
    if not form.is_valid():
        facts = facts_of(request, exercise) | {"form": form}
        return render(request, "practice/show_exercise.html", facts, status=422)
    begun = actions.start_round(exercise=exercise, by=request.hat.member, at=clock.now(), **form.cleaned_data)
    return redirect("practice:round", begun.pk)


@records
def show_round(request: HattedRequest, pk: int) -> HttpResponse:
    """The round as it stands: a statement to answer, an answer to rate and to look at, or its end."""
    round = queries.round_for(request.hat, pk, "exercise__skill", "exercise__pack")
    return render(request, "practice/round.html", _stage(round))


def _stage(round: Round) -> dict[str, Any]:
    """What the one screen shows now."""
    facts: dict[str, Any] = {"round": round, "exercise": round.exercise, "criterion": _criterion(round)}
    waiting = queries.unfinished(round)
    if waiting is not None:
        stage = "rate" if waiting.rating is None else "react"
        facts |= {"attempt": waiting, "recording": queries.recording_of(waiting)}
        return facts | {"stage": stage, "form": ReactionForm(), "ratings": Rating.choices}
    last = round.attempts.exclude(reaction="").select_related("statement").order_by("-number").first()
    facts["why"] = in_words(last.step["reason"]) if last else ""
    if round.ended_at is not None:
        return facts | {"stage": "ended", "attempts": round.attempts.select_related("statement").order_by("number")}
    found = queries.next_statement(round)
    kind = "silent" if round.exercise.is_silent else "typed"
    form = AnswerForm(initial={"statement": found.statement.pk, "kind": kind})
    facts |= {"records": queries.is_offered(round), "agreed": queries.consent_of(round.member) is not None}
    facts |= {"stage": "answer", "next": found, "form": form, "number": round.attempts.count() + 1}
    facts["warned"] = bool(queries.warned_statements(round.clinic, [found.statement]))
    return facts | {"enough": queries.enough_for_today(round.member, clock.now())}


def _criterion(round: Round) -> str:
    return round.exercise.criterion(round.criterion)


@require_POST
@records
def record_attempt(request: HattedRequest, pk: int) -> HttpResponse:
    """Keep the answer, before anything is compared."""
    round = queries.round_for(request.hat, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return render(request, "practice/round.html", _stage(round) | {"form": form}, status=422)
    statement = round.exercise.statements.filter(pk=form.cleaned_data["statement"]).only("exercise").first()
    if statement is None:
        raise Http404("No such statement in this exercise.")
    try:
        actions.record_attempt(
            round=round, statement=statement, answer=form.answer(), by=request.hat.member, at=clock.now()
        )
    except actions.CannotPractise as refusal:
        form.add_error(None, str(refusal))
        return render(request, "practice/round.html", _stage(round) | {"form": form}, status=422)
    return redirect("practice:round", round.pk)


@require_POST
def rate_attempt(request: HattedRequest, pk: int) -> HttpResponse:
    """Whether the answer met the criterion. Only then the model answers are shown."""
    attempt = queries.attempt_for(request.hat, pk)
    rating = request.POST.get("rating", "")
    return _done(request, attempt.round_id, lambda: actions.rate_attempt(
        attempt=attempt, rating=int(rating) if is_key(rating) else -1, by=request.hat.member, at=clock.now()
    ))  # fmt: skip


@require_POST
@records
def record_reaction(request: HattedRequest, pk: int) -> HttpResponse:
    """How hard it was; the next level follows."""
    attempt = queries.attempt_for(request.hat, pk, "statement", "round__exercise__skill")
    form = ReactionForm(request.POST)
    if not form.is_valid():
        return render(request, "practice/round.html", _stage(attempt.round) | {"form": form}, status=422)
    return _done(request, attempt.round_id, lambda: actions.record_reaction(
        attempt=attempt, felt=form.felt(), by=request.hat.member, at=clock.now()
    ))  # fmt: skip


@require_POST
def choose_level(request: HattedRequest, pk: int) -> HttpResponse:
    """Easier, whenever wished; harder, where nothing was marked as too hard."""
    round = queries.round_for(request.hat, pk)
    level = request.POST.get("level", "")
    return _done(request, round.pk, lambda: actions.choose_level(
        round=round, level=int(level) if is_key(level) else 0, by=request.hat.member, at=clock.now()
    ))  # fmt: skip


@require_POST
def stop_round(request: HattedRequest, pk: int) -> HttpResponse:
    """End the round."""
    round = queries.round_for(request.hat, pk)
    actions.stop_round(round=round, by=request.hat.member, at=clock.now())
    return redirect("practice:round", round.pk)


def _done(request: HattedRequest, round: int, act: Any) -> HttpResponse:
    """Do it, and back to the one screen; what cannot be done is said there."""
    try:
        act()
    except actions.CannotPractise as refusal:
        messages.warning(request, str(refusal))
    return redirect("practice:round", round)
