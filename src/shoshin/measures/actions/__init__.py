"""The door for changes: storing measures, adding wording, confirming licences."""

from shoshin.measures.actions.imports import CannotImportMeasure, import_measure
from shoshin.measures.actions.measures import (
    CannotDefineTotalsMeasure,
    CannotLoadMeasures,
    LoadReport,
    TotalsFigures,
    define_totals_measure,
    forget_totals_measure,
    load_measures,
)
from shoshin.measures.actions.wording import (
    CannotAddWording,
    CannotConfirmLicence,
    WordingReport,
    add_wording,
    confirm_licence,
    load_wording,
)

__all__ = [
    "CannotAddWording",
    "CannotConfirmLicence",
    "CannotDefineTotalsMeasure",
    "CannotImportMeasure",
    "CannotLoadMeasures",
    "LoadReport",
    "TotalsFigures",
    "WordingReport",
    "add_wording",
    "confirm_licence",
    "define_totals_measure",
    "forget_totals_measure",
    "import_measure",
    "load_measures",
    "load_wording",
]
