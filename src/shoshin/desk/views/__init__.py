"""Today, a client's page, the glance before an appointment, the sheet after it."""

from shoshin.desk.views.appointments import glance, summary_sheet
from shoshin.desk.views.client import client, line_picture, look_in_emergency, show_client_page
from shoshin.desk.views.my_data import delete_client, export_client, export_own, my_data
from shoshin.desk.views.today import today

__all__ = [
    "client",
    "delete_client",
    "export_client",
    "export_own",
    "glance",
    "line_picture",
    "look_in_emergency",
    "my_data",
    "show_client_page",
    "summary_sheet",
    "today",
]
