"""Tables of feedback: what was sent, what came back, what it means, and what the therapist did with it."""

from shoshin.feedback.models.alerts import Alert, Notice
from shoshin.feedback.models.assignments import Assignment, Draft, Schedule
from shoshin.feedback.models.responses import Guess, ImportBatch, Reading, Response, ScoreRow, WaitingFile
from shoshin.feedback.models.signals import Change, SignalAnswer, SignalRow

__all__ = [
    "Alert",
    "Assignment",
    "Change",
    "Draft",
    "Guess",
    "ImportBatch",
    "Notice",
    "Reading",
    "Response",
    "Schedule",
    "ScoreRow",
    "SignalAnswer",
    "SignalRow",
    "WaitingFile",
]
