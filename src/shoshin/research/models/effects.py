"""Therapist effects: one private row for each therapist and outcome, and a clinic's share in which nobody is named."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record
from shoshin.science.therapist_effects import FEWEST_COURSES, FEWEST_OWN, FEWEST_THERAPISTS

UNTIL_NEXT = "Until the next build replaces it; none is made for somebody whose membership has ended."


class Counted(models.TextChoices):
    """The three things that are looked at side by side, and never added up."""

    CHANGE = "change", _("How far clients came")
    RATE = "rate", _("How fast they came there")
    DROPOUT = "dropout", _("How courses ended")


def _all_or_none(names: tuple[str, ...]) -> models.Q:
    none, every = ({f"{name}__isnull": empty for name in names} for empty in (True, False))
    return models.Q(**none) | models.Q(**every)


class OwnEffect(Record):
    """One therapist's own result for one outcome, with its interval; or how many courses there are, and why none.

    `estimate`, `low`, `high` and `typical` are in spreads of first scores (change), spreads an appointment (rate) or
    a probability (drop-out). `chance` is the share of a difference between averages that is chance at this caseload.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Counted)
    courses = models.PositiveIntegerField()
    estimate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    typical = models.FloatField(null=True)
    chance = models.FloatField(null=True)
    leans = models.BooleanField(default=False)  # the clinic is small: published figures say how much therapists differ
    source = models.CharField(max_length=80, blank=True)  # of those figures
    reason = models.CharField(max_length=40)
    built_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "outcome"], name="one_own_effect_an_outcome"),
            models.CheckConstraint(
                condition=_all_or_none(("estimate", "low", "high", "typical", "chance")),
                name="no_own_effect_without_an_interval",
            ),
            models.CheckConstraint(
                condition=models.Q(estimate=None) | models.Q(courses__gte=FEWEST_OWN),
                name="no_own_effect_of_few_courses",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member", "outcome", "courses", "estimate", "low", "high", "typical", "chance", "leans", "source", "reason",
        )  # fmt: skip
        plain = ("id", "clinic", "built_at")
        retention = UNTIL_NEXT


class ClinicEffect(Record):
    """A clinic's share of variance between therapists, with its interval, at one severity; or what is missing."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Counted)
    severity = models.SmallIntegerField(default=0)  # spreads of first scores from the average
    therapists = models.PositiveIntegerField()
    courses = models.PositiveIntegerField()
    share = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    missing_therapists = models.PositiveIntegerField(default=0)
    missing_courses = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40)
    built_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "outcome", "severity"], name="one_clinic_effect_a_severity"),
            models.CheckConstraint(
                condition=_all_or_none(("share", "low", "high")), name="no_clinic_effect_without_an_interval"
            ),
            models.CheckConstraint(
                condition=models.Q(share=None)
                | models.Q(therapists__gte=FEWEST_THERAPISTS, courses__gte=FEWEST_COURSES),
                name="no_clinic_effect_of_few",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = (
            "id", "clinic", "outcome", "severity", "therapists", "courses", "share", "low", "high",
            "missing_therapists", "missing_courses", "reason", "built_at",
        )  # fmt: skip
        retention = "Until the next build replaces it."


class EffectView(Record):
    """One therapist's own results shown to one colleague, until an end or until it is taken back."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    shown_to = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # when it was taken back, or found to be over

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(closed_at=None), name="one_view_of_a_therapist_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("shown_at")), name="a_view_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(member=models.F("shown_to")), name="a_view_is_for_somebody_else"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shown_to", "ends_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "shown_to", "shown_at", "ends_at", "closed_at")
        plain = ("id", "clinic")
        retention = "A year after its end; that it was given stays in the audit trail."


def open_view(at: datetime) -> models.Q:
    """Views that are open at this moment."""
    return (
        models.Q(shown_at__lte=at, ends_at__gt=at)
        & (models.Q(closed_at=None) | models.Q(closed_at__gt=at))
        & models.Q(member__ended_at=None, shown_to__ended_at=None, shown_to__person__is_active=True)
    )
