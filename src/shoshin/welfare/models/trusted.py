"""The one person somebody would talk to, and how they would reach them."""

from typing import ClassVar

from django.db import models

from shoshin.welfare.models.own import KEPT, OwnRecord


class TrustedPerson(OwnRecord):
    """Whom to talk to when it is heavy: a name and a way, in the words of who wrote them. Nobody is told of it."""

    name = models.CharField(max_length=120)
    reached = models.CharField(max_length=240, blank=True)
    named_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "clinic"], name="one_trusted_person_each"),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "name", "reached", "named_at")
        plain = ("id", "clinic")
        retention = KEPT
