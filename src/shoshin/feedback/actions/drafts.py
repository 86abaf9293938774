"""Saving as the client goes: in order, once each, and never a marked safety question unheard."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from shoshin.feedback.actions.alerts import raise_draft_alerts
from shoshin.feedback.models import Assignment, Draft
from shoshin.feedback.models.assignments import AssignmentState
from shoshin.kit.action import Actor, action


class CannotSaveDraft(ValueError):
    """The form was sent, declined or revoked."""


@action("feedback.save_draft")
def save_draft(
    *, assignment: Assignment, answers: Mapping[str, float | str], seq: int | None, by: Actor, at: datetime
) -> Draft | None:
    """Keep the answers so far. `seq` is the browser's count of its saves; without one, this save is the newest.

    A marked safety question raises its alert in this same transaction, even in a save that comes too late to count:
    after another window has sent the form nothing more is kept, but what is marked is still heard.
    """
    held = Assignment.objects.select_for_update(of=("self",)).select_related("version").get(pk=assignment.pk)
    if held.state not in (AssignmentState.BEGUN, AssignmentState.DONE):
        raise CannotSaveDraft(_("This form is no longer open, so nothing more is saved."))
    raise_draft_alerts(assignment=held, answers=answers, by=by, at=at)
    if held.state == AssignmentState.DONE:
        return None
    draft = Draft.objects.filter(assignment=held).first() or Draft(assignment=held, seq=-1)
    if seq is None or seq > draft.seq:
        draft.answers, draft.saved_at = dict(answers), at
        draft.seq = draft.seq + 1 if seq is None else seq
        draft.save()
    return draft
