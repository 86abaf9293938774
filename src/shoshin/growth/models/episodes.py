"""The practice episode: from a signal to one goal, and back to the same client's later answers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record


class Might(models.TextChoices):
    """What a stall might be. A therapist's edge is one of several answers."""

    LIFE = "life", _("Life outside")
    FIT = "fit", _("How the treatment fits")
    RELATIONSHIP = "relationship", _("Our relationship")
    MINE = "mine", _("Something I could do better")
    UNKNOWN = "unknown", _("I don't know")


class Outcome(models.TextChoices):
    """Where the client's own answers stand at the end, beside the beginning of the episode."""

    BETTER = "better", _("better than when the episode began")
    SAME = "same", _("about the same as when the episode began")
    WORSE = "worse", _("worse than when the episode began")
    UNKNOWN = "unknown", _("not known")


class Episode(Record):
    """One therapist's question about one client, and what was practised for it. Only its author ever sees it.

    Practice knows the goal and not the client; the link is this row. It closes by itself: after four kept appointments
    or eight weeks.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="+")
    signal = models.ForeignKey("feedback.SignalRow", on_delete=models.SET_NULL, null=True, related_name="+")
    what_might_be = models.CharField(max_length=12, choices=Might)
    sentence = models.CharField(max_length=240, blank=True)
    goal = models.ForeignKey("practice.Goal", on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    measure = models.CharField(max_length=64, blank=True)  # the course's main measure when the episode began
    opening_score = models.FloatField(null=True)
    closing_score = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "client"], condition=models.Q(closed_at=None), name="one_open_episode_a_client"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name="a_closed_episode_has_an_outcome",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-opened_at"])]

    class Privacy:
        identifying = ()
        clinical = (
            "client", "course", "signal", "what_might_be", "sentence", "outcome", "measure", "opening_score",
            "closing_score",
        )  # fmt: skip
        personal = ("member", "goal", "opened_at", "closes_at", "closed_at")
        plain = ("id", "clinic")
        retention = "Its author's own, and no longer than the client's record: it goes when the client is deleted."


class Did(models.TextChoices):
    """What came of it in the next appointment. None of them is a failure."""

    DID_IT = "did_it", _("I did it")
    NO_CHANCE = "no_chance", _("No chance came")
    FORGOT = "forgot", _("I forgot")


class BackInRoom(Record):
    """One tap after an appointment: whether the moment was met differently. A mark on its author's own view only."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="room")
    appointment = models.ForeignKey("care.Appointment", on_delete=models.CASCADE, related_name="+")
    did = models.CharField(max_length=12, choices=Did)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["episode", "appointment"], name="one_answer_an_appointment")
        ]

    class Privacy:
        identifying = ()
        clinical = ("episode", "appointment", "did", "at")
        personal = ()
        plain = ("id",)
        retention = "As long as its episode."
