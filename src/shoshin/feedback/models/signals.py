"""Signals: someone is not improving as expected. Each asks for an answer, and keeps it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.feedback.models.responses import Response
from shoshin.kit.record import Record


class Kind(models.TextChoices):
    WORSE = "worse", _("worse")
    NO_CHANGE = "no_change", _("no change")
    DROP = "drop", _("appointment check dropped")
    MISSING = "missing", _("answers missing")


class Level(models.TextChoices):
    WATCH = "watch", _("watch")
    SIGNAL = "signal", _("signal")


class SignalRow(Record):
    """One signal with the reasons it was raised for. A client has at most one that waits for an answer."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="signals")
    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="signals")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, null=True, related_name="signals")
    kind = models.CharField(max_length=12, choices=Kind)
    level = models.CharField(max_length=8, choices=Level)
    reasons = models.JSONField()
    occasion = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(answered_at=None), name="one_open_signal_a_client"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["client", "-raised_at"])]

    class Privacy:
        identifying = ()
        clinical = (
            "client",
            "course",
            "response",
            "kind",
            "level",
            "reasons",
            "occasion",
            "raised_at",
            "answered_at",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."


class Next(models.TextChoices):
    """What a therapist does with a signal. There is no way to dismiss one."""

    BRING = "bring", _("Bring it to the next appointment")
    TALKED = "talked", _("We talked about it")
    CHANGED = "changed", _("I changed something")
    CONSULT = "consult", _("Take it to consultation")
    DIFFERENT = "different", _("I see it differently, because")


class SignalAnswer(Record):
    """The therapist's answer to a signal: part of the record the client may read."""

    signal = models.ForeignKey(SignalRow, on_delete=models.CASCADE, related_name="answers")
    choice = models.CharField(max_length=12, choices=Next)
    words = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True)
    consultation = models.ForeignKey("care.Consultation", on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        identifying = ()
        clinical = (
            "signal",
            "choice",
            "words",
            "returned_at",
            "consultation",
            "given_at",
            "given_by",
        )
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."


class Change(Record):
    """ "You said, I changed": what the client's feedback led to, in words for the client."""

    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="changes")
    you_said = models.CharField(max_length=300)
    i_changed = models.CharField(max_length=300)
    signal_answer = models.ForeignKey(SignalAnswer, on_delete=models.SET_NULL, null=True, related_name="changes")
    occasion = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        identifying = ()
        clinical = ("course", "you_said", "i_changed", "signal_answer", "occasion", "made_at", "made_by")
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."
