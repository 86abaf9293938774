"""What others may have research do."""

from shoshin.research.actions.effects import (
    LONGEST_VIEW,
    BuiltEffects,
    CannotShow,
    build_effects,
    forget_old_views,
    show_results,
    take_back_results,
)
from shoshin.research.actions.mart import build_mart, gather_mart

__all__ = [
    "LONGEST_VIEW",
    "BuiltEffects",
    "CannotShow",
    "build_effects",
    "build_mart",
    "forget_old_views",
    "gather_mart",
    "show_results",
    "take_back_results",
]
