"""The facts of each page that joins several apps."""

from shoshin.desk.queries.appointments import Glance, SummarySheet, glance, summary_sheet
from shoshin.desk.queries.client import ClientPage, client_page, line_picture
from shoshin.desk.queries.emergency import EmergencyPage, emergency_page
from shoshin.desk.queries.paper import as_pdf, can_make_pdf
from shoshin.desk.queries.today import Today, today
from shoshin.desk.queries.together import Together, page_together

__all__ = [
    "ClientPage",
    "EmergencyPage",
    "Glance",
    "SummarySheet",
    "Today",
    "Together",
    "as_pdf",
    "can_make_pdf",
    "client_page",
    "emergency_page",
    "glance",
    "line_picture",
    "page_together",
    "summary_sheet",
    "today",
]
