"""Accounts, clinics, and the memberships that join them."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.action import Actor
from shoshin.kit.record import Record


class PersonManager(BaseUserManager["Person"]):
    """Accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, name: str = "") -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody with an account. Clients have none."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    class Privacy:
        identifying = ("email", "name")
        clinical = ()
        personal = ("password", "last_login", "joined_at")
        plain = ("id", "is_active")
        retention = "Until the account is closed; the name stays on records it signed."

    def __str__(self) -> str:
        return self.name or self.email


class Clinic(Record):
    """One organisation, from a lone therapist up, with the safety numbers its clients are shown."""

    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64)
    region = models.CharField(max_length=16)
    safety = models.JSONField()
    safety_confirmed_at = models.DateTimeField()
    safety_confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("safety_confirmed_by",)
        plain = ("id", "name", "time_zone", "region", "safety", "safety_confirmed_at", "made_at")
        retention = "As long as the clinic exists."

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a membership is for. One person may hold several memberships and acts under one at a time."""

    THERAPIST = "therapist", _("therapist")
    LEAD = "lead", _("team lead")
    OPERATOR = "operator", _("operator")


class Membership(Record):
    """A person's place in a clinic: the hat under which they act."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    is_owner = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "clinic", "role"],
                condition=models.Q(ended_at=None),
                name="one_open_membership_a_role",
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("person", "role", "is_owner", "began_at", "ended_at")
        plain = ("id", "clinic")
        retention = "As long as the clinic keeps records: it says who was who when a record was signed."

    def __str__(self) -> str:
        return self.person.name

    @property
    def actor(self) -> Actor:
        return Actor("member", str(self.pk), self.clinic_id)
