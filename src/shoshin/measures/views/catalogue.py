"""The list of measures, the page of one, and its form as a file."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.measures import queries
from shoshin.measures.models import MeasureVersion


def list_measures(request: Any) -> HttpResponse:
    """Every measure with its licence, wording, cut-off and reliable change."""
    cards = queries.measure_cards(request.hat.member.clinic, _language())
    unfetched = [card.facts.short for card in cards if card.waits_to_be_fetched]
    facts = {"cards": cards, "unfetched": unfetched, "owner": request.hat.member.is_owner}
    return render(request, "measures/list_measures.html", facts)


def measure(request: Any, measure_id: str) -> HttpResponse:
    """Everything known of one measure, each figure with its source."""
    version = version_for(request, measure_id)
    card = queries.measure_card(version, request.hat.member.clinic, _language())
    heads = {
        "norm_head": [_("Population"), _("Mean (SD)"), _("People"), _("Source")],
        "item_head": [_("Item"), _("About"), _("Role")],
    }
    unfetched = [card.facts.short] if card.waits_to_be_fetched else []
    facts = {"card": card, "unfetched": unfetched, "owner": request.hat.member.is_owner, **heads}
    return render(request, "measures/measure.html", facts)


def export_measure(request: Any, measure_id: str) -> HttpResponse:
    """The form as a FHIR R4 Questionnaire, worded where it may be shown."""
    version = version_for(request, measure_id)
    resource = queries.fhir_questionnaire(version, _language(), request.hat.member.clinic)
    if resource is None:
        raise Http404("A measure known by its totals only has no form.")
    name = f"{version.measure_id}-{version.version}.fhir.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(resource, json_dumps_params={"indent": 2, "ensure_ascii": False}, headers=headers)


def version_for(request: Any, measure_id: str) -> MeasureVersion:
    """The version this clinic uses; 404 for any other."""
    try:
        return queries.measure_version(measure_id, clinic=request.hat.member.clinic)
    except queries.CannotFindMeasure as refusal:
        raise Http404(str(refusal)) from None


def _language() -> str:
    return get_language() or "en"
