"""Has every marked safety question its alert? Looked up a second way, in the raw answers and plain SQL.

The alert itself is raised in the transaction of the answer. This is for what nobody thought of: it shares no code with
that path but the raising itself, and whatever it finds is a defect of ours, written to the log as one.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from shoshin.feedback.actions.alerts import raise_alert
from shoshin.feedback.models import Assignment, Response
from shoshin.kit.action import action

LOOK_BACK = timedelta(days=2)
_log = logging.getLogger("shoshin.alerts")


@dataclass(frozen=True)
class Missed:
    """A marked safety question without its alert, in a response or in a form that was not sent."""

    response: int | None
    assignment: int | None
    item_id: str
    value: float


@action("feedback.reconcile_alerts")
def reconcile_alerts(*, since: datetime | None, by: Any, at: datetime) -> list[Missed]:
    """Raise the alerts that should be there and are not, among answers received since then (or ever)."""
    missed = list(missed_alerts(since))
    for each in missed:
        response = Response.objects.filter(pk=each.response).first() if each.response else None
        assignment = Assignment.objects.filter(pk=each.assignment).first() if each.assignment else None
        raise_alert(response=response, assignment=assignment, item_id=each.item_id, value=each.value, by=by, at=at)
    if missed:
        _log.error("%s marked safety questions had no alert and have one now. Please report this.", len(missed))
    return missed


def missed_alerts(since: datetime | None) -> Iterator[Missed]:
    """Every marked safety question, sent or saved, that no alert speaks of."""
    asked = _questions()
    if not asked:
        return
    told = set(_rows("SELECT response_id, item_id FROM feedback_alert WHERE response_id IS NOT NULL"))
    told_of_form = set(_rows("SELECT assignment_id, item_id FROM feedback_alert WHERE assignment_id IS NOT NULL"))
    sent = "SELECT id, assignment_id, version_id, answers FROM feedback_response WHERE batch_id IS NULL"
    for pk, assignment, version, answers in _rows(f"{sent} AND received_at >= %s", since) if since else _rows(sent):
        for item, value in _marked(asked.get(version), answers):
            if (pk, item) not in told:
                yield Missed(pk, assignment, item, value)
    begun = "feedback_draft d JOIN feedback_assignment a ON a.id = d.assignment_id"
    saved = f"SELECT a.id, a.version_id, d.answers FROM {begun}"  # noqa: S608  constants above
    for assignment, version, answers in _rows(saved):
        for item, value in _marked(asked.get(version), answers):
            if (assignment, item) not in told_of_form:
                yield Missed(None, assignment, item, value)


def _questions() -> dict[int, tuple[tuple[str, ...], float]]:
    """The safety questions of each measure version, and from which answer on each is marked."""
    found = {}
    for pk, facts in _rows("SELECT id, facts FROM measures_measureversion"):
        safety = _plain(facts).get("safety")
        if safety:
            found[pk] = (tuple(safety["items"]), float(safety["threshold"]))
    return found


def _marked(asked: tuple[tuple[str, ...], float] | None, answers: Any) -> Iterator[tuple[str, float]]:
    if asked is None:
        return
    items, threshold = asked
    given = _plain(answers)
    for item in items:
        value = given.get(item)
        if isinstance(value, int | float) and value >= threshold:
            yield item, float(value)


def _plain(stored: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(stored) if isinstance(stored, str | bytes) else stored
    return plain


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
