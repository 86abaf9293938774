"""Disclosures: what was told about a client to somebody outside, why it was needed, and why less would not do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.care.models.clients import Client
from shoshin.kit.record import Record


class WhyTold(models.TextChoices):
    """On what ground somebody outside was told."""

    DANGER_TO_SELF = "danger_to_self", _("danger to the client's own life")
    DANGER_TO_OTHERS = "danger_to_others", _("danger to somebody else")
    LAW = "law", _("the law requires it to be reported")
    COURT = "court", _("a court's order")
    CLIENT_ASKED = "client_asked", _("the client asked for it")
    EMERGENCY = "emergency", _("a medical emergency")


class Disclosure(Record):
    """One telling of somebody outside the care relation. Written once; a mistake is put right by another row."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="disclosures")
    told_on = models.DateField()
    to_whom = models.CharField(max_length=200)
    ground = models.CharField(max_length=24, choices=WhyTold)
    what = models.TextField()
    why_needed = models.TextField()
    why_not_less = models.TextField()
    consulted = models.CharField(max_length=200, blank=True)
    client_knows = models.BooleanField()
    why_client_does_not_know = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        identifying = ("to_whom", "consulted")
        clinical = (
            "client",
            "told_on",
            "ground",
            "what",
            "why_needed",
            "why_not_less",
            "client_knows",
            "why_client_does_not_know",
            "written_at",
            "written_by",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record: it is the account of who was told."
