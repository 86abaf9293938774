"""What care asks on its pages."""

from shoshin.care.forms.appointments import (
    AddAppointmentsForm,
    CancelAppointmentForm,
    CloseConsultationForm,
    MoveAppointmentForm,
    WriteSummaryForm,
)
from shoshin.care.forms.break_glass import OpenBreakGlassForm, ReviewBreakGlassForm
from shoshin.care.forms.clients import AddClientForm, ChoicesForm, PageKeyForm, StrengthForm
from shoshin.care.forms.courses import OpenCourseForm
from shoshin.care.forms.cover import AbsenceForm, AskCoverForm, DutyForm, HandoverForm, ReadingHoursForm
from shoshin.care.forms.disclosures import DisclosureForm

__all__ = [
    "AbsenceForm",
    "AddAppointmentsForm",
    "AddClientForm",
    "AskCoverForm",
    "CancelAppointmentForm",
    "ChoicesForm",
    "CloseConsultationForm",
    "DisclosureForm",
    "DutyForm",
    "HandoverForm",
    "MoveAppointmentForm",
    "OpenBreakGlassForm",
    "OpenCourseForm",
    "PageKeyForm",
    "ReadingHoursForm",
    "ReviewBreakGlassForm",
    "StrengthForm",
    "WriteSummaryForm",
]
