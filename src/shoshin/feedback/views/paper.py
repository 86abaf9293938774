"""What was filled in on paper, and putting a slip right: always as a new version, the earlier one stays."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.feedback.actions import responses as filing
from shoshin.feedback.forms.paper import CorrectionForm, PaperForm
from shoshin.feedback.models import Response
from shoshin.feedback.models.responses import Source
from shoshin.feedback.queries import forms as sheets
from shoshin.feedback.queries import offers, responses
from shoshin.feedback.queries.trajectories import hidden_responses
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Course
    from shoshin.measures.models import MeasureVersion


def enter_paper(request: HattedRequest, ref: str, measure_id: str) -> HttpResponse:
    """Type in a form from paper, in full or its total alone."""
    client = care.client_for(request.hat, ref)
    course = care.open_course(client)
    if course is None:
        return redirect("feedback:send_measure", client.ref)
    version = _measure(course, measure_id)
    form = _paper_form(request, course, version)
    if request.method == "POST" and form.is_valid():
        try:
            response = _file(request, course, version, form)
        except filing.CannotRecordResponse as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Filed, reference %(reference)s.") % {"reference": response.reference})
            return redirect("desk:client", client.ref)
    facts = {"client": client, "form": form, "facts": measures.facts(version), "sheet": form.sheet}
    return render(request, "feedback/enter_paper.html", facts, status=422 if form.errors else 200)


def correct_response(request: HattedRequest, reference: str) -> HttpResponse:
    """A new version with a reason; every earlier version stays on the page."""
    response = responses.response_for(request.hat, reference)
    if hidden_responses([response.client]).filter(pk=response.pk).exists():
        return redirect("desk:client", response.client.ref)
    form = _correction_form(request, response)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = filing.correct_response(
                response=response,
                answers=form.answers(),
                totals=form.totals(),
                because=form.cleaned_data["because"],
                by=request.hat.member,
                at=clock.now(),
            )
        except filing.CannotCorrectResponse as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. The earlier version stays visible."))
            return redirect("feedback:correct_response", corrected.reference)
    return _correction_page(request, response, form)


def _file(request: HattedRequest, course: "Course", version: "MeasureVersion", form: PaperForm) -> Response:
    return filing.record_response(
        course=course,
        version=version,
        answers=form.answers(),
        totals=form.totals(),
        key=form.cleaned_data["key"],
        source=Source.PAPER,
        answered_on=form.cleaned_data["answered_on"],
        appointment=form.chosen_appointment(),
        by=request.hat.member,
        at=clock.now(),
    )


def _correction_form(request: HattedRequest, response: Response) -> CorrectionForm:
    return CorrectionForm(
        sheets.sheet_for(response.version, get_language() or "en", response.clinic),
        measures.facts(response.version).primary,
        request.POST or None,
        answers=response.answers,
        totals=response.totals,
    )


def _paper_form(request: HattedRequest, course: "Course", version: "MeasureVersion") -> PaperForm:
    at = clock.now()
    return PaperForm(
        sheets.sheet_for(version, get_language() or "en", course.clinic),
        measures.facts(version).primary,
        request.POST or None,
        appointments=list(offers.paper_appointments(course, at)),
        today=timezone.localdate(at),
    )


def _measure(course: "Course", measure_id: str) -> "MeasureVersion":
    found = [version for version in offers.client_measures(course) if version.measure_id == measure_id]
    if not found:
        raise Http404("No such measure here.")
    return found[0]


def _correction_page(request: HattedRequest, response: Response, form: CorrectionForm) -> HttpResponse:
    facts = {
        "client": response.client,
        "response": response,
        "form": form,
        "facts": measures.facts(response.version),
        "latest": responses.is_latest(response),
        "versions": [_version_row(form, each) for each in responses.versions_of(response)],
    }
    return render(request, "feedback/correct_response.html", facts, status=422 if form.errors else 200)


def _version_row(form: CorrectionForm, version: Response) -> dict[str, Any]:
    """One version as it was filed: each answer by its question, or the total alone."""
    given = [
        (question, version.answers[question.item.id])
        for question in form.sheet.questions
        if question.item.id in version.answers
    ]
    return {"version": version, "given": given, "totals": version.totals}
