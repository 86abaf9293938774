"""Circles: begun, joined and left by those in them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.community import actions, queries
from shoshin.community.forms import CircleForm, InviteForm
from shoshin.community.models import Circle
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def make_circle(request: HattedRequest) -> HttpResponse:
    """A name, and whom to ask."""
    member = request.hat.member
    form = CircleForm(request.POST or None, colleagues=queries.colleagues_of(member))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_circle(
                name=form.cleaned_data["name"], colleagues=form.chosen(), by=member, at=clock.now()
            )
        except actions.CannotGather as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Begun. Those you asked see it on their own page."))
            return redirect("community:circle", made.pk)
    return render(request, "community/make_circle.html", {"form": form})


def show_circle(request: HattedRequest, pk: int) -> HttpResponse:
    """Who is in it, who is asked, and the way out."""
    circle = queries.circle_for(request.hat, pk)
    form = InviteForm(colleagues=_still_free(request, circle))
    joined, asked = queries.people_in(circle), queries.people_in(circle, joined=False)
    facts = {"circle": circle, "joined": joined, "asked": asked, "form": form, "largest": queries.LARGEST}
    return render(request, "community/circle.html", facts)


def _still_free(request: HattedRequest, circle: Circle) -> list:
    there = {each.person_id for joined in (True, False) for each in queries.people_in(circle, joined=joined)}
    if len(there) >= queries.LARGEST:
        return []
    return [each for each in queries.colleagues_of(request.hat.member) if each.person_id not in there]


@require_POST
def invite_to_circle(request: HattedRequest, pk: int) -> HttpResponse:
    """Ask one more."""
    circle = queries.circle_for(request.hat, pk)
    form = InviteForm(request.POST, colleagues=_still_free(request, circle))
    try:
        if not form.is_valid():
            raise actions.CannotGather(_("Choose a colleague who is not in this circle yet. Nothing was changed."))
        actions.invite_to_circle(circle=circle, colleague=form.chosen(), by=request.hat.member, at=clock.now())
    except actions.CannotGather as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Asked. It is theirs to say yes or no."))
    return redirect("community:circle", circle.pk)


@require_POST
def leave_circle(request: HattedRequest, pk: int) -> HttpResponse:
    """Leave at once."""
    circle = queries.circle_for(request.hat, pk)
    actions.leave_circle(circle=circle, by=request.hat.member, at=clock.now())
    messages.success(request, _("You have left this circle."))
    return redirect("community:show_community")


@require_POST
def join_circle(request: HattedRequest, pk: int) -> HttpResponse:
    """Take one's place."""
    place = queries.place_for(request.hat, pk)
    actions.join_circle(place=place, by=request.hat.member, at=clock.now())
    messages.success(request, _("You are in."))
    return redirect("community:circle", place.circle_id)


@require_POST
def refuse_circle(request: HattedRequest, pk: int) -> HttpResponse:
    """Not now, without a reason."""
    place = queries.place_for(request.hat, pk)
    actions.refuse_circle(place=place, by=request.hat.member, at=clock.now())
    messages.success(request, _("Fine. Nobody is told why."))
    return redirect("community:show_community")
