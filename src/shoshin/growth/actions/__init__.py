"""What can be done in growth."""

from shoshin.growth.actions.episodes import (
    CannotGoOn,
    close_due_episodes,
    meet_differently,
    note_back_in_room,
    open_episode,
)
from shoshin.growth.actions.notes import CannotLinkNote, link_note
from shoshin.growth.actions.reviews import CannotDecide, say_not_now, take_to_consultation

__all__ = [
    "CannotDecide",
    "CannotGoOn",
    "CannotLinkNote",
    "close_due_episodes",
    "link_note",
    "meet_differently",
    "note_back_in_room",
    "open_episode",
    "say_not_now",
    "take_to_consultation",
]
