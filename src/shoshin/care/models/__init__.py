"""Tables of care: clients, their courses of therapy, appointments, what is kept of them, and who is there."""

from shoshin.care.models.appointments import Appointment, Summary
from shoshin.care.models.break_glass import BreakGlass
from shoshin.care.models.clients import Client, ClientChoice, PageKey, Strength
from shoshin.care.models.consultation import Consultation
from shoshin.care.models.courses import Course, Ending
from shoshin.care.models.cover import Absence, Cover, Duty, ReadingHour
from shoshin.care.models.disclosures import Disclosure
from shoshin.care.models.recordings import AskedToRecord, RecordingAnswer

__all__ = [
    "Absence",
    "Appointment",
    "AskedToRecord",
    "BreakGlass",
    "Client",
    "ClientChoice",
    "Consultation",
    "Course",
    "Cover",
    "Disclosure",
    "Duty",
    "Ending",
    "PageKey",
    "ReadingHour",
    "RecordingAnswer",
    "Strength",
    "Summary",
]
