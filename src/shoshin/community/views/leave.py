"""Days on which one does not work: they do not count towards the days since one last showed a practice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.community import actions, queries
from shoshin.community.forms import LeaveForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def mark_leave(request: HattedRequest) -> HttpResponse:
    """Where I stand as a coach, and my days away."""
    member, at = request.hat.member, clock.now()
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_leave(by=member, at=at, **form.cleaned_data)
        except actions.CannotCoach as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. These days do not count."))
            return redirect("community:mark_leave")
    facts = {"form": form, "leaves": queries.leaves_of(member), "standing": queries.standing_of(member, at)}
    return render(request, "community/mark_leave.html", facts)


@require_POST
def forget_leave(request: HattedRequest, pk: int) -> HttpResponse:
    """Take it out again."""
    leave = queries.leave_for(request.hat, pk)
    actions.forget_leave(leave=leave, by=request.hat.member, at=clock.now())
    return redirect("community:mark_leave")
