"""Showing an attempt, the spread of views that came, and taking it back."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.community import actions, queries
from shoshin.community.forms import ShowForm
from shoshin.community.models import Circle
from shoshin.kit import clock
from shoshin.kit.media.playing import plays_recordings
from shoshin.kit.policy import HattedRequest
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from shoshin.people.models import Membership

WITH = ("statement", "round__exercise__skill")


@plays_recordings
def show_attempt(request: HattedRequest, pk: int) -> HttpResponse:
    """To whom, with which question. What they will see stands beside it."""
    attempt, member, at = practice.attempt_for(request.hat, pk, *WITH), request.hat.member, clock.now()
    recording = practice.playable_of(attempt, at)
    whom, is_recorded = queries.colleagues_of(member), recording is not None
    form = ShowForm(request.POST or None, colleagues=whom, circles=_circles(request), is_recorded=is_recorded)
    if request.method == "POST" and form.is_valid():
        try:
            shown = actions.show_attempt(attempt=attempt, to=form.whom(), terms=form.terms(), by=member, at=at)
        except actions.CannotShow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Shown. You can take it back here at any time."))
            return redirect("community:spread", shown.pk)
    facts = {"attempt": attempt, "form": form, "criterion": queries.criterion_of(attempt), "recording": recording}
    return render(request, "community/show_attempt.html", facts | {"showable": queries.is_showable(attempt, at)})


def _circles(request: HattedRequest) -> "list[tuple[Circle, list[Membership]]]":
    """The circles with somebody else in them, each with those who would see it."""
    member = request.hat.member
    both = ((circle, queries.people_in(circle)) for circle in queries.circles_of(member))
    others = ((circle, [each for each in there if each.person_id != member.person_id]) for circle, there in both)
    return [(circle, there) for circle, there in others if there]


@plays_recordings
def show_spread(request: HattedRequest, pk: int) -> HttpResponse:
    """What I showed, and every view I have opened, each by its word and its name."""
    showing = queries.own_showing_for(request.hat, pk)
    at, spread = clock.now(), queries.spread_of(showing)
    facts = {
        "showing": showing,
        "criterion": queries.criterion_of(showing.attempt),
        "is_open": showing.taken_back_at is None and at < showing.ends_at,
        "recording": queries.recording_shown(showing, at),
        "spread": spread,
        "opened": any(word.reviews for word in spread),
        "waiting": queries.waiting_views(showing),
        "mostly": queries.mostly_from(request.hat.member),
    }
    return render(request, "community/spread.html", facts)


@require_POST
def open_views(request: HattedRequest, pk: int) -> HttpResponse:
    """Open the next view, or all of them."""
    showing = queries.own_showing_for(request.hat, pk)
    everything = request.POST.get("how") == "all"
    actions.open_views(showing=showing, everything=everything, by=request.hat.member, at=clock.now())
    return redirect("community:spread", showing.pk)


@require_POST
def take_back(request: HattedRequest, pk: int) -> HttpResponse:
    """Close it for everybody."""
    showing = queries.own_showing_for(request.hat, pk)
    actions.take_back(showing=showing, by=request.hat.member, at=clock.now())
    messages.success(request, _("Taken back. Nobody but you opens it now; the views that came stay with you."))
    return redirect("community:spread", showing.pk)
