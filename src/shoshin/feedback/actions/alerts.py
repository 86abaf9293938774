"""Alerts: a marked safety question reaches a person, in the same transaction as the answer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shoshin.feedback.actions.notices import promise_step
from shoshin.feedback.models import Alert, Assignment, Response
from shoshin.kit.action import action
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from collections.abc import Mapping


class CannotAcknowledgeAlert(ValueError):
    """The alert stays open."""


def raise_alerts(*, response: Response, by: Any, at: datetime) -> None:
    """One alert for each safety question this response marks. What a draft raised already is joined, not doubled."""
    for mark in measures.risk_items_marked(response.version, response.answers):
        raise_alert(
            response=response,
            assignment=response.assignment,
            item_id=mark.item_id,
            value=mark.value,
            by=by,
            at=at,
        )


def raise_draft_alerts(*, assignment: Assignment, answers: "Mapping[str, Any]", by: Any, at: datetime) -> None:
    """The therapist is told of a marked safety question even if the form is never sent: once an item, for ever."""
    for mark in measures.risk_items_marked(assignment.version, answers):
        if not Alert.objects.filter(assignment=assignment, item_id=mark.item_id).exists():
            raise_alert(response=None, assignment=assignment, item_id=mark.item_id, value=mark.value, by=by, at=at)


@action("feedback.raise_alert")
def raise_alert(
    *,
    response: Response | None,
    assignment: Assignment | None,
    item_id: str,
    value: float,
    by: Any,
    at: datetime,
) -> Alert:
    """A safety question was marked, in a sent form or in a draft. A draft's alert is joined by its sent form."""
    origin = response or assignment
    if origin is None:
        raise ValueError("An alert comes from a response or from an assignment's draft.")
    alert = Alert.objects.filter(assignment=assignment, item_id=item_id, response=None).first() if assignment else None
    is_new = alert is None
    if alert is None:
        alert = Alert(clinic_id=origin.clinic_id, client_id=origin.client_id, course_id=origin.course_id)
        alert.assignment, alert.item_id, alert.raised_at = assignment, item_id, at
    alert.response, alert.value, alert.from_draft = response, value, response is None
    alert.save()
    if is_new:
        promise_step(alert, 0)
    return alert


@action("feedback.acknowledge_alert")
def acknowledge_alert(*, alert: Alert, note: str, by: Any, at: datetime) -> Alert:
    """A named person has seen the alert, and says what they do about it."""
    alert = _held(alert)
    if alert.acknowledged_at is not None:
        raise CannotAcknowledgeAlert(_("Somebody has acknowledged this alert already; their note is kept."))
    if not note.strip():
        raise CannotAcknowledgeAlert(_("Say in a few words what you do about it. The alert stays open until then."))
    alert.acknowledged_at, alert.acknowledged_by, alert.note = at, by, note.strip()
    alert.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    return alert


@action("feedback.close_alert")
def close_alert(*, alert: Alert, note: str, by: Any, at: datetime) -> Alert:
    """What came of it is written down, and the alert is closed. Lowering an answer later closes nothing."""
    alert = _held(alert)
    if alert.closed_at is not None:
        raise CannotAcknowledgeAlert(_("This alert is closed already; the note is kept."))
    if alert.acknowledged_at is None:
        raise CannotAcknowledgeAlert(_("Acknowledge it first. The alert stays open until then."))
    if not note.strip():
        raise CannotAcknowledgeAlert(_("Say in a few words what came of it. The alert stays open until then."))
    alert.closed_at, alert.closed_by, alert.closing_note = at, by, note.strip()
    alert.save(update_fields=["closed_at", "closed_by", "closing_note"])
    return alert


def _held(alert: Alert) -> Alert:
    """The alert as it stands now, held until the transaction ends: of two who answer at once one is first."""
    return Alert.objects.select_for_update().get(pk=alert.pk)
