"""Accounts, clinics, and the memberships that join them."""

from typing import Any, ClassVar

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import InterfaceError, OperationalError, models
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

    @property
    def actor(self) -> Actor:
        """This person acting on their own account, under no clinic's hat."""
        return Actor("person", str(self.pk))


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
    def leads(self) -> bool:
        """Whether this person answers for others' work: the owner and the team's leads."""
        return self.is_owner or self.role == Role.LEAD

    @property
    def actor(self) -> Actor:
        return Actor("member", str(self.pk), self.clinic_id)


class Invitation(Record):
    """A colleague asked to join, by a link that works once. Only the link's fingerprint is kept."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    membership = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    class Privacy:
        identifying = ("name", "email")
        clinical = ()
        personal = ("role", "token_hash", "invited_by", "used_at", "membership")
        plain = ("id", "clinic", "invited_at", "expires_at", "revoked_at")
        retention = "As long as the clinic keeps records: it says who let whom in."


class FactorReset(Record):
    """A lost second factor that one lead asks to take away and another confirms."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False, withdrawn_at=None),
                name="factor_reset_confirmed_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="factor_reset_withdrawn_by_whom",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member",
            "why",
            "asked_by",
            "asked_at",
            "confirmed_by",
            "confirmed_at",
            "withdrawn_by",
            "withdrawn_at",
        )
        plain = ("id", "clinic")
        retention = "As long as the clinic keeps records: it says who let somebody in without their factor."


class PersonSession(AbstractBaseSession):
    """A browser's session, with the person who is signed in there, so that all of a person's can be ended at once."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("session_key", "session_data", "person")
        plain = ("expire_date",)
        retention = "Until signing out, ten hours at most; a row left behind opens nothing and is swept daily."

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's sessions in the database, each with its person. Named by SESSION_ENGINE."""

    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        return PersonSession

    def save(self, must_create: bool = False) -> None:
        """Django answers every fault of the database here as a session that was ended meanwhile, with a bare refusal.

        Only a row that is gone means that. A database that is away or full says so, and the page of an outage follows.
        """
        try:
            super().save(must_create)
        except UpdateError as ended:
            if isinstance(ended.__context__, OperationalError | InterfaceError):
                raise ended.__context__ from None
            raise

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        row = super().create_model_instance(data)
        assert isinstance(row, PersonSession)
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row
