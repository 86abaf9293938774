"""Recordings of one's own practice, and the one consent that allows them."""

from typing import ClassVar

from django.db import models

from shoshin.kit.media.keeping import SealedRecording
from shoshin.kit.record import Record
from shoshin.practice.models.rounds import Attempt, Round


class RecordingConsent(Record):
    """Somebody's yes to recording their own practice. Taking it back takes every recording with it."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="recording_consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(withdrawn_at=None), name="one_standing_consent_to_recordings"
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "given_at", "withdrawn_at")
        plain = ("id", "clinic")
        retention = "As long as the person wishes: it shows what they allowed, and when."


class Recording(SealedRecording):
    """One answer, recorded by whoever gave it.

    `answer_key` is the key the answer will have; `attempt` is the answer, once it was given.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="recordings")
    consent = models.ForeignKey(RecordingConsent, on_delete=models.PROTECT, related_name="recordings")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="recordings")
    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, null=True, related_name="recording")
    key = models.UUIDField(unique=True)
    answer_key = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "-began_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member", "consent", "round", "attempt", "answer_key", "kind", "mime", "size", "seconds", "state",
            "refused", "parts", "began_at", "expires_at", "removed_at",
        )  # fmt: skip
        plain = ("id", "clinic", "key", "key_id")
        retention = (
            "The recording itself for 60 days, unless its person keeps it longer, and until they remove it or take "
            "their consent back; the row as long as the person wishes."
        )
