"""A round of an exercise, and the attempts in it. They belong to whoever practised, and to nobody else."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record
from shoshin.practice.models.content import AnswerKind, Exercise, Statement
from shoshin.practice.models.goals import Goal, Mode


class Stopped(models.TextChoices):
    """Why a round ended. None of them is a failure."""

    CHOSE = "chose", _("you stopped")
    TWICE_TOO_HARD = "twice_too_hard", _("it was too hard twice, and that is enough for today")
    ENOUGH = "enough", _("the planned tries are done")
    LEFT = "left", _("left open, and closed after a day")


class Round(Record):
    """One run of an exercise: from the first statement to stopping. `level` is where it stands now."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="rounds")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="rounds")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="rounds")
    key = models.UUIDField()
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.SOLO)
    criterion = models.CharField(max_length=64)
    began_level = models.PositiveSmallIntegerField()
    asked = models.BooleanField(default=False)  # whether the person chose that level, past what was suggested
    level = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=16, choices=Stopped, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "key"], name="each_round_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-began_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member", "exercise", "goal", "mode", "criterion", "began_level", "asked", "level", "began_at", "ended_at",
            "stopped",
        )  # fmt: skip
        plain = ("id", "clinic", "key")
        retention = "As long as the person wishes: it is theirs."


class Reaction(models.TextChoices):
    """How hard it was to meet the criterion, in the person's own judgement."""

    TOO_EASY = "too_easy", _("too easy")
    GOOD = "good_challenge", _("a good challenge")
    TOO_HARD = "too_hard", _("too hard")


class Rating(models.IntegerChoices):
    """Whether the answer met the one criterion of the round."""

    NOT_YET = 0, _("not yet")
    PARTLY = 1, _("partly")
    MET = 2, _("yes")


class Attempt(Record):
    """One answer to one client statement. The first on a statement is kept as it was, however many follow."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="attempts")
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="attempts")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="attempts")
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    is_first = models.BooleanField()
    answer = models.CharField(max_length=8, choices=AnswerKind)
    text = models.TextField(blank=True)
    rating = models.PositiveSmallIntegerField(choices=Rating, null=True)
    reaction = models.CharField(max_length=16, choices=Reaction, blank=True)
    felt = models.JSONField(default=dict)
    step = models.JSONField(default=dict)  # the level after this attempt, with the reason as a code
    is_useful = models.BooleanField(default=False)
    lesson = models.CharField(max_length=240, blank=True)
    answered_at = models.DateTimeField()  # by the person's own device, when it was offline
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "key"], name="each_attempt_once"),
            models.UniqueConstraint(fields=["round", "number"], name="attempts_of_a_round_are_numbered"),
            models.CheckConstraint(condition=models.Q(rating__lte=2), name="a_rating_is_one_of_three"),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-answered_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "round", "member", "statement", "number", "is_first", "answer", "text", "rating", "reaction", "felt",
            "step", "is_useful", "lesson", "answered_at", "received_at",
        )  # fmt: skip
        plain = ("id", "clinic", "key", "digest")
        retention = "As long as the person wishes: it is theirs."
