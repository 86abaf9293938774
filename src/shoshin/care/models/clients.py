"""Clients, the three things each is asked, their strengths, and the key to their own page."""

import secrets
import unicodedata
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit.record import Record

REF_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_ref() -> str:
    """A short random name for addresses, without letters that look alike."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(8))


def folded(code: str) -> str:
    """A code as it is compared and searched: capitals, spacing and look-alike letters make no difference."""
    return " ".join(unicodedata.normalize("NFKC", code).casefold().split())


class FoldedCode(models.CharField):  # type: ignore[type-arg]
    """The client's code, folded on every save, so that both databases compare all alphabets alike."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = folded(model_instance.code)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, value)
        return value


class Client(Record):
    """A person in therapy, known here by a code or initials only, and held by one therapist."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    therapist = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="clients")
    ref = models.CharField(max_length=16, unique=True, default=new_ref)
    code = models.CharField(max_length=40)
    code_key = FoldedCode(max_length=160, editable=False)
    language = models.CharField(max_length=10, default="en")
    care_only = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "code_key"], name="one_client_a_code")]
        indexes: ClassVar = [models.Index(fields=["therapist", "code_key"])]

    class Privacy:
        identifying = ("code", "code_key", "ref")
        clinical = ("therapist", "care_only")
        personal = ("language",)
        plain = ("id", "clinic", "added_at")
        retention = "Until the clinic deletes the client; deletion takes everything that hangs on the client."

    def __str__(self) -> str:
        return self.code


class Purpose(models.TextChoices):
    """The three separate things a client is asked. Only the first is needed for therapy."""

    CARE = "care", _("my care")
    LEARNING = "learning", _("my therapist's learning")
    FIGURES = "figures", _("clinic figures and research")


class Said(models.TextChoices):
    """Where a client said yes or no."""

    IN_PERSON = "in_person", _("in the appointment")
    OWN_PAGE = "own_page", _("on their own page")


class ClientChoice(Record):
    """A client's yes or no to one purpose. The latest row counts; earlier rows stay."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="choices")
    purpose = models.CharField(max_length=12, choices=Purpose)
    agreed = models.BooleanField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=16, choices=Said)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "purpose", "-said_at"])]

    class Privacy:
        identifying = ()
        clinical = ("client", "purpose", "agreed", "said_at", "said_by")
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."


class Strength(Record):
    """Something this client brings that helps: a strength or a resource, in a line."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="strengths")
    text = models.CharField(max_length=160)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Privacy:
        identifying = ()
        clinical = ("client", "text", "noted_at", "noted_by", "retired_at")
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."


class PageKey(Record):
    """The key to a client's own page: a link, and a PIN agreed in the appointment, both kept as hashes."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="page_keys")
    token_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Privacy:
        identifying = ("token_hash", "pin_hash")
        clinical = ("client", "made_at", "made_by", "wrong_tries", "locked_at", "revoked_at")
        personal = ()
        plain = ("id",)
        retention = "Until revoked or replaced; then until the client's record is deleted."
