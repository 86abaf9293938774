"""Readers watch over the content: flagging a statement, settling what was flagged, and sorting blind."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.kit.record import is_key
from shoshin.practice import actions, queries
from shoshin.practice.forms import FlagForm


def flag_statement(request: HattedRequest, pk: int) -> HttpResponse:
    """Flag one statement of this exercise that I have met."""
    member, exercise = request.hat.member, queries.exercise_for(request.hat, pk)
    met = queries.statements_met(member, exercise)
    asked = request.GET.get("statement", "")
    form = FlagForm(request.POST or None, statements=met, initial={"statement": asked if is_key(asked) else None})
    if request.method == "POST" and form.is_valid():
        actions.flag_statement(by=member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. Whoever looks after the exercises here sees it, without your name."))
        return redirect("practice:show_exercise", exercise.pk)
    return render(request, "practice/flag_statement.html", {"exercise": exercise, "form": form, "met": met.exists()})


def list_flags(request: HattedRequest) -> HttpResponse:
    """What readers ask to be looked at again, by statement."""
    return render(request, "practice/list_flags.html", {"flagged": queries.waiting_flags(request.hat.member.clinic)})


@require_POST
def settle_flags(request: HattedRequest, pk: int) -> HttpResponse:
    """Settle what is asked about a statement, with a sentence."""
    statement, said = queries.statement_for(request.hat, pk), request.POST
    try:
        actions.settle_flags(
            statement=statement,
            reason=said.get("reason", ""),
            sentence=said.get("sentence", ""),
            is_so=said.get("is_so") == "1",
            by=request.hat.member,
            at=clock.now(),
        )
    except actions.CannotCheck as refusal:
        messages.warning(request, str(refusal))
    return redirect("practice:list_flags")


def sort_statement(request: HattedRequest, pk: int) -> HttpResponse:
    """Sort the statements of a pack into three levels, one after another, without seeing anybody else's."""
    member, pack = request.hat.member, queries.pack_for(request.hat, pk)
    if request.method == "POST":
        level, asked = (request.POST.get(name, "") for name in ("level", "statement"))
        if asked:
            _sort(request, pack.pk, asked, int(level) if is_key(level) else 0)
        return redirect("practice:sort_statement", pack.pk)
    sorting = queries.sorting_of(member, pack, goes_on=request.GET.get("more") == "1")
    return render(request, "practice/sort_statement.html", {"pack": pack, "sorting": sorting, "a_set": queries.A_SET})


def _sort(request: HattedRequest, pack: int, asked: str, level: int) -> None:
    statement = queries.statement_for(request.hat, int(asked)) if is_key(asked) else None
    if statement is None or statement.exercise.pack_id != pack:
        raise Http404("No such statement in this pack.")
    try:
        actions.sort_statement(statement=statement, level=level, by=request.hat.member, at=clock.now())
    except actions.CannotCheck as refusal:
        messages.warning(request, str(refusal))
