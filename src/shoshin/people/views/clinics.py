"""The first run: an empty installation gets its clinic."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shoshin.kit import clock, row_security, setup_code
from shoshin.kit.action import OPERATOR
from shoshin.kit.policy import comes_from_this_machine
from shoshin.people import actions, queries
from shoshin.people.forms.clinics import FirstRunForm
from shoshin.people.forms.safety import SafetySheet
from shoshin.people.models import Membership
from shoshin.people.queries.clinics import unopened_ground
from shoshin.people.views.door import sign_in


def first_run(request: HttpRequest) -> HttpResponse:
    """Choose a region, check its numbers, make the clinic."""
    unopened_ground()
    region = queries.region(request.GET.get("region", ""))
    if region is None:
        return render(request, "people/choose_region.html", {"regions": queries.regions()})
    form = FirstRunForm(
        request.POST or None,
        needs_code=settings.REACHED_FROM_OUTSIDE or not comes_from_this_machine(request),
        initial={"time_zone": region.time_zone},
    )
    sheet = SafetySheet(region.safety, request.POST or None)
    if request.method == "POST" and all([form.is_valid(), sheet.is_valid()]):
        with row_security.acting_for(row_security.EVERY):  # there is no clinic yet to act for
            owner = _opened(form, sheet, clock.now())
        if owner is not None:
            setup_code.forget_code(settings.HOME)
            sign_in(request, owner)
            return redirect("/")
    return render(request, "people/first_run.html", {"form": form, "sheet": sheet, "region": region})


def no_clinic(request: HttpRequest) -> HttpResponse:
    """Somebody signed in who is in no clinic."""
    return render(request, "people/no_clinic.html")


def _opened(form: FirstRunForm, sheet: SafetySheet, at: datetime) -> Membership | None:
    given: dict[str, Any] = form.cleaned_data
    try:
        return actions.open_clinic(
            name=given["clinic"],
            owner_name=given["name"],
            email=given["email"],
            password=given["password"],
            time_zone=given["time_zone"],
            safety=sheet.safety(at.astimezone(ZoneInfo(given["time_zone"])).date()),
            by=OPERATOR,
            at=at,
        )
    except (actions.CannotOpenClinic, actions.CannotConfirmSafety) as refusal:
        form.add_error(None, str(refusal))
        return None
