"""Tables of growth: what joins a client's answers to a therapist's practice. Each row belongs to its author alone."""

from shoshin.growth.models.episodes import BackInRoom, Did, Episode, Might, Outcome
from shoshin.growth.models.notes import NoteAbout
from shoshin.growth.models.recordings import ClientRecording
from shoshin.growth.models.reviews import Reviewed, TakenTo

__all__ = ["BackInRoom", "ClientRecording", "Did", "Episode", "Might", "NoteAbout", "Outcome", "Reviewed", "TakenTo"]
