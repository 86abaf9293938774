"""The client's form: a link, one sheet of questions, and a receipt. No sign-in, and a link never reads answers."""

import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override

from shoshin.care import queries as care
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
from shoshin.kit.limits import SPAN, Limit, count_wrong_try
from shoshin.kit.policy import Hat, HattedRequest
from shoshin.measures import queries as measures
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.feedback.models import Assignment

LARGEST_DRAFT = 64 * 1024
PAGE_BYTES = 24  # of chance in each page of the door
WRONG_LINKS = Limit("form-links")


def start_form(request: HttpRequest, token: str) -> HttpResponse:
    """A neutral door: looking changes nothing, and says nothing about anybody."""
    at = clock.now()
    assignment = sheets.linked_form(token, at)
    if assignment is None:
        return _wrong_link(request, at)
    if request.method != "POST":
        return render(request, "feedback/start_form.html", {"page": secrets.token_urlsafe(PAGE_BYTES)})
    key = key_in(request, at)
    if key is None or sheets.fingerprint(key.secret) != assignment.form_hash:
        try:
            page = request.POST.get("page", "")
            key = new_key(begin(assignment=assignment, by=_client(assignment), at=at, page=page), at)
        except CannotStartForm:
            return _wrong_link(request, at)
    return give_key(_see_other("feedback:form"), key, at)


def _wrong_link(request: HttpRequest, at: datetime) -> HttpResponse:
    """The closed page; after very many wrong links the same page, with a time to wait. Right links never come here."""
    if not count_wrong_try(WRONG_LINKS, request, at):
        return closed_page(request)
    response = closed_page(request, status=429)
    response["Retry-After"] = str(int(SPAN.total_seconds()))
    return response


def form(request: HattedRequest) -> HttpResponse:
    """The sheet of questions, and sending it."""
    at = clock.now()
    key = key_in(request, at)
    assignment = sheets.begun_form(key.secret if key else "")
    if key is None or assignment is None or not sheets.takes_answers(assignment):
        return closed_page(request)
    if not _is_its_page(request, assignment):
        return closed_page(request)
    if request.method == "POST":
        return _take_answers(request, assignment, key, at)
    if assignment.state == AssignmentState.DONE:
        return _see_other("feedback:form_received")
    draft = sheets.kept_draft(assignment, at)
    if draft is not None:
        request.hat = Hat(None, reader=_client(assignment))
        request.hat.saw(assignment.client_id)
    filled = ClientForm(_worded(assignment), answers=draft.answers if draft else {})
    return _sheet_page(request, assignment, filled, key, at, seq=draft.seq if draft else 0)


def _is_its_page(request: HttpRequest, assignment: "Assignment") -> bool:
    """Whether a post is from a page of the form this browser began last: an older page may still be open beside it."""
    label = sheets.label_of(assignment)
    return request.POST.get("label", label) == label


def _worded(assignment: "Assignment") -> sheets.Sheet:
    return sheets.sheet_for(assignment.version, assignment.language, assignment.clinic)


def _take_answers(request: HttpRequest, assignment: "Assignment", key: FormKey, at: datetime) -> HttpResponse:
    if request.POST.get("what") == "next":
        return _go_on(assignment, key, at)
    filled = ClientForm(sheets.bare_sheet(assignment.version, assignment.language), request.POST)
    if not filled.is_valid():
        return _asked_again(request, assignment, key, at, status=422)
    if request.POST.get("what") == "later":
        return _put_off(request, assignment, filled, key, at)
    gaps = filled.open_numbers()
    if gaps and "gaps-seen" not in request.POST:
        return _asked_again(request, assignment, key, at, gaps=gaps)
    try:
        _file(assignment, filled.answers(), at)
    except CannotRecordResponse as problem:
        return _asked_again(request, assignment, key, at, problem=str(problem), status=422)
    return _see_other("feedback:form_received")


def _asked_again(
    request: HttpRequest, assignment: "Assignment", key: FormKey, at: datetime, **facts: Any
) -> HttpResponse:
    """The sheet with what was given, and what is missing or wrong in it."""
    return _sheet_page(request, assignment, ClientForm(_worded(assignment), request.POST), key, at, **facts)


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
    actor = _client(assignment)
    if keep_draft(assignment=assignment, answers=filled.answers(), seq=None, by=actor, at=at) is None:
        return _see_other("feedback:form_received")
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
    try:
        given, seq, label = _draft_in(request)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return JsonResponse({"saved": False}, status=400)
    if label not in ("", sheets.label_of(assignment)):
        return JsonResponse({"saved": False}, status=409)
    filled = ClientForm(sheets.bare_sheet(assignment.version, assignment.language), given)
    filled.is_valid()
    try:
        kept = keep_draft(assignment=assignment, answers=filled.answers(), seq=seq, by=_client(assignment), at=at)
    except CannotSaveDraft:
        kept = None
    if kept is None:
        return JsonResponse({"saved": False}, status=409)
    return give_key(JsonResponse({"saved": True, "seq": seq}), key, at)


def _draft_in(request: HttpRequest) -> tuple[dict[str, str], int, str]:
    """The names and values of a draft, its place in the browser's order, and which form its page is of."""
    if len(request.body) > LARGEST_DRAFT:
        raise ValueError("too long")
    said = json.loads(request.body)
    given = {_readable(name): _readable(value) for name, value in said["answers"].items()}
    seq = int(said["seq"])
    if not 0 <= seq < 2**53:
        raise ValueError("no place in an order")
    return given, seq, str(said.get("label", ""))


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
    if not _is_its_page(request, assignment):
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


def closed_page(request: HttpRequest, status: int = 404) -> HttpResponse:
    """The one page for a link unknown, expired, used or revoked: the same bytes, so that it tells nothing."""
    return render(request, "feedback/closed_form.html", {"safety": people.safety_for(None)}, status=status)


def _sheet_page(
    request: HttpRequest,
    assignment: "Assignment",
    filled: ClientForm,
    key: FormKey,
    at: datetime,
    status: int = 200,
    **facts: Any,
) -> HttpResponse:
    facts |= {"form": filled, "sheet": filled.sheet, "label": sheets.label_of(assignment)}
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
    client = care.client_with_readers(assignment.client_id)
    with override(assignment.language), timezone.override(ZoneInfo(client.clinic.time_zone)):
        about = measures.facts(assignment.version)
        appointment = reading_appointment(client, assignment.appointment, at, asked_after=about.asked_after)
        facts |= {
            "reading": reading_line(client, appointment, at, asks_about_safety=bool(about.safety)),
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
