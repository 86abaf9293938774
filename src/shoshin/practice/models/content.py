"""What can be practised: packs, skills, exercises and client statements. A stored version stays as it was tried."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record


class Pack(Record):
    """One version of a pack, for one clinic or (clinic None) for the whole installation.

    A removed pack offers nothing new; what was tried from it stays readable.
    """

    clinic = models.ForeignKey("people.Clinic", null=True, on_delete=models.PROTECT, related_name="+")
    slug = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=240)
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey("people.Membership", null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slug", "version"], condition=models.Q(clinic=None), name="one_built_in_pack_version"
            ),
            models.UniqueConstraint(
                fields=["clinic", "slug", "version"],
                condition=models.Q(clinic__isnull=False),
                name="one_pack_version_a_clinic",
            ),
            models.CheckConstraint(
                condition=models.Q(installed_by__isnull=False) | models.Q(clinic=None),
                name="pack_of_a_clinic_has_an_installer",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("installed_by",)
        plain = ("id", "clinic", "slug", "version", "title", "manifest", "digest", "installed_at", "removed_at")
        retention = "For ever: attempts are bound to the version they were made on."

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"


class Family(models.TextChoices):
    """The three shelves that every model of therapy shares."""

    ALLIANCE = "alliance", _("The working alliance")
    INTERPERSONAL = "interpersonal", _("Being with people")
    INNER = "inner", _("What happens inside me")


class Skill(Record):
    """Something a therapist can do, whatever their school, with the client problems that often ask for it."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="skills")
    slug = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    family = models.CharField(max_length=16, choices=Family)
    title = models.CharField(max_length=240)
    about = models.TextField()
    helps_with = models.JSONField()
    sources = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "slug"], name="one_skill_a_pack")]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = ("id", "pack", "slug", "version", "family", "title", "about", "helps_with", "sources")
        retention = "As long as its pack."

    def __str__(self) -> str:
        return self.title


class AnswerKind(models.TextChoices):
    """How a client statement is met."""

    TYPED = "typed", _("typed")
    SPOKEN = "spoken", _("aloud")
    SILENT = "silent", _("in silence")


class Exercise(Record):
    """A versioned procedure: what to practise, by which criteria, on which statements."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="exercises")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="exercises")
    slug = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=240)
    answer = models.CharField(max_length=8, choices=AnswerKind)
    practise = models.CharField(max_length=240)
    miss = models.CharField(max_length=240)
    criteria = models.JSONField()
    flags = models.JSONField(default=list)
    licence = models.CharField(max_length=240)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "slug"], name="one_exercise_a_pack")]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = (
            "id", "pack", "skill", "slug", "version", "title", "answer", "practise", "miss", "criteria", "flags",
            "licence",
        )  # fmt: skip
        retention = "As long as its pack."

    def __str__(self) -> str:
        return self.title

    @property
    def is_silent(self) -> bool:
        """Whether it is an inner drill, met without a word."""
        return self.answer == AnswerKind.SILENT

    def criterion(self, slug: str) -> str:
        """A criterion in words; empty for one this exercise does not have."""
        return next((each["text"] for each in self.criteria if each["id"] == slug), "")


class Statement(Record):
    """What a client says. `possible` holds two possible answers, shown only after one's own."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="statements")
    slug = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField()
    says = models.TextField()
    client = models.CharField(max_length=240)
    problem = models.CharField(max_length=64)
    affect = models.CharField(max_length=64)
    delivery = models.CharField(max_length=240)
    flags = models.JSONField(default=list)
    possible = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["exercise", "slug"], name="one_statement_an_exercise")]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = (
            "id", "exercise", "slug", "level", "says", "client", "problem", "affect", "delivery", "flags", "possible",
        )  # fmt: skip
        retention = "As long as its pack."
