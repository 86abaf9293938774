"""Measures about oneself, monthly at most."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.measures import queries as measures
from shoshin.welfare import actions, queries
from shoshin.welfare.forms import OwnMeasureForm


def list_own_measures(request: HattedRequest) -> HttpResponse:
    """Which there are, which wait for their wording, and what was filled in so far."""
    member, at, language = request.hat.member, clock.now(), get_language() or "en"
    facts = {"own": queries.own_measures(member, language, at), "filled": queries.filled_measures(member, language, at)}
    return render(request, "welfare/list_own_measures.html", facts | {"kindly": queries.doubting(member, at)})


def fill_own_measure(request: HattedRequest, measure_id: str) -> HttpResponse:
    """The measure as it is worded; without wording, how it gets one."""
    member, language = request.hat.member, get_language() or "en"
    own = queries.own_measure_for(request.hat, measure_id, language)
    worded = measures.form_for(own.version, language, member.clinic)
    facts: dict[str, Any] = {"own": own, "worded": worded}
    if worded is None or own.opens_on is not None:
        return render(request, "welfare/fill_own_measure.html", facts)
    form = OwnMeasureForm(worded, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answers = form.answers()
            actions.fill_own_measure(member=member, version=own.version, answers=answers, by=member, at=clock.now())
        except actions.CannotFillOwnMeasure as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept, for you alone."))
            return redirect("welfare:list_own_measures")
    return render(request, "welfare/fill_own_measure.html", facts | {"form": form})
