"""Pages of care."""

from shoshin.care.views.appointments import (
    add_appointments,
    cancel_appointment,
    keep_appointment,
    miss_appointment,
    move_appointment,
    write_summary,
)
from shoshin.care.views.clients import (
    add_client,
    list_clients,
    note_strength,
    record_choices,
    retire_strength,
)
from shoshin.care.views.courses import close_consultation, open_course
from shoshin.care.views.page_keys import make_page_key

__all__ = [
    "add_appointments",
    "add_client",
    "cancel_appointment",
    "close_consultation",
    "keep_appointment",
    "list_clients",
    "make_page_key",
    "miss_appointment",
    "move_appointment",
    "note_strength",
    "open_course",
    "record_choices",
    "retire_strength",
    "write_summary",
]
