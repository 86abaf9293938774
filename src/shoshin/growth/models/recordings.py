"""Recordings of clients: each of one appointment, by that client's own yes, for their therapist's learning alone."""

from typing import ClassVar

from django.db import models

from shoshin.kit.media.keeping import SealedRecording
from shoshin.kit.vault.tapes import OTHERS


class ClientRecording(SealedRecording):
    """One recorded appointment, or a part of one. `key` is that of the client's yes: taking it back destroys it."""

    shelf = OTHERS

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="+")
    asked = models.OneToOneField("care.AskedToRecord", on_delete=models.CASCADE, related_name="recording")
    key = models.UUIDField(unique=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "-began_at"])]

    class Privacy:
        identifying = ()
        clinical = (
            "client", "asked", "kind", "mime", "size", "seconds", "state", "refused", "parts", "began_at", "expires_at",
            "removed_at",
        )  # fmt: skip
        personal = ("member",)
        plain = ("id", "clinic", "key", "key_id")
        retention = (
            "The recording itself for 60 days at most, and until the client takes their yes back or is no longer "
            "this therapist's; the row as long as the client's record."
        )
