"""What can be done in research."""

from shoshin.research.actions.effects import (
    LONGEST_VIEW,
    BuiltEffects,
    CannotShow,
    build_effects,
    forget_old_views,
    show_results,
    take_back_results,
)

__all__ = [
    "LONGEST_VIEW",
    "BuiltEffects",
    "CannotShow",
    "build_effects",
    "forget_old_views",
    "show_results",
    "take_back_results",
]
