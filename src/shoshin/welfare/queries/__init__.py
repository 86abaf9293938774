"""What practice, growth and the desk may ask of welfare: always about the member who asks, never about others."""

from shoshin.welfare.queries.capacity import capacity_days, causes_in_words, check_for, check_today, easing_of
from shoshin.welfare.queries.crisis import has_crisis_words
from shoshin.welfare.queries.export import export
from shoshin.welfare.queries.gates import Gate, Standing, budget, gate, rest_until, standing, week_minutes
from shoshin.welfare.queries.leaving import rows_of_people_who_left
from shoshin.welfare.queries.lines import two_lines
from shoshin.welfare.queries.notes import (
    note_for,
    notes_of,
    notes_to_go,
    people_to_show,
    share_for,
    shares_of,
    shown_item_for,
    shown_to,
)
from shoshin.welfare.queries.own_measures import latest_scores, own_measure_for, own_measures
from shoshin.welfare.queries.page import doubting, filled_measures, lines_page, welfare_page
from shoshin.welfare.queries.practised import Practised, practised
from shoshin.welfare.queries.trusted import trusted_person
from shoshin.welfare.queries.words import GateWords, gate_in_words, reason_in_words, week_in_words

__all__ = [
    "Gate",
    "GateWords",
    "Practised",
    "Standing",
    "budget",
    "capacity_days",
    "causes_in_words",
    "check_for",
    "check_today",
    "doubting",
    "easing_of",
    "export",
    "filled_measures",
    "gate",
    "gate_in_words",
    "has_crisis_words",
    "latest_scores",
    "lines_page",
    "note_for",
    "notes_of",
    "notes_to_go",
    "own_measure_for",
    "own_measures",
    "people_to_show",
    "practised",
    "reason_in_words",
    "rest_until",
    "rows_of_people_who_left",
    "share_for",
    "shares_of",
    "shown_item_for",
    "shown_to",
    "standing",
    "trusted_person",
    "two_lines",
    "week_in_words",
    "week_minutes",
    "welfare_page",
]
