"""Consultation: taking a question about a course to colleagues."""

from typing import ClassVar

from django.db import models

from shoshin.care.models.courses import Course
from shoshin.kit.record import Record


class Consultation(Record):
    """A question waiting for, or answered in, consultation."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="consultations")
    question = models.TextField(blank=True)
    opened_by_itself = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    held_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="consultation_closed_by_whom",
            )
        ]

    class Privacy:
        identifying = ()
        clinical = (
            "course",
            "question",
            "opened_by_itself",
            "opened_at",
            "held_on",
            "outcome",
            "closed_at",
            "closed_by",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."
