"""Pages of growth. Each is its author's own."""

from shoshin.growth.views.episodes import (
    begin_episode,
    meet_differently,
    note_back_in_room,
    show_episode,
    show_growth,
)
from shoshin.growth.views.notes import link_note
from shoshin.growth.views.recordings import (
    client_recording,
    finish_client_recording,
    list_client_recordings,
    remove_client_recording,
    send_client_recording_part,
    show_client_recording,
    start_client_recording,
)
from shoshin.growth.views.review import decide_review, review_week

__all__ = [
    "begin_episode",
    "client_recording",
    "decide_review",
    "finish_client_recording",
    "link_note",
    "list_client_recordings",
    "meet_differently",
    "note_back_in_room",
    "remove_client_recording",
    "review_week",
    "send_client_recording_part",
    "show_client_recording",
    "show_episode",
    "show_growth",
    "start_client_recording",
]
