"""Taking one client's record along, or one's own; and deleting a client's."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care import actions as care_actions
from shoshin.desk.queries.archive import Archive
from shoshin.desk.queries.export import client_archive
from shoshin.desk.queries.own_export import own_archive
from shoshin.feedback import actions as feedback_actions
from shoshin.feedback import queries as feedback
from shoshin.kit.action import Actor, action

if TYPE_CHECKING:
    from shoshin.care.models import Client
    from shoshin.kit.policy import Hat
    from shoshin.people.models import Membership


class CannotDeleteClient(ValueError):
    """The record stays as it is."""


@action("desk.export_client")
def export_client(*, client: "Client", by: "Membership | Actor", at: datetime) -> Archive:
    """The client's whole record as an archive. That it was taken stays in the audit trail."""
    return client_archive(client, at)


@action("desk.export_own", formative=True)
def export_own(*, hat: "Hat", with_recordings: bool, by: "Membership", at: datetime) -> Archive:
    """Everything of one's own as an archive. That it was taken stays in the audit trail."""
    return own_archive(hat, at, with_recordings=with_recordings)


@action("desk.delete_client")
def delete_client(*, client: "Client", typed_code: str, by: "Membership | Actor", at: datetime) -> None:
    """Delete a client with everything that hangs on them, unless a safety question waits for somebody."""
    if feedback.unacknowledged_alerts(client):
        raise CannotDeleteClient(
            _("A marked safety question has not been acknowledged yet. Do that first. Nothing was deleted.")
        )
    try:
        care_actions.delete_client(client=client, typed_code=typed_code, by=by, at=at)
    except care_actions.CannotDeleteClient as refusal:
        raise CannotDeleteClient(str(refusal)) from None
    feedback_actions.forget_empty_imports(therapist=client.therapist, by=by, at=at)
