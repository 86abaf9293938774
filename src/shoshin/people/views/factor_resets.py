"""A lost second factor: one lead asks, another confirms."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.people import actions, queries
from shoshin.people.forms.factor_resets import AskFactorResetForm


def ask_factor_reset(request: HattedRequest) -> HttpResponse:
    """Who could be helped, what waits, and what a clinic with a single lead does instead."""
    member, at = request.hat.member, clock.now()
    colleagues = queries.people_to_help(member)
    form = AskFactorResetForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_factor_reset(by=member, at=at, **form.cleaned_data)
        except actions.CannotResetFactor as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("This is asked. Another lead or the owner confirms it within 24 hours."))
            return redirect("people:ask_factor_reset")
    facts = {
        "form": form,
        "waiting": queries.open_resets(member.clinic, at),
        "leads_alone": not queries.leads_beside(member.clinic, member.person_id),
        "anybody": colleagues.exists(),
    }
    return render(request, "people/ask_factor_reset.html", facts, status=422 if form.errors else 200)


def confirm_factor_reset(request: HattedRequest, pk: int) -> HttpResponse:
    """Who asks, about whom and why; the second person says yes."""
    member, at, problem = request.hat.member, clock.now(), ""
    asked = queries.reset_for(member, pk)
    if request.method == "POST":
        try:
            actions.confirm_factor_reset(asked=asked, by=member, at=at)
        except actions.CannotResetFactor as refusal:
            problem = str(refusal)
        else:
            said = _("%(name)s has no second factor now and is signed out everywhere. They are told by mail.")
            messages.success(request, said % {"name": asked.member.person.name})
            return redirect("people:ask_factor_reset")
    facts = {
        "asked": asked,
        "problem": problem,
        "waits": queries.open_resets(member.clinic, at).filter(pk=pk).exists(),
        "is_mine": queries.resets_to_confirm(member, at).filter(pk=pk).exists(),
    }
    return render(request, "people/confirm_factor_reset.html", facts, status=422 if problem else 200)


def withdraw_factor_reset(request: HattedRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    asked = queries.reset_for(request.hat.member, pk)
    try:
        actions.withdraw_factor_reset(asked=asked, by=request.hat.member, at=clock.now())
    except actions.CannotResetFactor as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The request is taken back. Nothing was changed."))
    return redirect("people:ask_factor_reset")
