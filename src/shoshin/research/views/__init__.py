"""Pages of research: one's own results, and a clinic's in which nobody is named."""

from shoshin.research.views.effects import (
    clinic_results,
    own_results,
    show_results,
    shown_results,
    take_back_results,
)

__all__ = ["clinic_results", "own_results", "show_results", "shown_results", "take_back_results"]
