"""How am I? The page it all hangs on, the daily check, and going easier."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.welfare import actions, queries
from shoshin.welfare.forms import CapacityForm


def show_welfare(request: HattedRequest) -> HttpResponse:
    """Today, the last weeks, what it changes this week, and everything one tap away."""
    return render(request, "welfare/show_welfare.html", {"page": queries.welfare_page(request.hat.member, clock.now())})


def check_capacity(request: HattedRequest) -> HttpResponse:
    """How much is in me today, and what it comes from."""
    member, at = request.hat.member, clock.now()
    form = CapacityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.check_capacity(member=member, by=member, at=at, **form.check())
        except actions.CannotCheckCapacity as refusal:
            form.add_error(None, str(refusal))
        else:
            if any(mark is not None for mark in form.marks().values()):
                actions.mark_lines(member=member, by=member, at=at, **form.marks())
            messages.success(request, _("Kept, for you alone."))
            return redirect("welfare:show_welfare")
    return render(request, "welfare/check_capacity.html", {"form": form})


def forget_check(request: HattedRequest, pk: int) -> HttpResponse:
    """Delete one check."""
    check = queries.check_for(request.hat, pk)
    actions.forget_check(check=check, by=request.hat.member, at=clock.now())
    messages.success(request, _("The check is deleted."))
    return redirect("welfare:show_welfare")


def ease_off(request: HattedRequest) -> HttpResponse:
    """Go easier for a week."""
    member = request.hat.member
    try:
        actions.ease_off(member=member, colour=request.POST.get("colour", ""), by=member, at=clock.now())
    except actions.CannotEaseOff as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Easier for a week. You can end it at any time."))
    return redirect("welfare:show_welfare")


def stop_easing_off(request: HattedRequest) -> HttpResponse:
    """Back to what the figures say."""
    member = request.hat.member
    actions.stop_easing_off(member=member, by=member, at=clock.now())
    messages.success(request, _("Your own wish to go easier has ended."))
    return redirect("welfare:show_welfare")
