"""Facts (Django-free), files, wording, and the tables that keep them."""

from shoshin.measures.models.versions import (
    CannotChangeStored,
    LicenceConfirmation,
    MeasureVersion,
    WordingPack,
)

__all__ = ["CannotChangeStored", "LicenceConfirmation", "MeasureVersion", "WordingPack"]
