"""What other apps may ask of feedback."""

from shoshin.feedback.queries.responses import (
    is_latest,
    may_be_asked_to_guess,
    response_for,
    responses_in,
    versions_of,
)
from shoshin.feedback.queries.rules import limits_of, watched_occasions
from shoshin.feedback.queries.sent import forms_of_day, open_assignments
from shoshin.feedback.queries.readers import reading_line
from shoshin.feedback.queries.signals import (
    alert_for,
    answers_the_client_may_read,
    open_alerts,
    open_signals,
    signal_for,
    waiting_signals,
)
from shoshin.feedback.queries.trajectories import Trajectory, hidden_responses, trajectories_of
from shoshin.feedback.queries.words import guess_sentence, reason_sentences, signal_title

__all__ = [
    "Trajectory",
    "alert_for",
    "answers_the_client_may_read",
    "forms_of_day",
    "guess_sentence",
    "hidden_responses",
    "is_latest",
    "limits_of",
    "may_be_asked_to_guess",
    "open_alerts",
    "open_assignments",
    "open_signals",
    "reading_line",
    "reason_sentences",
    "response_for",
    "responses_in",
    "signal_for",
    "signal_title",
    "trajectories_of",
    "versions_of",
    "waiting_signals",
    "watched_occasions",
]
