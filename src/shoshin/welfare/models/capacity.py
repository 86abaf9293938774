"""How much is in somebody today, how long they practised, and when they chose to go easier."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.welfare.models.own import KEPT, OwnRecord

HIGHEST = 10


class Cause(models.TextChoices):
    """What a capacity may come from: a short closed list, so that nobody has to explain.

    Those that `science.load` knows bear its names.
    """

    WORK = "work", _("full days at work")
    HARD_HOUR = "hard_hour", _("an hour that stays with me")
    DOUBT = "doubt", _("doubt about my work")
    ALONE = "alone", _("being alone with it")
    CARING = "caring", _("caring for somebody")
    CONFLICT = "conflict", _("a conflict")
    SLEEP = "sleep", _("I slept little")
    ILLNESS = "illness", _("I am ill, or in pain")
    LOSS = "loss", _("a loss")
    CRISIS = "crisis", _("a crisis of my own")
    RESTED = "rested", _("I am rested")
    COMPANY = "company", _("good company")


class CapacityCheck(OwnRecord):
    """How much was in somebody at a moment, 0 to 10, what it came from, and their own words if they like."""

    checked_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    causes = models.JSONField(default=list)
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(capacity__lte=HIGHEST), name="a_capacity_is_at_most_ten")
        ]
        indexes: ClassVar = [models.Index(fields=["person", "clinic", "checked_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "checked_at", "capacity", "causes", "words")
        plain = ("id", "clinic")
        retention = KEPT


class LoadNote(OwnRecord):
    """A stretch of practice: how many minutes it took, how much it strained, and whether it was marked as too hard."""

    ended_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    strain = models.PositiveSmallIntegerField(null=True)
    too_hard = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(strain__lte=HIGHEST), name="a_strain_is_at_most_ten")
        ]
        indexes: ClassVar = [models.Index(fields=["person", "clinic", "ended_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "ended_at", "minutes", "strain", "too_hard")
        plain = ("id", "clinic")
        retention = KEPT


class Ease(models.TextChoices):
    """How much easier somebody wants it for a while, whatever the figures say."""

    AMBER = "amber", _("go gently")
    RED = "red", _("rest first")


class Easing(OwnRecord):
    """A week in which somebody chose to go easier than the figures ask. It ends by itself, or when they say so."""

    colour = models.CharField(max_length=8, choices=Ease)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "clinic", "ends_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "colour", "began_at", "ends_at")
        plain = ("id", "clinic")
        retention = KEPT
