"""What can be done in growth."""

from shoshin.growth.actions.episodes import (
    CannotGoOn,
    close_due_episodes,
    meet_differently,
    note_back_in_room,
    open_episode,
)
from shoshin.growth.actions.notes import CannotLinkNote, link_note
from shoshin.growth.actions.recordings import (
    CannotRecordClient,
    accept_client_recording,
    check_client_recording,
    receive_client_recording,
    refuse_client_recording,
    remove_client_recording,
    remove_client_recordings_over,
    start_client_recording,
)
from shoshin.growth.actions.reviews import CannotDecide, say_not_now, take_to_consultation

__all__ = [
    "CannotDecide",
    "CannotGoOn",
    "CannotLinkNote",
    "CannotRecordClient",
    "accept_client_recording",
    "check_client_recording",
    "close_due_episodes",
    "link_note",
    "meet_differently",
    "note_back_in_room",
    "open_episode",
    "receive_client_recording",
    "refuse_client_recording",
    "remove_client_recording",
    "remove_client_recordings_over",
    "say_not_now",
    "start_client_recording",
    "take_to_consultation",
]
