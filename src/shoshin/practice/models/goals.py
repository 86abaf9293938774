"""One goal, a week that fits, and the minutes practised."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record
from shoshin.practice.models.content import Skill


class Goal(Record):
    """The one thing a person is learning now: a sentence of their own, and the skill it asks for.

    It never says from which client it came; that link lives in growth, under this row's key.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="goals")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, related_name="+")
    sentence = models.CharField(max_length=240)
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(ended_at=None), name="one_active_goal_a_member"
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "skill", "sentence", "chosen_at", "ended_at")
        plain = ("id", "clinic")
        retention = "As long as the person wishes: it is theirs."


class Mode(models.TextChoices):
    """With whom one practises."""

    SOLO = "solo", _("alone")
    PAIR = "pair", _("in a pair")
    COACHED = "coached", _("with a coach")


class Plan(Record):
    """A week that fits: how many minutes, which share alone, when not to be reminded.

    Reminders: the last day with one, the first day with one that no practice has followed since, and the day on which
    they came to rest by themselves.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.OneToOneField("people.Membership", on_delete=models.PROTECT, related_name="plan")
    minutes_a_week = models.PositiveSmallIntegerField()
    solo_share = models.PositiveSmallIntegerField()
    days = models.JSONField(default=list)
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    reminds = models.BooleanField(default=False)
    reminded_on = models.DateField(null=True)
    unanswered_since = models.DateField(null=True)
    rested_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(solo_share__lte=100), name="a_share_is_at_most_all")
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member", "minutes_a_week", "solo_share", "days", "quiet_from", "quiet_until", "reminds", "reminded_on",
            "unanswered_since", "rested_on", "made_at",
        )  # fmt: skip
        plain = ("id", "clinic")
        retention = "As long as the person wishes: it is theirs."


class Minutes(Record):
    """Time practised, as the person enters or a round counts it."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="practised")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="+")
    round = models.OneToOneField("practice.Round", on_delete=models.CASCADE, null=True, related_name="minutes")
    mode = models.CharField(max_length=8, choices=Mode)
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "goal", "round", "mode", "on", "minutes", "entered_at")
        plain = ("id", "clinic")
        retention = "As long as the person wishes: it is theirs."
