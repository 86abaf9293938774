"""Appointments of a course, and the summary both keep of each."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.care.models.courses import Course
from shoshin.kit.record import Record


class AppointmentState(models.TextChoices):
    PLANNED = "planned", _("planned")
    KEPT = "kept", _("kept")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")
    MOVED = "moved", _("moved")


class Side(models.TextChoices):
    CLIENT = "client", _("client")
    THERAPIST = "therapist", _("therapist")
    CLINIC = "clinic", _("clinic")


class Appointment(Record):
    """One meeting of client and therapist. Moving it leaves the old row and makes a new one."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="appointments")
    therapist = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=50)
    series = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=AppointmentState, default=AppointmentState.PLANNED)
    state_at = models.DateTimeField()
    changed_by_side = models.CharField(max_length=12, choices=Side, blank=True)
    moved_to = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="moved_from")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["therapist", "starts_at"]),
            models.Index(fields=["course", "starts_at"]),
        ]

    class Privacy:
        identifying = ()
        clinical = (
            "course",
            "therapist",
            "starts_at",
            "minutes",
            "series",
            "state",
            "state_at",
            "changed_by_side",
            "moved_to",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."

    @property
    def notice(self) -> timedelta | None:
        """How long before its time a cancelled or moved appointment was called off."""
        called_off = self.state in (AppointmentState.CANCELLED, AppointmentState.MOVED)
        return self.starts_at - self.state_at if called_off else None


class Summary(Record):
    """What was talked about and agreed, in a few lines both may keep. A correction is a new row."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="summaries")
    talked_about = models.TextField(blank=True)
    agreed = models.TextField(blank=True)
    until_next_time = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        identifying = ()
        clinical = ("appointment", "talked_about", "agreed", "until_next_time", "written_at", "written_by")
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."
