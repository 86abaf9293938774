"""Pages of care."""

from shoshin.care.views.appointments import (
    add_appointments,
    cancel_appointment,
    keep_appointment,
    miss_appointment,
    move_appointment,
    write_summary,
)
from shoshin.care.views.break_glass import open_break_glass, review_break_glass
from shoshin.care.views.clients import (
    add_client,
    list_clients,
    note_strength,
    record_choices,
    retire_strength,
    who_looked,
)
from shoshin.care.views.courses import close_consultation, open_course
from shoshin.care.views.cover import (
    accept_cover,
    answer_cover,
    ask_cover,
    cancel_absence,
    cover,
    decline_cover,
    end_duty,
    enter_absence,
    name_duty,
    set_reading_hours,
    write_handover,
)
from shoshin.care.views.disclosures import record_disclosure
from shoshin.care.views.page_keys import make_page_key
from shoshin.care.views.recordings import ask_to_record, withdraw_recording

__all__ = [
    "accept_cover",
    "add_appointments",
    "add_client",
    "answer_cover",
    "ask_cover",
    "ask_to_record",
    "cancel_absence",
    "cancel_appointment",
    "close_consultation",
    "cover",
    "decline_cover",
    "end_duty",
    "enter_absence",
    "keep_appointment",
    "list_clients",
    "make_page_key",
    "miss_appointment",
    "move_appointment",
    "name_duty",
    "note_strength",
    "open_break_glass",
    "open_course",
    "record_choices",
    "record_disclosure",
    "retire_strength",
    "review_break_glass",
    "set_reading_hours",
    "who_looked",
    "withdraw_recording",
    "write_handover",
    "write_summary",
]
