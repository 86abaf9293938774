"""What others may ask of research."""

from shoshin.research.queries.effects import (
    ClinicResults,
    Results,
    clinic_effects,
    clinic_results,
    may_be_shown,
    own_view_for,
    people_to_show,
    results_of,
    shown_view_for,
    view_given,
    views_received,
    views_to_go,
)
from shoshin.research.queries.mart_keys import mart_folder, mart_key
from shoshin.research.queries.mart_rows import mart_rows, number_of_courses
from shoshin.research.queries.own_export import own_record

__all__ = [
    "ClinicResults",
    "Results",
    "clinic_effects",
    "clinic_results",
    "mart_folder",
    "mart_key",
    "mart_rows",
    "may_be_shown",
    "number_of_courses",
    "own_record",
    "own_view_for",
    "people_to_show",
    "results_of",
    "shown_view_for",
    "view_given",
    "views_received",
    "views_to_go",
]
