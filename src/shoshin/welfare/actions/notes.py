"""Writing a critical feeling down for oneself, keeping it, and letting it go."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import action
from shoshin.welfare.actions.oneself import oneself
from shoshin.welfare.models import FeelingNote

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_NOTE = 4000


class CannotWriteNote(ValueError):
    """There is nothing to keep, or too much of it."""


@action("welfare.write_note")
def write_note(*, member: "Membership", words: str, by: "Membership", at: datetime) -> FeelingNote:
    """Keep a feeling in one's own words under a random key. Whom it is about is asked by nobody and stands nowhere."""
    oneself(member, by)
    words = words.strip()
    if not words:
        raise CannotWriteNote(_("There are no words yet. Nothing was saved."))
    if len(words) > LONGEST_NOTE:
        raise CannotWriteNote(_("A note fits in 4000 characters. Nothing was saved; say it shorter."))
    return FeelingNote.objects.create(
        clinic_id=member.clinic_id,
        person_id=member.person_id,
        key=secrets.token_urlsafe(18),
        words=words,
        written_at=at,
    )


@action("welfare.keep_note")
def keep_note(*, note: FeelingNote, by: "Membership", at: datetime) -> FeelingNote:
    """Keep a note beyond its 30 days, until the person deletes it."""
    oneself(note, by)
    if note.kept_at is None:
        note.kept_at = at
        note.save(update_fields=["kept_at"])
    return note


@action("welfare.forget_note")
def forget_note(*, note: FeelingNote, by: "Membership", at: datetime) -> None:
    """Delete one of one's own notes now, and close it for whoever it was shown to."""
    oneself(note, by)
    note.delete()
