"""Courses of therapy: one client's episodes of care, how each began and how it ended."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.care.models.clients import Client
from shoshin.kit.record import Record


class Ending(models.TextChoices):
    PLANNED = "planned", _("planned together")
    UNPLANNED = "unplanned", _("unplanned: the client stopped coming")
    REFERRED = "referred", _("referred on")


class Decider(models.TextChoices):
    TOGETHER = "together", _("client and therapist together")
    CLIENT = "client", _("the client")
    THERAPIST = "therapist", _("the therapist")
    CLINIC = "clinic", _("the clinic")


class Ground(models.TextChoices):
    """Why a therapist or clinic ends a course. Scores alone are never enough."""

    GOALS = "goals", _("the agreed goals are reached")
    OTHER_HELP = "other_help", _("another kind of help fits better, and the client was asked")
    SCOPE = "scope", _("outside the therapist's scope")
    SAFETY = "safety", _("safety of the client, the therapist or others")
    LEAVING = "leaving", _("the therapist leaves or falls ill")
    FUNDING = "funding", _("funding or the service ends")
    SCORES = "scores", _("scores or a signal")
    OTHER = "other", _("something else, in the words below")


class Course(Record):
    """One course of therapy, from opening to ending."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="courses")
    therapist = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="courses")
    opened_on = models.DateField()
    imported = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)
    decided_by = models.CharField(max_length=12, choices=Decider, blank=True)
    grounds = models.JSONField(default=list)
    ground_words = models.TextField(blank=True)
    consulted = models.CharField(max_length=160, blank=True)
    held_meanwhile_by = models.CharField(max_length=160, blank=True)
    referred_to = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(ended_on=None), name="one_open_course_a_client"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None, ending="")
                | (models.Q(ended_on__isnull=False) & ~models.Q(ending="")),
                name="an_ended_course_says_how",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = (
            "client",
            "therapist",
            "opened_on",
            "imported",
            "ended_on",
            "ending",
            "decided_by",
            "grounds",
            "ground_words",
            "consulted",
            "held_meanwhile_by",
            "referred_to",
        )
        personal = ()
        plain = ("id", "clinic")
        retention = "As long as the client's record."
