"""The client's form: a link, one sheet of questions, and a receipt. No sign-in, and a link never reads answers."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override

from shoshin.feedback.actions.assignments import CannotStartForm, put_off_form
from shoshin.feedback.actions.assignments import decline_form as decline
from shoshin.feedback.actions.assignments import start_form as begin
from shoshin.feedback.actions.drafts import CannotSaveDraft
from shoshin.feedback.actions.drafts import save_draft as keep_draft
from shoshin.feedback.actions.responses import CannotRecordResponse, record_response
from shoshin.feedback.forms.client_form import ClientForm
from shoshin.feedback.models.assignments import AssignmentState
from shoshin.feedback.queries import forms as sheets
from shoshin.feedback.queries.readers import reading_appointment, reading_line
from shoshin.feedback.views.form_key import FormKey, give_key, key_in, new_key, take_key
from shoshin.kit import clock
from shoshin.kit.action import Actor
from shoshin.measures import queries as measures
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.feedback.models import Assignment

LARGEST_DRAFT = 64 * 1024


def start_form(request: HttpRequest, token: str) -> HttpResponse:
    """A neutral door: looking changes nothing, and says nothing about anybody."""
    at = clock.now()
    assignment = sheets.linked_form(token, at)
    if assignment is None:
        return closed_page(request)
    if request.method != "POST":
        return render(request, "feedback/start_form.html")
    key = key_in(request, at)
    if key is None or sheets.fingerprint(key.secret) != assignment.form_hash:
        try:
            key = new_key(begin(assignment=assignment, by=_client(assignment), at=at), at)
        except CannotStartForm:
            return closed_page(request)
    return give_key(_see_other("feedback:form"), key, at)


def form(request: HttpRequest) -> HttpResponse:
    """The sheet of questions, and sending it."""
    at = clock.now()
    key = key_in(request, at)
    assignment = sheets.begun_form(key.secret if key else "")
    if key is None or assignment is None or not sheets.takes_answers(assignment):
        return closed_page(request)
    sheet = sheets.sheet_for(assignment.version, assignment.language, assignment.clinic)
    if request.method == "POST":
        return _take_answers(request, assignment, sheet, key, at)
    if assignment.state == AssignmentState.DONE:
        return _see_other("feedback:form_received")
    draft = sheets.kept_draft(assignment, at)
    filled = ClientForm(sheet, answers=draft.answers if draft else {})
    return _sheet_page(request, assignment, filled, key, at, seq=draft.seq if draft else 0)


def _take_answers(
    request: HttpRequest, assignment: "Assignment", sheet: sheets.Sheet, key: FormKey, at: datetime
) -> HttpResponse:
    if request.POST.get("what") == "next":
        return _go_on(assignment, key, at)
    filled = ClientForm(sheet, request.POST)
    if not filled.is_valid():
        return _sheet_page(request, assignment, filled, key, at, status=422)
    if request.POST.get("what") == "later":
        return _put_off(request, assignment, filled, key, at)
    gaps = filled.open_numbers()
    if gaps and "gaps-seen" not in request.POST:
        return _sheet_page(request, assignment, filled, key, at, gaps=gaps)
    try:
        _file(assignment, filled.answers(), at)
    except CannotRecordResponse as problem:
        return _sheet_page(request, assignment, filled, key, at, problem=str(problem), status=422)
    return _see_other("feedback:form_received")


def _go_on(assignment: "Assignment", key: FormKey, at: datetime) -> HttpResponse:
    """The next form of the same asking, in the same browser."""
    following = sheets.next_together(assignment, at)
    if following is None:
        return _see_other("feedback:form_received")
    secret = begin(assignment=following, by=_client(following), at=at)
    return give_key(_see_other("feedback:form"), new_key(secret, at, key.on_device), at)


def _file(assignment: "Assignment", answers: dict[str, Any], at: datetime) -> None:
    zone = ZoneInfo(assignment.clinic.time_zone)
    record_response(
        course=assignment.course,
        version=assignment.version,
        answers=answers,
        key=sheets.key_of(assignment),
        source=assignment.way,
        answered_on=at.astimezone(zone).date(),
        by=_client(assignment),
        at=at,
        assignment=assignment,
        appointment=assignment.appointment,
    )


def _put_off(
    request: HttpRequest, assignment: "Assignment", filled: ClientForm, key: FormKey, at: datetime
) -> HttpResponse:
    """Not now: kept for this browser, but never on the therapist's own device."""
    if assignment.state == AssignmentState.DONE:
        return _see_other("feedback:form_received")
    actor = _client(assignment)
    keep_draft(assignment=assignment, answers=filled.answers(), seq=None, by=actor, at=at)
    if key.on_device:
        put_off_form(assignment=assignment, by=actor, at=at)
    marked = sheets.marks_safety(assignment.version, filled.answers())
    facts = {"readable_until": at + sheets.IDLE, "marked": marked}
    return client_page(request, assignment, "feedback/form_put_off.html", key, at, facts)


def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep the answers so far, sent by the page's own script."""
    at = clock.now()
    key = key_in(request, at)
    assignment = sheets.begun_form(key.secret if key else "")
    if key is None or assignment is None:
        return JsonResponse({"saved": False}, status=404)
    sheet = sheets.sheet_for(assignment.version, assignment.language, assignment.clinic)
    try:
        given, seq = _draft_in(request)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return JsonResponse({"saved": False}, status=400)
    filled = ClientForm(sheet, given)
    filled.is_valid()
    try:
        keep_draft(assignment=assignment, answers=filled.answers(), seq=seq, by=_client(assignment), at=at)
    except CannotSaveDraft:
        return JsonResponse({"saved": False}, status=409)
    return give_key(JsonResponse({"saved": True, "seq": seq}), key, at)


def _draft_in(request: HttpRequest) -> tuple[dict[str, str], int]:
    """The names and values of a draft, and its place in the browser's order."""
    if len(request.body) > LARGEST_DRAFT:
        raise ValueError("too long")
    said = json.loads(request.body)
    given = {_readable(name): _readable(value) for name, value in said["answers"].items()}
    seq = int(said["seq"])
    if not 0 <= seq < 2**53:
        raise ValueError("no place in an order")
    return given, seq


def _readable(value: Any) -> str:
    """Text that a page and a database can hold: half of a character pair and NUL are neither."""
    return str(value).encode("utf-8", "replace").decode().replace("\x00", "")


def decline_form(request: HttpRequest) -> HttpResponse:
    """No, thank you: everything saved is deleted, and the page says so."""
    at = clock.now()
    key = key_in(request, at)
    assignment = sheets.begun_form(key.secret if key else "")
    if key is None or assignment is None or assignment.state != AssignmentState.BEGUN:
        return closed_page(request)
    marked = assignment.alerts.exists()
    decline(assignment=assignment, by=_client(assignment), at=at)
    return take_key(client_page(request, assignment, "feedback/decline_form.html", key, at, {"marked": marked}))


def form_received(request: HttpRequest) -> HttpResponse:
    """The receipt, for the browser that sent: a reference and thanks, no answer and no score."""
    at = clock.now()
    key = key_in(request, at)
    assignment = sheets.begun_form(key.secret if key else "")
    response = assignment.responses.order_by("received_at", "pk").last() if assignment else None
    if key is None or assignment is None or response is None:
        return closed_page(request)
    facts = {
        "reference": response.reference,
        "received_at": response.received_at,
        "marked": sheets.marks_safety(response.version, response.answers),
        "another": sheets.next_together(assignment, at),
    }
    return client_page(request, assignment, "feedback/form_received.html", key, at, facts)


def closed_page(request: HttpRequest) -> HttpResponse:
    """The one page for a link unknown, expired, used or revoked: the same bytes, so that it tells nothing."""
    return render(request, "feedback/closed_form.html", {"safety": people.safety_for(None)}, status=404)


def _sheet_page(
    request: HttpRequest,
    assignment: "Assignment",
    filled: ClientForm,
    key: FormKey,
    at: datetime,
    status: int = 200,
    **facts: Any,
) -> HttpResponse:
    facts |= {"form": filled, "sheet": filled.sheet, "expires_at": assignment.expires_at}
    return client_page(request, assignment, "feedback/form.html", key, at, facts, status=status)


def client_page(
    request: HttpRequest,
    assignment: "Assignment",
    template: str,
    key: FormKey,
    at: datetime,
    facts: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page of the form, in the form's language and on the clinic's clock, with who reads it and safety numbers."""
    client = assignment.client
    with override(assignment.language), timezone.override(ZoneInfo(client.clinic.time_zone)):
        after = measures.facts(assignment.version).asked_after
        appointment = reading_appointment(client, assignment.appointment, at, asked_after=after)
        facts |= {
            "reading": reading_line(client, appointment, at),
            "safety": people.safety_for(client.clinic),
            "on_device": key.on_device,
            "expires_at": assignment.expires_at,
        }
        return give_key(render(request, template, facts, status=status), key, at)


def _client(assignment: "Assignment") -> Actor:
    return Actor("client", str(assignment.client_id), assignment.clinic_id)


def _see_other(name: str) -> HttpResponse:
    response = redirect(name)
    response.status_code = 303
    return response
