"""What other apps may ask of care."""

from shoshin.care.models.clients import folded
from shoshin.care.models.courses import Decider, Ending, Ground
from shoshin.care.queries.appointments import (
    appointment_for,
    appointments_on,
    begun_today,
    cancelled_not_rebooked,
    has_begun_today,
    kept_before,
    last_summary,
    next_appointment,
    past_appointments,
    summary_versions,
    undecided,
    upcoming,
)
from shoshin.care.queries.calendar import day_of, moment_on, start_of_day, weekly_days, zone_of
from shoshin.care.queries.client_list import client_list
from shoshin.care.queries.clients import (
    Reader,
    agreed,
    client_for,
    clients_of,
    current_strengths,
    is_code_taken,
    latest_choices,
    purposes_asked,
    readers_of,
    strength_for,
)
from shoshin.care.queries.consultations import consultation_for, last_consulted_on, open_consultations
from shoshin.care.queries.courses import course_on, courses_going_on, open_course
from shoshin.care.queries.export import record_of
from shoshin.care.queries.page_keys import locked_page_keys, open_page_key, page_key_of, token_hash

__all__ = [
    "Decider",
    "Ending",
    "Ground",
    "Reader",
    "agreed",
    "appointment_for",
    "appointments_on",
    "begun_today",
    "cancelled_not_rebooked",
    "client_for",
    "client_list",
    "clients_of",
    "consultation_for",
    "course_on",
    "courses_going_on",
    "current_strengths",
    "day_of",
    "folded",
    "has_begun_today",
    "is_code_taken",
    "kept_before",
    "last_consulted_on",
    "last_summary",
    "latest_choices",
    "locked_page_keys",
    "moment_on",
    "next_appointment",
    "open_consultations",
    "open_course",
    "open_page_key",
    "page_key_of",
    "past_appointments",
    "purposes_asked",
    "readers_of",
    "record_of",
    "start_of_day",
    "strength_for",
    "summary_versions",
    "token_hash",
    "undecided",
    "upcoming",
    "weekly_days",
    "zone_of",
]
