"""Tables of care: clients, their courses of therapy, appointments, and what is kept of them."""

from shoshin.care.models.appointments import Appointment, Summary
from shoshin.care.models.clients import Client, ClientChoice, PageKey, Strength
from shoshin.care.models.consultation import Consultation
from shoshin.care.models.courses import Course, Ending

__all__ = [
    "Appointment",
    "Client",
    "ClientChoice",
    "Consultation",
    "Course",
    "Ending",
    "PageKey",
    "Strength",
    "Summary",
]
