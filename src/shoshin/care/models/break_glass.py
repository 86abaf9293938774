"""Opening one client's record in an emergency: who, why, for how long, and who looked at it afterwards."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.care.models.clients import Client
from shoshin.kit.record import Record


class Emergency(models.TextChoices):
    SAFETY = "safety", _("somebody's safety")
    NO_THERAPIST = "no_therapist", _("the therapist cannot be reached, and somebody must act")
    LEGAL = "legal", _("a legal duty that cannot wait")


class Finding(models.TextChoices):
    IN_ORDER = "in_order", _("it was needed")
    NOT_IN_ORDER = "not_in_order", _("it was not needed; the clinic takes it further")


class BreakGlass(Record):
    """One record opened for an hour by somebody who does not hold it, and the review that follows."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="broken_glass")
    opened_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=Emergency)
    why = models.TextField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    finding = models.CharField(max_length=16, choices=Finding, blank=True)
    review_note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reviewed_at=None, reviewed_by=None)
                | models.Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="break_glass_reviewed_by_whom",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["opened_by", "closes_at"])]

    class Privacy:
        identifying = ()
        clinical = ("client", "reason", "why", "finding", "review_note")
        personal = ("opened_by", "opened_at", "closes_at", "reviewed_at", "reviewed_by")
        plain = ("id", "clinic")
        retention = "As long as the client's record; that it happened stays in the audit trail."
