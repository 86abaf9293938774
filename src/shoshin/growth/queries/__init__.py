"""What other apps may ask of growth."""

from shoshin.growth.queries.episodes import (
    RoomMark,
    ShownEpisode,
    episode_for,
    latest_signal,
    open_episode_with,
    room_marks,
    show_episode,
    show_episodes,
)
from shoshin.growth.queries.export import export
from shoshin.growth.queries.notes import NotesBeside, client_of_note, clients_to_name, notes_about, notes_beside
from shoshin.growth.queries.recordings import (
    Asked,
    client_recording_for,
    copies_of,
    recording_with,
    recordings_with,
)
from shoshin.growth.queries.review import Review, next_friday, review_of
from shoshin.growth.queries.standing import Standing, main_line, standing_of
from shoshin.growth.queries.suggestions import Suggestion, first_exercise, suggestions

__all__ = [
    "Asked",
    "NotesBeside",
    "Review",
    "RoomMark",
    "ShownEpisode",
    "Standing",
    "Suggestion",
    "client_of_note",
    "client_recording_for",
    "clients_to_name",
    "copies_of",
    "episode_for",
    "export",
    "first_exercise",
    "latest_signal",
    "main_line",
    "next_friday",
    "notes_about",
    "notes_beside",
    "open_episode_with",
    "recording_with",
    "recordings_with",
    "review_of",
    "room_marks",
    "show_episode",
    "show_episodes",
    "standing_of",
    "suggestions",
]
