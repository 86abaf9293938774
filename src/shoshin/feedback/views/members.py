"""A colleague leaves: handing their clients over, then ending the membership."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.care import queries as care
from shoshin.feedback import actions
from shoshin.feedback.forms.members import HandOverForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.people import queries as people


def end_membership(request: HattedRequest, pk: int) -> HttpResponse:
    """What ending means, what stands in its way, and the button."""
    member = people.colleague_for(request.hat.member, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.end_membership(member=member, by=request.hat.member, at=clock.now())
        except actions.CannotEndMembership as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("%(name)s’s membership has ended.") % {"name": member.person.name})
            return redirect("people:list_members")
    facts = {"member": member, "problem": problem, "held": care.number_held(member)}
    return render(request, "feedback/end_membership.html", facts, status=422 if problem else 200)


def hand_over_clients(request: HattedRequest, pk: int) -> HttpResponse:
    """Choose who holds a colleague's clients from now on. Their codes are not shown: they are not the owner's."""
    member = people.colleague_for(request.hat.member, pk)
    form = HandOverForm(request.POST or None, others=people.therapists_of(member.clinic).exclude(pk=member.pk))
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            count = actions.hand_over_clients(member=member, to=to, by=request.hat.member, at=clock.now())
        except actions.CannotHandOver as refusal:
            form.add_error(None, str(refusal))
        else:
            said = ngettext("%(name)s now holds one client more.", "%(name)s now holds %(count)d clients more.", count)
            messages.success(request, said % {"name": to.person.name, "count": count})
            return redirect("feedback:end_membership", member.pk)
    facts = {"member": member, "form": form, "held": care.number_held(member)}
    return render(request, "feedback/hand_over_clients.html", facts)
