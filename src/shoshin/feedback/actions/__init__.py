"""What other apps may do through feedback."""

from shoshin.feedback.actions.alerts import CannotAcknowledgeAlert, acknowledge_alert, close_alert
from shoshin.feedback.actions.courses import CannotEndCourse, end_course, schedule_measures
from shoshin.feedback.actions.history import CannotImportOutcomes, forget_empty_imports, import_outcomes
from shoshin.feedback.actions.members import (
    CannotEndMembership,
    CannotHandOver,
    end_membership,
    hand_over_clients,
)
from shoshin.feedback.actions.reading import CannotReadResponse, read_new_answers, read_response
from shoshin.feedback.actions.responses import (
    CannotCorrectResponse,
    CannotRecordResponse,
    correct_response,
    record_response,
)
from shoshin.feedback.actions.signals import (
    CannotAnswerSignal,
    CannotRecordChange,
    answer_signal,
    judge_missing,
    judge_signals,
    notice_silence,
    record_change,
)
from shoshin.feedback.actions.taking_back import CannotTakeBackImport, take_back_import

__all__ = [
    "CannotAcknowledgeAlert",
    "CannotAnswerSignal",
    "CannotCorrectResponse",
    "CannotEndCourse",
    "CannotEndMembership",
    "CannotHandOver",
    "CannotImportOutcomes",
    "CannotReadResponse",
    "CannotRecordChange",
    "CannotRecordResponse",
    "CannotTakeBackImport",
    "acknowledge_alert",
    "answer_signal",
    "close_alert",
    "correct_response",
    "end_course",
    "end_membership",
    "forget_empty_imports",
    "hand_over_clients",
    "import_outcomes",
    "judge_missing",
    "judge_signals",
    "notice_silence",
    "read_new_answers",
    "read_response",
    "record_change",
    "record_response",
    "schedule_measures",
    "take_back_import",
]
