"""What other apps may ask of research."""

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

__all__ = [
    "ClinicResults",
    "Results",
    "clinic_effects",
    "clinic_results",
    "may_be_shown",
    "own_view_for",
    "people_to_show",
    "results_of",
    "shown_view_for",
    "view_given",
    "views_received",
    "views_to_go",
]
