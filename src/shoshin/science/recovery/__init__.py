"""Expected recovery: what do courses that began like this one look like, and where is this one likely to end?

Bands by appointment need nothing but a regression (`fit_bands`). A growth model (`fit_growth`) takes in each answer as
it comes (`updated`), and says how likely a course is to end worse, or no better. What is foreseen can be set right by
courses that the model has not seen (`recalibrate_chances`, `recalibrate_widths`). With some thousand closed courses,
how they ended can be learnt without any curve (`fit_endings`).
"""

from shoshin.science.recovery.bands import (
    AppointmentBand,
    Band,
    BandKind,
    band_at,
    fit_bands,
    tolerance_factor,
)
from shoshin.science.recovery.calibration import (
    ChanceCalibration,
    WidthCalibration,
    recalibrate_chances,
    recalibrate_widths,
    recalibrated,
    widened,
)
from shoshin.science.recovery.courses import from_first_answer, time_of
from shoshin.science.recovery.endings import EndingsModel, chance_of_ending, fit_endings
from shoshin.science.recovery.growth import GrowthModel, fit_growth, growth_band
from shoshin.science.recovery.updating import (
    Expectation,
    Foreseen,
    begin,
    chance_not_better,
    chance_worse,
    foreseen,
    updated,
)

__all__ = [
    "AppointmentBand",
    "Band",
    "BandKind",
    "ChanceCalibration",
    "EndingsModel",
    "Expectation",
    "Foreseen",
    "GrowthModel",
    "WidthCalibration",
    "band_at",
    "begin",
    "chance_not_better",
    "chance_of_ending",
    "chance_worse",
    "fit_bands",
    "fit_endings",
    "fit_growth",
    "foreseen",
    "from_first_answer",
    "growth_band",
    "recalibrate_chances",
    "recalibrate_widths",
    "recalibrated",
    "time_of",
    "tolerance_factor",
    "updated",
    "widened",
]
