"""Therapist effects: how much do results differ between therapists, and what can one therapist learn from their own?

For a clinic there is a share of variance with its interval (`clinic_share`); for one therapist an estimate that is
drawn towards the clinic's typical result, with its interval and how much of it is chance (`own_results`). What people
are shown of either is rounded first (`coarse_share`, `coarse_results`). Nothing here orders people.
"""

from shoshin.science.therapist_effects.cases import FEWEST_OF_MEASURE, OUTCOMES, Cases, Outcome, cases_of, outcome_rows
from shoshin.science.therapist_effects.clinic import (
    FEWEST_COURSES,
    FEWEST_EACH,
    FEWEST_THERAPISTS,
    ClinicShare,
    NoClinicShare,
    ShareAt,
    clinic_share,
)
from shoshin.science.therapist_effects.coarse import coarse_results, coarse_share, tidy_step
from shoshin.science.therapist_effects.own import (
    FEWEST_COLLEAGUES,
    FEWEST_OWN,
    PRIORS,
    NoOwnResult,
    OwnResult,
    SharePrior,
    own_results,
    reliability,
)

__all__ = [
    "FEWEST_COLLEAGUES",
    "FEWEST_COURSES",
    "FEWEST_EACH",
    "FEWEST_OF_MEASURE",
    "FEWEST_OWN",
    "FEWEST_THERAPISTS",
    "OUTCOMES",
    "PRIORS",
    "Cases",
    "ClinicShare",
    "NoClinicShare",
    "NoOwnResult",
    "Outcome",
    "OwnResult",
    "ShareAt",
    "SharePrior",
    "cases_of",
    "clinic_share",
    "coarse_results",
    "coarse_share",
    "outcome_rows",
    "own_results",
    "reliability",
    "tidy_step",
]
