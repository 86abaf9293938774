"""Measures that somebody fills in about themself."""

from typing import ClassVar

from django.db import models

from shoshin.welfare.models.own import KEPT, OwnRecord


class OwnResponse(OwnRecord):
    """One measure filled in by a person about themself, with its scores."""

    version = models.ForeignKey("measures.MeasureVersion", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    scores = models.JSONField()
    filled_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "clinic", "filled_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "version", "answers", "scores", "filled_at")
        plain = ("id", "clinic")
        retention = KEPT
