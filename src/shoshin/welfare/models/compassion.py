"""Pauses that were taken, and two lines that stay two: how steady, and how close."""

from typing import ClassVar

from django.db import models

from shoshin.welfare.models.capacity import HIGHEST
from shoshin.welfare.models.own import KEPT, OwnRecord


class Pause(OwnRecord):
    """That a compassion pause was taken, and nothing more. Kept only where the person asked for it."""

    taken_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "taken_at")
        plain = ("id", "clinic")
        retention = KEPT


class LinePoint(OwnRecord):
    """How steady somebody felt and how close to the other person, 0 to 10. Either may stay open; no sum is made."""

    marked_at = models.DateTimeField()
    steadiness = models.PositiveSmallIntegerField(null=True)
    closeness = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(steadiness__isnull=False) | models.Q(closeness__isnull=False),
                name="a_point_lies_on_a_line",
            ),
            models.CheckConstraint(
                condition=models.Q(steadiness__lte=HIGHEST) | models.Q(steadiness=None),
                name="a_steadiness_is_at_most_ten",
            ),
            models.CheckConstraint(
                condition=models.Q(closeness__lte=HIGHEST) | models.Q(closeness=None),
                name="a_closeness_is_at_most_ten",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "clinic", "marked_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "marked_at", "steadiness", "closeness")
        plain = ("id", "clinic")
        retention = KEPT
