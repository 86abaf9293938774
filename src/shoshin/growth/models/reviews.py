"""The Friday review: what was decided about a client who does not yet benefit, other than an episode."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record


class TakenTo(models.TextChoices):
    """Where a review took a client, beside an episode."""

    CONSULTATION = "consultation", _("a consultation")
    NOT_NOW = "not_now", _("not now")


class Reviewed(Record):
    """One decision of a review, with its reason. It comes back on the Friday it names. Only its author sees it."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="+")
    signal = models.ForeignKey("feedback.SignalRow", on_delete=models.SET_NULL, null=True, related_name="+")
    taken_to = models.CharField(max_length=16, choices=TakenTo)
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    returns_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "returns_on"])]

    class Privacy:
        identifying = ()
        clinical = ("client", "signal", "taken_to", "reason")
        personal = ("member", "decided_at", "returns_on")
        plain = ("id", "clinic")
        retention = "Its author's own, and no longer than the client's record: it goes when the client is deleted."
