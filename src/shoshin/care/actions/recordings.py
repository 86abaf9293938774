"""Whether one appointment may be recorded: the client's answer, and taking a yes back."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care.models import AskedToRecord, Client
from shoshin.care.models.clients import Purpose, Said
from shoshin.care.models.recordings import RecordingAnswer
from shoshin.care.queries.clients import agreed
from shoshin.kit.action import Actor, action
from shoshin.kit.vault.tapes import OTHERS, Tape

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotAskToRecord(ValueError):
    """Nothing was written down; the message says why."""


@action("care.ask_to_record")
def ask_to_record(*, client: Client, day: date, answer: str, by: "Membership", at: datetime) -> AskedToRecord:
    """Write down what the client said about one recording. A yes needs their yes to the therapist's learning."""
    if answer not in RecordingAnswer.values:
        raise CannotAskToRecord(_("Choose what the client said."))
    if answer == RecordingAnswer.YES and not agreed(client, Purpose.LEARNING):
        raise CannotAskToRecord(
            _("A recording is for your learning, and this client has not said yes to that. Ask about it first.")
        )
    return AskedToRecord.objects.create(client=client, day=day, answer=answer, asked_at=at, asked_by=by)


@action("care.withdraw_recording")
def withdraw_recording(*, asked: AskedToRecord, by: "Membership | Actor", at: datetime) -> AskedToRecord:
    """The client takes their yes back. The recording's key is destroyed before this is said to be done."""
    held = AskedToRecord.objects.select_for_update().get(pk=asked.pk)
    Tape(held.key, OTHERS).destroy()  # behind the lock, so that no take begins in between
    if held.stands:
        actor = by if isinstance(by, Actor) else by.actor
        held.withdrawn_at = at
        held.withdrawn_by = Said.OWN_PAGE if actor.kind == "client" else Said.IN_PERSON
        held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return held
