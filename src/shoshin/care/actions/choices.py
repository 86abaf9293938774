"""What the client says to each of three separate questions. Earlier words stay; the latest one counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care.actions.recordings import withdraw_recording
from shoshin.care.models import Client, ClientChoice
from shoshin.care.models.clients import Purpose, Said
from shoshin.care.queries.clients import latest_choices, purposes_asked
from shoshin.care.queries.recordings import standing_yeses
from shoshin.kit.action import Actor, action

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotRecordChoices(ValueError):
    """One of these was not asked."""


@action("care.record_choices")
def record_choices(
    *, client: Client, choices: Mapping[str, bool], by: "Actor | Membership", at: datetime
) -> tuple[ClientChoice, ...]:
    """Write down each yes or no that is new. Purposes left out stay as they are.

    A no to the therapist's learning takes every recording of the client with it.
    """
    asked = purposes_asked(client)
    if any(purpose not in asked for purpose in choices):
        raise CannotRecordChoices(_("This client is asked about care only, until you ask anew."))
    latest = latest_choices(client)
    actor = by if isinstance(by, Actor) else by.actor
    said_by = Said.OWN_PAGE if actor.kind == "client" else Said.IN_PERSON
    new = [
        ClientChoice(client=client, purpose=Purpose(purpose), agreed=agreed, said_at=at, said_by=said_by)
        for purpose, agreed in choices.items()
        if purpose not in latest or latest[purpose].agreed != agreed
    ]
    for choice in new:
        choice.save()
        if choice.purpose == Purpose.LEARNING and not choice.agreed:
            for given in standing_yeses().filter(client=client):
                withdraw_recording(asked=given, by=by, at=at)
    return tuple(new)


@action("care.ask_anew")
def ask_anew(*, client: Client, by: "Actor | Membership", at: datetime) -> Client:
    """Open the other two questions for an imported client, now that the therapist asks in person."""
    client.care_only = False
    client.save(update_fields=["care_only"])
    return client
