"""Two people and one goal. Their page begins with how it was to practise."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.community import actions, queries
from shoshin.community.forms import CoachForm, HowForm
from shoshin.community.models import Coaching
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest

LATEST = 5


def ask_coach(request: HattedRequest) -> HttpResponse:
    """Whom, and about what."""
    member = request.hat.member
    form = CoachForm(request.POST or None, colleagues=queries.colleagues_of(member))
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_coach(coach=form.chosen(), about=form.cleaned_data["about"], by=member, at=clock.now())
        except actions.CannotCoach as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("community:coaching", asked.pk)
    return render(request, "community/ask_coach.html", {"form": form})


def show_coaching(request: HattedRequest, pk: int) -> HttpResponse:
    """How it was, first; then what is shown between the two, and nothing else."""
    return _page(request, queries.coaching_for(request.hat, pk), HowForm())


def _page(request: HattedRequest, coaching: Coaching, form: HowForm, status: int = 200) -> HttpResponse:
    member = request.hat.member
    is_coach = coaching.coach.person_id == member.person_id
    at = clock.now()
    facts = {
        "coaching": coaching,
        "word": queries.standing_word(coaching, at) if is_coach else None,
        "gently": queries.gently_of(coaching, at) if coaching.accepted_at and not is_coach else None,
        "is_coach": is_coach,
        "other": coaching.trainee if is_coach else coaching.coach,
        "told": coaching.told.order_by("-said_at", "-pk")[:LATEST],
        "shown": queries.shown_between(coaching, request.hat),
        "form": form,
        "standing": queries.standing_of(member, at) if is_coach and not coaching.accepted_at else None,
    }
    return render(request, "community/coaching.html", facts, status=status)


@require_POST
def say_how(request: HattedRequest, pk: int) -> HttpResponse:
    """Tell the coach how it was."""
    coaching, form = queries.coaching_for(request.hat, pk), HowForm(request.POST)
    if not form.is_valid():
        return _page(request, coaching, form, status=422)
    words = form.cleaned_data["words"]
    return _done(
        request,
        coaching,
        lambda: actions.say_how(coaching=coaching, words=words, by=request.hat.member, at=clock.now()),
    )


@require_POST
def accept_coaching(request: HattedRequest, pk: int) -> HttpResponse:
    """Yes, where a practice of one's own was shown lately."""
    coaching = queries.asked_coaching_for(request.hat, pk)
    return _done(
        request, coaching, lambda: actions.accept_coaching(coaching=coaching, by=request.hat.member, at=clock.now())
    )


@require_POST
def decline_coaching(request: HattedRequest, pk: int) -> HttpResponse:
    """No, without a reason."""
    coaching = queries.asked_coaching_for(request.hat, pk)
    actions.decline_coaching(coaching=coaching, by=request.hat.member, at=clock.now())
    messages.success(request, _("Fine. Nobody is told why."))
    return redirect("community:show_community")


@require_POST
def end_coaching(request: HattedRequest, pk: int) -> HttpResponse:
    """End it, or withdraw the request."""
    coaching = queries.coaching_for(request.hat, pk)
    actions.end_coaching(coaching=coaching, by=request.hat.member, at=clock.now())
    messages.success(request, _("Ended. What was shown closes on its own day, or when its maker takes it back."))
    return redirect("community:show_community")


def _done(request: HattedRequest, coaching: Coaching, act: Callable[[], object]) -> HttpResponse:
    """Do it, and back to their page; what cannot be done is said there."""
    try:
        act()
    except actions.CannotCoach as refusal:
        messages.warning(request, str(refusal))
    return redirect("community:coaching", coaching.pk)
