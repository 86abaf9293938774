"""The one person to talk to when it is heavy."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.welfare import actions, queries
from shoshin.welfare.forms import TrustedForm


def name_trusted_person(request: HattedRequest) -> HttpResponse:
    """Name one person, or change who it is."""
    member, trusted = request.hat.member, queries.trusted_person(request.hat.member)
    initial = {"name": trusted.name, "reached": trusted.reached} if trusted else None
    form = TrustedForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_trusted_person(member=member, by=member, at=clock.now(), **form.cleaned_data)
        except actions.CannotNameTrustedPerson as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Kept, for you alone."))
            return redirect("welfare:show_welfare")
    return render(request, "welfare/name_trusted_person.html", {"form": form, "trusted": trusted})


def forget_trusted_person(request: HattedRequest) -> HttpResponse:
    """Delete the name."""
    member = request.hat.member
    actions.forget_trusted_person(member=member, by=member, at=clock.now())
    messages.success(request, _("The name is deleted."))
    return redirect("welfare:show_welfare")
