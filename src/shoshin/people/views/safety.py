"""The safety numbers: for everybody to read, for the owner to confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.people import actions, queries
from shoshin.people.forms.safety import SafetySheet


def safety(request: HttpRequest) -> HttpResponse:
    """Where to turn to now, without signing in."""
    return render(request, "people/safety.html", {"safety": queries.safety_for(None)})


def confirm_safety(request: Any) -> HttpResponse:
    """The owner confirms the clinic's numbers again, or mends them."""
    clinic = request.member.clinic
    sheet = SafetySheet(queries.safety_for(clinic), request.POST or None)
    if request.method == "POST" and sheet.is_valid():
        at = clock.now()
        try:
            actions.confirm_safety(safety=sheet.safety(timezone.localdate(at)), by=request.member, at=at)
        except actions.CannotConfirmSafety as refusal:
            sheet.form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The numbers are confirmed. Your clients see them from now on."))
            return redirect("people:confirm_safety")
    return render(request, "people/confirm_safety.html", {"sheet": sheet, "clinic": clinic})
