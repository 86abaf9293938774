"""Two minutes of kindness, and the two lines."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.welfare import actions, queries
from shoshin.welfare.forms import LinesForm


def take_pause(request: HattedRequest) -> HttpResponse:
    """A few calm steps to read. Nothing is kept unless the person asks for it."""
    member = request.hat.member
    if request.method == "POST":
        if request.POST.get("keep"):
            actions.take_pause(member=member, by=member, at=clock.now())
            messages.success(request, _("Kept that you took a pause, and nothing else."))
        return redirect("welfare:show_welfare")
    return render(request, "welfare/take_pause.html", {"trusted": queries.trusted_person(member)})


def mark_lines(request: HattedRequest) -> HttpResponse:
    """How steady, how close: one mark, and both lines so far."""
    member, at = request.hat.member, clock.now()
    form = LinesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_lines(member=member, by=member, at=at, **form.cleaned_data)
        except actions.CannotMarkLines as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept, for you alone."))
            return redirect("welfare:mark_lines")
    return render(request, "welfare/mark_lines.html", {"form": form, "lines": queries.lines_page(member, at)})
