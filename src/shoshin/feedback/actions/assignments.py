"""Asking a client for answers: by link, on this device; and what the client makes of being asked."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shoshin.feedback.actions.signals import judge_missing
from shoshin.feedback.models import Assignment, Draft
from shoshin.feedback.models.assignments import AssignmentState, Way
from shoshin.feedback.queries.forms import OPEN_STATES, fingerprint, is_open, sent_together
from shoshin.feedback.queries.offers import obstacle, readiness_for
from shoshin.kit.action import Actor, action
from shoshin.kit.backup.state import sending_refused_because

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Course
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Membership

AFTER_APPOINTMENT = timedelta(hours=24)
WITHOUT_APPOINTMENT = timedelta(days=7)
ON_THIS_DEVICE = timedelta(hours=4)
TOKEN_BYTES = 32
SHORTEST_PAGE = 32  # characters of chance; what carries fewer has a beginning of its own each time


class CannotSendMeasure(ValueError):
    """Why a measure is not sent this way, with what goes instead."""


class CannotStartForm(ValueError):
    """The form behind this link is not open."""


@dataclass(frozen=True)
class Sent:
    """What was sent together. The token is known only here, once: the database keeps its fingerprint."""

    assignments: tuple[Assignment, ...]
    token: str = ""


@action("feedback.send_measure")
def send_measure(
    *,
    course: "Course",
    versions: "Sequence[MeasureVersion]",
    language: str,
    way: str,
    appointment: "Appointment | None",
    by: "Membership",
    at: datetime,
) -> Sent:
    """Ask for one or more measures together. An earlier open asking of the same measure ends.

    Refused while backups are overdue: what a client would answer now has no copy. Paper is its own.
    """
    if refused := sending_refused_because(at):
        raise CannotSendMeasure(refused)
    ready = readiness_for(course.client, at)
    for problem in (obstacle(course, version, language, way, ready) for version in versions):
        if problem:
            raise CannotSendMeasure(problem)
    if not versions:
        raise CannotSendMeasure(_("Choose at least one measure."))
    _end_earlier(course, versions, at)
    token = secrets.token_urlsafe(TOKEN_BYTES) if way == Way.LINK else ""
    made = tuple(
        Assignment.objects.create(
            clinic_id=course.clinic_id,
            client_id=course.client_id,
            course=course,
            appointment=appointment,
            version=version,
            language=language,
            way=way,
            token_hash=fingerprint(token) if token and place == 0 else None,
            sent_at=at,
            sent_by=by,
            expires_at=_expiry(way, appointment, at),
        )
        for place, version in enumerate(versions)
    )
    judge_missing(course=course, by=by, at=at)
    return Sent(made, token)


@action("feedback.answer_here")
def answer_here(
    *,
    course: "Course",
    versions: "Sequence[MeasureVersion]",
    language: str,
    appointment: "Appointment | None",
    by: "Membership",
    at: datetime,
) -> str:
    """Ask on this device, and begin: the secret for this browser's form cookie."""
    sent = send_measure(
        course=course,
        versions=versions,
        language=language,
        way=Way.DEVICE,
        appointment=appointment,
        by=by,
        at=at,
    )
    return start_form(assignment=sent.assignments[0], by=by, at=at)


@action("feedback.start_form")
def start_form(*, assignment: Assignment, by: "Actor | Membership", at: datetime, page: str = "") -> str:
    """Open the form for one browser: the secret for its cookie. A browser that began before is let go.

    `page` is what the door's page carried, other for every page shown. One page pressed twice is one beginning: where
    the first press seemed lost and arrives late, the second one's key goes on being right, and what was saved stays.
    """
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if not is_open(held, at):
        raise CannotStartForm(_("This form is no longer open."))
    secret = _secret_of(held, page)
    if held.form_hash == fingerprint(secret):
        return secret
    Draft.objects.filter(assignment=held).delete()
    held.form_hash, held.state = fingerprint(secret), AssignmentState.BEGUN
    held.save(update_fields=["form_hash", "state"])
    return secret


def _secret_of(assignment: Assignment, page: str) -> str:
    """The secret of a beginning: known to the server alone until it is in the cookie, the same for the same page."""
    if len(page) < SHORTEST_PAGE:
        return secrets.token_urlsafe(TOKEN_BYTES)
    digest = salted_hmac("feedback.form beginning", f"{assignment.pk} {page}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@action("feedback.decline_form")
def decline_form(*, assignment: Assignment, by: Actor, at: datetime) -> None:
    """The client says no: nothing saved is kept, and nothing else sent with it is asked."""
    together = sent_together(assignment).filter(state__in=OPEN_STATES)
    Draft.objects.filter(assignment__in=together).delete()
    together.update(state=AssignmentState.DECLINED, settled_at=at)


@action("feedback.put_off_form")
def put_off_form(*, assignment: Assignment, by: Actor, at: datetime) -> None:
    """Not now, on the therapist's own device: nothing may stay readable there, so what was begun is removed."""
    together = sent_together(assignment).filter(state__in=OPEN_STATES)
    Draft.objects.filter(assignment__in=together).delete()
    together.update(state=AssignmentState.CANCELLED, settled_at=at)


def _end_earlier(course: "Course", versions: "Sequence[MeasureVersion]", at: datetime) -> None:
    names = {version.measure_id for version in versions}
    earlier = Assignment.objects.filter(
        client_id=course.client_id, version__measure_id__in=names, state__in=OPEN_STATES
    )
    Draft.objects.filter(assignment__in=earlier).delete()
    earlier.update(state=AssignmentState.CANCELLED, settled_at=at)


def _expiry(way: str, appointment: "Appointment | None", at: datetime) -> datetime:
    if way == Way.DEVICE:
        return at + ON_THIS_DEVICE
    return appointment.starts_at + AFTER_APPOINTMENT if appointment else at + WITHOUT_APPOINTMENT
