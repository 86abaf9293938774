"""What practice estimates: how able a person is at a skill, and how hard a statement."""

from typing import ClassVar

from django.db import models

from shoshin.kit.record import Record
from shoshin.practice.models.content import Statement


class Ability(Record):
    """What is estimated of one person at one skill, on the scale of statement difficulties (logits; higher is abler).

    With it the state of the spacing rule: when a mastered skill returns.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="abilities")
    skill_slug = models.CharField(max_length=64)
    value = models.FloatField(default=0.0)
    variance = models.FloatField(default=1.0)
    attempts = models.PositiveIntegerField(default=0)
    card = models.JSONField(default=dict)
    returns_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "skill_slug"], name="one_ability_a_skill")]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member", "skill_slug", "value", "variance", "attempts", "card", "returns_on", "changed_at",
        )  # fmt: skip
        plain = ("id", "clinic")
        retention = "As long as the person wishes: it is theirs."


class Difficulty(Record):
    """How hard one statement has been in this clinic (logits; higher is harder), over how many attempts."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="difficulties")
    value = models.FloatField()
    variance = models.FloatField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "statement"], name="one_difficulty_a_statement")
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = ("id", "clinic", "statement", "value", "variance", "attempts")
        retention = "As long as the clinic exists."
