"""Alerts: a safety question was marked. Raised in the same transaction as the answer, sent or not."""

from typing import ClassVar

from django.db import models

from shoshin.feedback.models.assignments import Assignment
from shoshin.feedback.models.responses import Response
from shoshin.kit.record import Record


class Alert(Record):
    """A marked safety question, until a named person has acknowledged it with a note."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="alerts")
    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="alerts")
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="alerts")
    response = models.ForeignKey(Response, on_delete=models.SET_NULL, null=True, related_name="alerts")
    item_id = models.CharField(max_length=64)
    value = models.FloatField()
    from_draft = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(acknowledged_at=None, acknowledged_by=None)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_whom",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["client", "acknowledged_at"])]

    class Privacy:
        identifying = ()
        clinical = (
            "client",
            "course",
            "assignment",
            "response",
            "item_id",
            "value",
            "from_draft",
            "raised_at",
            "acknowledged_at",
            "acknowledged_by",
            "note",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."
