"""Alerts: a safety question was marked. Raised in the same transaction as the answer, sent or not."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

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
    notified_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    closing_note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(acknowledged_at=None, acknowledged_by=None)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False, acknowledged_at__isnull=False),
                name="alert_closed_by_whom_after_acknowledging",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "acknowledged_at"]),
            # Asked for every page's frame: whether any waits in this clinic.
            models.Index(fields=["clinic"], condition=models.Q(acknowledged_at=None), name="alert_waiting"),
        ]

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
            "notified_at",
            "acknowledged_at",
            "acknowledged_by",
            "note",
            "closed_at",
            "closed_by",
            "closing_note",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."

    @property
    def state(self) -> str:
        """raised, notified, acknowledged or closed."""
        if self.closed_at is not None:
            return "closed"
        if self.acknowledged_at is not None:
            return "acknowledged"
        return "raised" if self.notified_at is None else "notified"


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    CALL = "call", _("webhook or ntfy")


class Notice(Record):
    """One message about an alert, without content, to one person or (over the second channel) to the clinic's duty."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    step = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "step", "channel"], condition=models.Q(member=None), name="one_call_a_step"
            ),
            models.UniqueConstraint(fields=["alert", "step", "channel", "member"], name="one_notice_a_member"),
        ]

    class Privacy:
        identifying = ()
        clinical = ("alert", "step", "channel", "member", "made_at", "sent_at")
        personal = ()
        plain = ("id",)
        retention = "As long as the alert."
