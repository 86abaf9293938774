"""Schedules, and measures sent to clients, with the draft a form keeps until it is sent."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record


class Rhythm(models.TextChoices):
    EVERY = "every", _("every appointment")
    EVERY_FOUR = "every_four", _("every four appointments")
    INTAKE_END = "intake_end", _("at intake and at the end")


class Schedule(Record):
    """One measure of a course's plan: which, and how often."""

    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="schedules")
    measure_id = models.CharField(max_length=64)
    rhythm = models.CharField(max_length=12, choices=Rhythm)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["course", "measure_id"], condition=models.Q(stopped_at=None), name="one_rhythm_a_measure"
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ("course", "measure_id", "rhythm", "set_at", "set_by", "stopped_at")
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."


class AssignmentState(models.TextChoices):
    OPEN = "open", _("sent, not begun")
    BEGUN = "begun", _("begun")
    DONE = "done", _("answered")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")


class Way(models.TextChoices):
    """How a form reaches the client."""

    LINK = "link", _("link or QR code")
    DEVICE = "device", _("on this device")
    PAPER = "paper", _("on paper")


class Assignment(Record):
    """A measure asked of a client, once. Its link files answers and never reads any."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="assignments")
    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="assignments")
    appointment = models.ForeignKey(
        "care.Appointment", on_delete=models.SET_NULL, null=True, related_name="assignments"
    )
    version = models.ForeignKey("measures.MeasureVersion", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    way = models.CharField(max_length=12, choices=Way)
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    form_hash = models.CharField(max_length=64, null=True, unique=True)
    state = models.CharField(max_length=12, choices=AssignmentState, default=AssignmentState.OPEN)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "state"]), models.Index(fields=["appointment"])]

    def draft_rows(self) -> "models.QuerySet[Draft]":
        """This form's draft, as the none or one row it is."""
        return Draft.objects.filter(assignment=self)

    class Privacy:
        identifying = ("token_hash", "form_hash")
        clinical = (
            "client",
            "course",
            "appointment",
            "version",
            "language",
            "way",
            "state",
            "sent_at",
            "sent_by",
            "expires_at",
            "settled_at",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."


class Draft(Record):
    """Answers saved as the client goes. Only the browser that began may read it back, until sent or an hour idle."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="draft")
    answers = models.JSONField(default=dict)
    seq = models.BigIntegerField(default=0)  # the browser's own order: an older save never replaces a newer one
    saved_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ("assignment", "answers", "saved_at")
        personal = ()
        plain = ("id", "seq")
        retention = "Deleted when the form is sent or declined; unreadable after an hour idle."
