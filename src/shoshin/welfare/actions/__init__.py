"""What can be done in welfare. Every verb is the person's own act, but for forgetting what is over."""

from shoshin.welfare.actions.capacity import (
    CannotCheckCapacity,
    CannotEaseOff,
    CannotNoteLoad,
    check_capacity,
    ease_off,
    forget_check,
    note_load,
    stop_easing_off,
)
from shoshin.welfare.actions.compassion import CannotMarkLines, mark_lines, take_pause
from shoshin.welfare.actions.forgetting import delete_welfare, forget_notes, forget_people_who_left
from shoshin.welfare.actions.notes import CannotWriteNote, forget_note, keep_note, write_note
from shoshin.welfare.actions.own_measures import CannotFillOwnMeasure, fill_own_measure
from shoshin.welfare.actions.sharing import CannotShare, share_check, share_note, stop_sharing
from shoshin.welfare.actions.trusted import CannotNameTrustedPerson, forget_trusted_person, name_trusted_person

__all__ = [
    "CannotCheckCapacity",
    "CannotEaseOff",
    "CannotFillOwnMeasure",
    "CannotMarkLines",
    "CannotNameTrustedPerson",
    "CannotNoteLoad",
    "CannotShare",
    "CannotWriteNote",
    "check_capacity",
    "delete_welfare",
    "ease_off",
    "fill_own_measure",
    "forget_check",
    "forget_note",
    "forget_notes",
    "forget_people_who_left",
    "forget_trusted_person",
    "keep_note",
    "mark_lines",
    "name_trusted_person",
    "note_load",
    "share_check",
    "share_note",
    "stop_easing_off",
    "stop_sharing",
    "take_pause",
    "write_note",
]
