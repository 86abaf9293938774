"""A critical feeling, put into words for oneself, and the showing of one thing to one person."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from shoshin.welfare.models.capacity import CapacityCheck
from shoshin.welfare.models.own import OwnRecord

GOES_AFTER = timedelta(days=30)


class FeelingNote(OwnRecord):
    """A critical feeling in somebody's own words, under a random key that says nothing of whom it is about."""

    key = models.CharField(max_length=32, unique=True)
    words = models.TextField()
    written_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "clinic", "written_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "key", "words", "written_at", "kept_at")
        plain = ("id", "clinic")
        retention = (
            "30 days from writing unless the person keeps it; then until they delete it or have left the clinic."
        )

    @property
    def goes_at(self) -> datetime | None:
        """When it goes by itself; none where it is kept."""
        return None if self.kept_at else self.written_at + GOES_AFTER


def still_here(at: datetime) -> models.Q:
    """Notes that have not gone by this moment: `FeelingNote.goes_at`, for the database."""
    return models.Q(kept_at__isnull=False) | models.Q(written_at__gt=at - GOES_AFTER)


class SharedItem(OwnRecord):
    """One note or one capacity check shown to one colleague, until an end or until it is taken back."""

    note = models.ForeignKey(FeelingNote, on_delete=models.CASCADE, null=True, related_name="shared")
    capacity_check = models.ForeignKey(CapacityCheck, on_delete=models.CASCADE, null=True, related_name="shared")
    shown_to = models.ForeignKey("people.Membership", on_delete=models.CASCADE, related_name="+")
    shared_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(note=None, capacity_check__isnull=False)
                | models.Q(note__isnull=False, capacity_check=None),
                name="one_thing_is_shared",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("shared_at")), name="a_share_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shown_to", "ends_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "note", "capacity_check", "shown_to", "shared_at", "ends_at", "taken_back_at")
        plain = ("id", "clinic")
        retention = "As long as the thing that was shared; that it happened stays in the audit trail."


def open_share(at: datetime) -> models.Q:
    """Shares that show something at this moment."""
    return (
        models.Q(shared_at__lte=at, ends_at__gt=at)
        & (models.Q(taken_back_at=None) | models.Q(taken_back_at__gt=at))
        & models.Q(shown_to__ended_at=None, shown_to__person__is_active=True)
    )
