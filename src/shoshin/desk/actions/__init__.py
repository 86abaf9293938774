"""What can be done at the desk."""

from shoshin.desk.actions.demo import CannotFillDemoClinic, DemoClinic, fill_demo_clinic

__all__ = ["CannotFillDemoClinic", "DemoClinic", "fill_demo_clinic"]
