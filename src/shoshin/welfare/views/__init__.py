"""Pages of welfare. Each shows the asking person's own rows, and nobody else's."""

from shoshin.welfare.views.capacity import check_capacity, ease_off, forget_check, show_welfare, stop_easing_off
from shoshin.welfare.views.compassion import mark_lines, take_pause
from shoshin.welfare.views.my_data import delete_welfare, export_welfare
from shoshin.welfare.views.notes import forget_note, keep_note, note, write_note
from shoshin.welfare.views.own_measures import fill_own_measure, list_own_measures
from shoshin.welfare.views.sharing import share_check, share_note, shown_item, stop_sharing
from shoshin.welfare.views.trusted import forget_trusted_person, name_trusted_person

__all__ = [
    "check_capacity",
    "delete_welfare",
    "ease_off",
    "export_welfare",
    "fill_own_measure",
    "forget_check",
    "forget_note",
    "forget_trusted_person",
    "keep_note",
    "list_own_measures",
    "mark_lines",
    "name_trusted_person",
    "note",
    "share_check",
    "share_note",
    "show_welfare",
    "shown_item",
    "stop_easing_off",
    "stop_sharing",
    "take_pause",
    "write_note",
]
