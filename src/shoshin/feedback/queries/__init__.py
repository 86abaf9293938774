"""What other apps may ask of feedback."""

from shoshin.feedback.queries.answers_in_words import marked_questions
from shoshin.feedback.queries.expected import with_check_marks
from shoshin.feedback.queries.export import FilledForm, filled_forms, record_of, unacknowledged_alerts
from shoshin.feedback.queries.figures import ScoreInFigures, scores_in_figures
from shoshin.feedback.queries.offers import measures_due_at_the_end
from shoshin.feedback.queries.own_export import own_record
from shoshin.feedback.queries.pages import alert_page, response_page, seen_beside_guess, signal_page
from shoshin.feedback.queries.readers import reading_line
from shoshin.feedback.queries.responses import (
    is_latest,
    may_be_asked_to_guess,
    response_for,
    responses_in,
    versions_of,
)
from shoshin.feedback.queries.rules import (
    APPOINTMENT_CHECK,
    Limits,
    change_findings,
    days_of_low_checks,
    drop_findings,
    group_of,
    limits_of,
    watched_responses,
)
from shoshin.feedback.queries.schedules import due_measures, plan_of, planned_names
from shoshin.feedback.queries.sent import forms_of_day, open_assignments
from shoshin.feedback.queries.signals import (
    alert_for,
    alerts_to_close,
    answers_the_client_may_read,
    open_alerts,
    open_signals,
    raised_signals,
    signal_for,
    waiting_signals,
)
from shoshin.feedback.queries.trajectories import Trajectory, hidden_responses, trajectories_of
from shoshin.feedback.queries.words import guess_sentence, reason_sentences, signal_title

__all__ = [
    "APPOINTMENT_CHECK",
    "FilledForm",
    "Limits",
    "ScoreInFigures",
    "Trajectory",
    "alert_for",
    "alert_page",
    "alerts_to_close",
    "answers_the_client_may_read",
    "change_findings",
    "days_of_low_checks",
    "drop_findings",
    "due_measures",
    "filled_forms",
    "forms_of_day",
    "group_of",
    "guess_sentence",
    "hidden_responses",
    "is_latest",
    "limits_of",
    "marked_questions",
    "may_be_asked_to_guess",
    "measures_due_at_the_end",
    "open_alerts",
    "open_assignments",
    "open_signals",
    "own_record",
    "plan_of",
    "planned_names",
    "raised_signals",
    "reading_line",
    "reason_sentences",
    "record_of",
    "response_for",
    "response_page",
    "responses_in",
    "scores_in_figures",
    "seen_beside_guess",
    "signal_for",
    "signal_page",
    "signal_title",
    "trajectories_of",
    "unacknowledged_alerts",
    "versions_of",
    "waiting_signals",
    "watched_responses",
    "with_check_marks",
]
