"""Saying which client a private note was about, and taking it back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.growth.models import NoteAbout
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.care.models import Client
    from shoshin.people.models import Membership
    from shoshin.welfare.models import FeelingNote


class CannotLinkNote(ValueError):
    """Nothing was changed; the message says why."""


@action("growth.link_note", formative=True)
def link_note(*, note: "FeelingNote", client: "Client | None", by: "Membership", at: datetime) -> NoteAbout | None:
    """Keep which client of mine a note of mine was about, or none any more."""
    if (note.person_id, note.clinic_id) != (by.person_id, by.clinic_id):
        raise CannotLinkNote(_("This is somebody else's. Nothing was changed."))
    if client is None:
        NoteAbout.objects.filter(note=note).delete()
        return None
    if client.therapist_id != by.pk:
        raise CannotLinkNote(_("A note may be about a client of your own. Nothing was changed."))
    facts = {"clinic": client.clinic, "member": by, "client": client, "said_at": at}
    row, _made = NoteAbout.objects.update_or_create(note=note, defaults=facts)
    return row
