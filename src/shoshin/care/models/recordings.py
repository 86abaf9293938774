"""What a client said when asked whether one appointment may be recorded. The recording itself lies elsewhere."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.care.models.clients import Client, Said
from shoshin.kit.record import Record


class RecordingAnswer(models.TextChoices):
    """Three answers of equal weight."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    LATER = "later", _("Ask me another time")


class AskedToRecord(Record):
    """One client's answer about one recording: of this day, for the therapist's own learning, heard by nobody else.

    A yes is for this recording only, and taking it back destroys the recording's key, which `key` names.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="recordings_asked")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    day = models.DateField()
    answer = models.CharField(max_length=8, choices=RecordingAnswer)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=16, choices=Said, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "-asked_at"])]

    class Privacy:
        identifying = ()
        clinical = ("client", "day", "answer", "asked_at", "asked_by", "withdrawn_at", "withdrawn_by")
        personal = ()
        plain = ("id", "key")
        retention = "As long as the client's record: it shows what they allowed, and when they took it back."

    @property
    def stands(self) -> bool:
        """Whether it is a yes that nobody has taken back."""
        return self.answer == RecordingAnswer.YES and self.withdrawn_at is None
