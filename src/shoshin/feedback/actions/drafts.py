"""Saving as the client goes: in order, once each, and never a marked safety question unheard."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from shoshin.feedback.models import Alert, Assignment, Draft
from shoshin.feedback.queries.forms import is_open
from shoshin.kit.action import Actor, action
from shoshin.measures import queries as measures


class CannotSaveDraft(ValueError):
    """The form was sent, declined, revoked or has expired."""


@action("feedback.save_draft")
def save_draft(
    *, assignment: Assignment, answers: Mapping[str, float | str], seq: int | None, by: Actor, at: datetime
) -> Draft:
    """Keep the answers so far. `seq` is the browser's count of its saves; without one, this save is the newest."""
    held = Assignment.objects.select_for_update().select_related("version").get(pk=assignment.pk)
    if not is_open(held, at):
        raise CannotSaveDraft(_("This form is no longer open, so nothing more is saved."))
    draft = Draft.objects.filter(assignment=held).first() or Draft(assignment=held, seq=-1)
    _raise_alerts(held, answers, at)
    if seq is None or seq > draft.seq:
        draft.answers, draft.saved_at = dict(answers), at
        draft.seq = draft.seq + 1 if seq is None else seq
        draft.save()
    return draft


def _raise_alerts(assignment: Assignment, answers: Mapping[str, float | str], at: datetime) -> None:
    """One alert for each safety question marked, once for the form; a lower answer later takes none back."""
    told = set(assignment.alerts.values_list("item_id", flat=True))
    for mark in measures.risk_items_marked(assignment.version, answers):
        if mark.item_id not in told:
            Alert.objects.create(
                clinic_id=assignment.clinic_id,
                client_id=assignment.client_id,
                course_id=assignment.course_id,
                assignment=assignment,
                item_id=mark.item_id,
                value=mark.value,
                from_draft=True,
                raised_at=at,
            )
