"""What every table of welfare has in common: whose it is, and in which clinic it was noted."""

from django.db import models

from shoshin.kit.record import Record

KEPT = "Until the person deletes it; at the latest 30 days after their last membership of the clinic has ended."


class OwnRecord(Record):
    """A row that belongs to one person alone, whichever of their hats they wear in the clinic."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
