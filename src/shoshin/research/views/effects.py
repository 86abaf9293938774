"""My clients' results, for my eyes; shown to one person if I like; and a clinic's share, in which nobody is found."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.kit import chain, clock
from shoshin.kit.policy import READ, HattedRequest
from shoshin.kit.record import is_key
from shoshin.research import actions, queries


def own_results(request: HattedRequest) -> HttpResponse:
    """What my own closed courses can tell, what they cannot, and whom I show it to."""
    results, at, member = queries.results_of(request.hat.member), clock.now(), request.hat.member
    given = queries.view_given(member, at)
    facts: dict[str, Any] = {"results": results, "given": given, "received": queries.views_received(member, at)}
    facts["colleagues"] = [] if given else queries.people_to_show(member)
    return render(request, "research/own_results.html", facts)


@require_POST
def show_results(request: HattedRequest) -> HttpResponse:
    """Show them to one colleague for 30 days."""
    chosen, mine = request.POST.get("to", ""), queries.people_to_show(request.hat.member)
    to = next((each for each in mine if is_key(chosen) and each.pk == int(chosen)), None)
    try:
        if to is None:
            raise actions.CannotShow(_("Choose a colleague who decides nothing about you."))
        view = actions.show_results(to=to, by=request.hat.member, at=clock.now())
    except actions.CannotShow as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(name)s sees your results for 30 days.") % {"name": view.shown_to})
    return redirect("research:own_results")


@require_POST
def take_back_results(request: HattedRequest, pk: int) -> HttpResponse:
    """Take it back at once."""
    view = queries.own_view_for(request.hat, pk)
    actions.take_back_results(view=view, by=request.hat.member, at=clock.now())
    messages.success(request, _("Taken back. Nobody but you opens it now."))
    return redirect("research:own_results")


def shown_results(request: HattedRequest, pk: int) -> HttpResponse:
    """One colleague's results, shown by them. That it was opened is written down before it is shown."""
    view, at = queries.shown_view_for(request.hat, pk, clock.now()), clock.now()
    actor, about = request.hat.member.actor, {"view": str(view.pk)}
    chain.remember(
        [chain.Entry(at, actor.kind, actor.id, f"{READ}research:shown_results", view.clinic_id, None, about)]
    )
    facts = {"view": view, "results": queries.results_of(view.member)}
    return render(request, "research/shown_results.html", facts)


def clinic_results(request: HattedRequest) -> HttpResponse:
    """How much results differ between therapists: a share with its interval, and no person."""
    results = queries.clinic_results(request.hat)
    return render(request, "research/clinic_results.html", {"results": results})
