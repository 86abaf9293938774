"""What a client brings that helps."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care.models import Client, Strength
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_STRENGTH = 160


class CannotNoteStrength(ValueError):
    """There is nothing to note, or more than a line."""


@action("care.note_strength")
def note_strength(*, client: Client, text: str, by: "Membership", at: datetime) -> Strength:
    """Note a strength or a resource, in a line."""
    text = " ".join(text.split())
    if not text:
        raise CannotNoteStrength(_("Say what this client brings, in a few words."))
    if len(text) > LONGEST_STRENGTH:
        raise CannotNoteStrength(_("A strength fits in 160 characters. Nothing was saved; say it shorter."))
    return Strength.objects.create(client=client, text=text, noted_at=at, noted_by=by)


@action("care.retire_strength")
def retire_strength(*, strength: Strength, by: "Membership", at: datetime) -> Strength:
    """Set a strength aside; it stays in the record."""
    if strength.retired_at is None:
        strength.retired_at = at
        strength.save(update_fields=["retired_at"])
    return strength
