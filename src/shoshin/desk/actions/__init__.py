"""What can be done at the desk."""

from shoshin.desk.actions.demo import CannotFillDemoClinic, DemoClinic, fill_demo_clinic
from shoshin.desk.actions.my_data import CannotDeleteClient, delete_client, export_client, export_own

__all__ = [
    "CannotDeleteClient",
    "CannotFillDemoClinic",
    "DemoClinic",
    "delete_client",
    "export_client",
    "export_own",
    "fill_demo_clinic",
]
