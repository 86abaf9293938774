"""How readers watch over the content: flags with closed reasons, and sorting blind to the level."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record
from shoshin.practice.models.content import Statement


class Flag(Record):
    """A reader's word that a statement should be looked at again, with a reason from a closed list."""

    class Reason(models.TextChoices):
        UNREAL = "unreal", _("Nobody talks like that")
        UNFAIR = "unfair", _("It is unfair to a group of people")
        WRONG_LEVEL = "wrong_level", _("Its level is wrong")
        MODELS = "models", _("A model answer does not meet the criterion")
        DISTRESSING = "distressing", _("It needs a content warning")
        LANGUAGE = "language", _("The language is wrong or unclear")

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="flagged")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    flagged_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField()
    settled = models.CharField(max_length=240, blank=True)
    settled_at = models.DateTimeField(null=True)
    is_so = models.BooleanField(null=True)  # what whoever settled it found; open while the flag is

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "reason", "flagged_by"],
                condition=models.Q(settled_at=None),
                name="one_open_flag_a_reason",
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("flagged_by",)
        plain = ("id", "clinic", "statement", "reason", "flagged_at", "settled", "settled_at", "is_so")
        retention = "As long as its pack."


class BlindSort(Record):
    """The level a reader gives a statement without knowing which level its writers meant."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="sorted")
    level = models.PositiveSmallIntegerField()
    sorted_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    sorted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "sorted_by"], name="each_reader_sorts_once")
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("sorted_by",)
        plain = ("id", "clinic", "statement", "level", "sorted_at")
        retention = "As long as its pack."
