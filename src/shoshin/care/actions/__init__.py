"""What can be done in care. Only feedback ends a course, because it knows of alerts that wait."""

from shoshin.care.actions.appointments import (
    CannotCancelAppointment,
    CannotMarkAppointment,
    CannotMoveAppointment,
    CannotPlanAppointment,
    add_appointments,
    cancel_appointment,
    keep_appointment,
    miss_appointment,
    move_appointment,
)
from shoshin.care.actions.choices import CannotRecordChoices, ask_anew, record_choices
from shoshin.care.actions.clients import CannotAddClient, CannotDeleteClient, add_client, delete_client
from shoshin.care.actions.consultations import CannotCloseConsultation, close_consultation, open_consultation
from shoshin.care.actions.courses import (
    CannotEndCourse,
    CannotOpenCourse,
    EndingWords,
    end_course,
    missing_from_ending,
    open_course,
)
from shoshin.care.actions.imported import (
    CannotAddImportedCourses,
    CannotRemoveImportedCourses,
    DaysLeft,
    ImportedCourse,
    add_imported_courses,
    remove_imported_courses,
)
from shoshin.care.actions.page_keys import (
    CannotMakePageKey,
    MadePageKey,
    check_page_key,
    make_page_key,
    revoke_page_key,
)
from shoshin.care.actions.strengths import CannotNoteStrength, note_strength, retire_strength
from shoshin.care.actions.summaries import CannotWriteSummary, write_summary

__all__ = [
    "CannotAddClient",
    "CannotAddImportedCourses",
    "CannotCancelAppointment",
    "CannotCloseConsultation",
    "CannotDeleteClient",
    "CannotEndCourse",
    "CannotMakePageKey",
    "CannotMarkAppointment",
    "CannotMoveAppointment",
    "CannotNoteStrength",
    "CannotOpenCourse",
    "CannotPlanAppointment",
    "CannotRecordChoices",
    "CannotRemoveImportedCourses",
    "CannotWriteSummary",
    "DaysLeft",
    "EndingWords",
    "ImportedCourse",
    "MadePageKey",
    "add_appointments",
    "add_client",
    "add_imported_courses",
    "ask_anew",
    "cancel_appointment",
    "check_page_key",
    "close_consultation",
    "delete_client",
    "end_course",
    "keep_appointment",
    "make_page_key",
    "miss_appointment",
    "missing_from_ending",
    "move_appointment",
    "note_strength",
    "open_consultation",
    "open_course",
    "record_choices",
    "remove_imported_courses",
    "retire_strength",
    "revoke_page_key",
    "write_summary",
]
