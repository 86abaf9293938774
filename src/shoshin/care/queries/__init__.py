"""What other apps may ask of care."""

from shoshin.care.queries.appointments import (
    appointment_for,
    appointments_on,
    kept_before,
    last_summary,
    next_appointment,
)
from shoshin.care.queries.clients import (
    Reader,
    client_for,
    clients_of,
    current_strengths,
    latest_choices,
    readers_of,
)
from shoshin.care.queries.courses import course_on, open_course

__all__ = [
    "Reader",
    "appointment_for",
    "appointments_on",
    "client_for",
    "clients_of",
    "course_on",
    "current_strengths",
    "kept_before",
    "last_summary",
    "latest_choices",
    "next_appointment",
    "open_course",
    "readers_of",
]
