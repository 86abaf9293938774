"""Confirming the licence of a measure's wording."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.measures import actions, queries
from shoshin.measures.forms import ConfirmLicenceForm
from shoshin.measures.views.catalogue import version_for


def confirm_licence(request: Any, measure_id: str) -> HttpResponse:
    """One sentence and a person's word; wording that is installed comes in with it."""
    version, member = version_for(request, measure_id), request.hat.member
    card = queries.measure_card(version, member.clinic, get_language() or "en")
    statement = queries.licence_statement(version, get_language() or "en")
    form = ConfirmLicenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with_wording = {"version": version, "clinic": member.clinic, "by": member, "at": clock.now()}
            actions.confirm_licence(statement=statement, **with_wording)
        except actions.CannotConfirmLicence as refusal:
            form.add_error(None, str(refusal))
        else:
            actions.load_wording(
                folder=queries.wording_folder(), clinic=member.clinic, by=member, at=with_wording["at"]
            )
            messages.success(request, _("The licence of %(name)s is confirmed.") % {"name": card.facts.short})
            return redirect("measures:measure", measure_id)
    return render(request, "measures/confirm_licence.html", {"form": form, "card": card, "statement": statement})
