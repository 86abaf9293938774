"""What care asks on its pages."""

from shoshin.care.forms.appointments import (
    AddAppointmentsForm,
    CancelAppointmentForm,
    CloseConsultationForm,
    MoveAppointmentForm,
    WriteSummaryForm,
)
from shoshin.care.forms.clients import AddClientForm, ChoicesForm, PageKeyForm, StrengthForm
from shoshin.care.forms.courses import OpenCourseForm

__all__ = [
    "AddAppointmentsForm",
    "AddClientForm",
    "CancelAppointmentForm",
    "ChoicesForm",
    "CloseConsultationForm",
    "MoveAppointmentForm",
    "OpenCourseForm",
    "PageKeyForm",
    "StrengthForm",
    "WriteSummaryForm",
]
