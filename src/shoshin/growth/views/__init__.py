"""Pages of growth. Each is its author's own."""

from shoshin.growth.views.episodes import (
    begin_episode,
    meet_differently,
    note_back_in_room,
    show_episode,
    show_growth,
)
from shoshin.growth.views.notes import link_note
from shoshin.growth.views.review import decide_review, review_week

__all__ = [
    "begin_episode",
    "decide_review",
    "link_note",
    "meet_differently",
    "note_back_in_room",
    "review_week",
    "show_episode",
    "show_growth",
]
