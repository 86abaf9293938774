"""Opening a record in an emergency, and the review that follows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import actions, queries
from shoshin.care.forms import OpenBreakGlassForm, ReviewBreakGlassForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest

OPENINGS_SHOWN = 50


def open_break_glass(request: HattedRequest) -> HttpResponse:
    """Who may open what, for how long, and what was opened before."""
    openings = queries.openings_of(request.hat)
    at = clock.now()
    form = OpenBreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_break_glass(by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotOpenBreakGlass as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.warning(request, _("The record is open for 60 minutes. The therapist is told."))
            return redirect("desk:look_in_emergency", opened.client.ref)
    facts = {
        "form": form,
        "waiting": openings.filter(reviewed_at=None),
        "reviewed": openings.exclude(reviewed_at=None)[:OPENINGS_SHOWN],
        "overdue": {each.pk for each in queries.overdue_reviews(request.hat, at)},
        "open_now": queries.clients_open_now(request.hat, at),
    }
    return render(request, "care/open_break_glass.html", facts)


def review_break_glass(request: HattedRequest, pk: int) -> HttpResponse:
    """Was it needed? Somebody else says so."""
    opened = queries.break_glass_for(request.hat, pk)
    form = ReviewBreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_break_glass(opened=opened, by=request.hat.member, at=clock.now(), **form.cleaned_data)
        except actions.CannotReviewBreakGlass as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The review is kept."))
            return redirect("care:open_break_glass")
    is_own = opened.opened_by.person_id == request.hat.member.person_id
    return render(request, "care/review_break_glass.html", {"form": form, "opened": opened, "is_own": is_own})
