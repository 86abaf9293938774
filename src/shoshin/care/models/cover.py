"""Who is there: weekly reading hours, absences, the colleague who covers, and the people on duty.

Each rule stands here twice, side by side: as a condition for the database and as a method of the row.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class ReadingHour(Record):
    """A time of the week at which a member promises to read what comes in, on the clinic's own clock."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="reading_hours")
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    promised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="a_reading_hour_has_length"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="a_reading_hour_has_a_weekday"),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "weekday", "begins", "ends", "promised_at", "ended_at")
        plain = ("id", "clinic")
        retention = "As long as the clinic keeps records: it says what clients had been promised."

    @property
    def day(self) -> str:
        """The weekday by name."""
        return str(DAYS[self.weekday])


class Absence(Record):
    """A time at which a member is away. It counts from its first minute to its last, unless called off."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="absences")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    handover = models.TextField(blank=True)
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="an_absence_ends_after_it_begins"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "ends_at"])]

    class Privacy:
        identifying = ()
        clinical = ("handover",)
        personal = ("member", "begins_at", "ends_at", "entered_at", "cancelled_at")
        plain = ("id", "clinic")
        retention = "As long as the clinic keeps records: it says who was there when an answer came."

    def is_in_force(self, at: datetime) -> bool:
        """Whether it counts at this moment."""
        called_off = self.cancelled_at is not None and self.cancelled_at <= at
        return self.begins_at <= at < self.ends_at and not called_off


class CoverEnding(models.TextChoices):
    """Why a colleague does not, or no longer, cover."""

    DECLINED = "declined", _("said no")
    WITHDRAWN = "withdrawn", _("is no longer asked")
    STEPPED_BACK = "stepped_back", _("stepped back")
    REPLACED = "replaced", _("somebody else covers")


class Cover(Record):
    """A colleague asked to cover an absence. It counts only once accepted, and until it ends."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="covers")
    colleague = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="covers")
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=16, choices=CoverEnding, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["absence", "colleague"], condition=models.Q(ended_at=None), name="asked_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["absence"],
                condition=models.Q(ended_at=None, accepted_at__isnull=False),
                name="one_cover_for_an_absence",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ending="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ending="")),
                name="an_ended_cover_says_why",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("absence", "colleague", "asked_at", "accepted_at", "ended_at", "ending")
        plain = ("id", "clinic")
        retention = "As long as the clinic keeps records: it says by what right a colleague read."

    def is_accepted(self, at: datetime) -> bool:
        """Whether the colleague has agreed by this moment and has not stopped."""
        stopped = self.ended_at is not None and self.ended_at <= at
        return self.accepted_at is not None and self.accepted_at <= at and not stopped


def cover_open(at: datetime) -> models.Q:
    """Covers that open records at this moment: accepted, in their absence, with both people still here."""
    return (
        models.Q(accepted_at__lte=at, absence__begins_at__lte=at, absence__ends_at__gt=at)
        & (models.Q(ended_at=None) | models.Q(ended_at__gt=at))
        & (models.Q(absence__cancelled_at=None) | models.Q(absence__cancelled_at__gt=at))
        & models.Q(
            colleague__ended_at=None,
            colleague__person__is_active=True,
            absence__member__ended_at=None,
            colleague__clinic_id=models.F("absence__clinic_id"),
        )
    )


class Duty(Record):
    """A member the owner names to clients: the last to be told when a marked safety question waits."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="duties")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member"], condition=models.Q(ended_at=None), name="on_duty_once")
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "named_at", "named_by", "ended_at")
        plain = ("id", "clinic")
        retention = "As long as the clinic keeps records: it says who answered for marked safety questions."
