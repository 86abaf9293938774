"""Bringing in a form: choose a file, look at what it brings, answer what is open, then store it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.measures import actions, queries
from shoshin.measures.forms import ImportMeasureForm, UploadForm
from shoshin.measures.forms.imports import NEW, packed
from shoshin.measures.models import MeasureVersion


def import_measure(request: Any) -> HttpResponse:
    """The upload, then its preview. Nothing changes before the last button."""
    upload = UploadForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if request.method == "POST" and upload.is_valid():
        return _preview(request, upload.cleaned_data["name"] or "form", upload.cleaned_data["content"])
    return render(request, "measures/import_measure.html", {"form": upload})


def _preview(request: Any, name: str, content: bytes) -> HttpResponse:
    clinic, proposal = request.hat.member.clinic, queries.proposal_from(name, content, queries.Choices())
    answered = request.POST if "target" in request.POST else None
    form = ImportMeasureForm(answered, proposal=proposal, skeletons=queries.skeleton_names(clinic))
    if form.is_valid():
        proposal = queries.proposal_from(name, content, form.choices())
        stored = _store(request, form, proposal) if "store" in request.POST else None
        if stored is not None:
            messages.success(request, _("%(name)s is here.") % {"name": queries.facts(stored).short})
            return redirect("measures:measure", stored.measure_id)
    facts = {"form": form, "proposal": proposal, "name": name, "packed": packed(content), "looked": form.is_bound}
    return render(request, "measures/look_at_measure.html", facts)


def _store(request: Any, form: ImportMeasureForm, proposal: queries.Proposal) -> MeasureVersion | None:
    """Store what is ready; say on the form what is not."""
    member, target = request.hat.member, form.cleaned_data["target"]
    statement = str(form.fields["terms"].label) if form.cleaned_data["terms"] else ""
    if not statement:
        form.add_error("terms", _("Nothing was stored. Confirm the terms, or go back."))
        return None
    if target == NEW and _left_open(form, proposal):
        return None
    known = None if target == NEW else queries.measure_version(target, clinic=member.clinic)
    try:
        return actions.import_measure(
            proposal=proposal,
            statement=statement,
            clinic=member.clinic,
            wording_for=known,
            by=member,
            at=clock.now(),
        )
    except (actions.CannotImportMeasure, actions.CannotAddWording) as refusal:
        form.add_error(None, str(refusal).splitlines())
        return None


def _left_open(form: ImportMeasureForm, proposal: queries.Proposal) -> bool:
    """Say beside each question that is still open that it is."""
    if proposal.asks_direction:
        form.add_error("direction", _("Say which it is: the file does not, and a chart needs to know."))
    if proposal.asks_risk:
        form.add_error("risk", _("Mark the items, or “none of them”."))
    unnamed = "short" in form.fields and not form.cleaned_data["short"]
    if unnamed:
        form.add_error("short", _("Give it a short name, as it will stand on charts and lists."))
    return proposal.asks_direction or proposal.asks_risk or unnamed
