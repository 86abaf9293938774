"""The tables: stored facts, wording packs and licence confirmations. Rows are added, never changed."""

from typing import Any, ClassVar

from django.db import models

from shoshin.kit.record import Record, RecordQuerySet


class CannotChangeStored(RuntimeError):
    """A stored version is what answers are bound to: it stays as it is for ever."""


class StoredQuerySet(RecordQuerySet):
    """Rows that are added and read, never changed."""

    def update(self, **kwargs: Any) -> int:
        raise CannotChangeStored(f"{self.model.__name__} rows are stored and never change; store a new version.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> Any:
        raise CannotChangeStored(f"{self.model.__name__} rows are stored and never change; store a new version.")


class StoredOnce(Record):
    """A record that is written once."""

    objects: ClassVar = StoredQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise CannotChangeStored(
                f"{type(self).__name__} {self.pk} is stored and never changes; store a new version."
            )
        super().save(*args, **kwargs)


class MeasureVersion(StoredOnce):
    """One version of a measure's facts, for one clinic or (clinic None) for the whole installation."""

    measure_id = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    clinic = models.ForeignKey("people.Clinic", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.Membership", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure_id", "version"],
                condition=models.Q(clinic=None),
                name="one_installed_measure_version",
            ),
            models.UniqueConstraint(
                fields=["clinic", "measure_id", "version"],
                condition=models.Q(clinic__isnull=False),
                name="one_measure_version_a_clinic",
            ),
            models.CheckConstraint(
                condition=models.Q(created_by__isnull=False) | models.Q(clinic=None),
                name="measure_of_a_clinic_has_a_maker",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("created_by",)
        plain = ("id", "measure_id", "version", "facts", "sha256", "clinic", "created_at")
        retention = "For ever: answers are bound to the version they were given to."

    def __str__(self) -> str:
        return f"{self.measure_id} {self.version}"


class LicenceConfirmation(StoredOnce):
    """Somebody's word that the terms of a measure's wording are met, for a clinic or the installation."""

    measure_id = models.CharField(max_length=64)
    clinic = models.ForeignKey("people.Clinic", null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.TextField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("people.Membership", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=False) | models.Q(clinic=None),
                name="licence_of_a_clinic_has_a_confirmer",
            ),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("confirmed_by",)
        plain = ("id", "measure_id", "clinic", "statement", "confirmed_at")
        retention = "As long as the wording is kept: it is the ground on which it is shown."

    def __str__(self) -> str:
        return f"Licence of {self.measure_id}"


class WordingPack(StoredOnce):
    """The sentences of one measure version in one language; the newest pack is the one shown."""

    measure_version = models.ForeignKey(MeasureVersion, on_delete=models.PROTECT, related_name="packs")
    language = models.CharField(max_length=16)
    wording = models.JSONField()
    source = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    clinic = models.ForeignKey("people.Clinic", null=True, on_delete=models.PROTECT, related_name="+")
    licence_confirmation = models.ForeignKey(LicenceConfirmation, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = (
            "id",
            "measure_version",
            "language",
            "wording",
            "source",
            "source_sha256",
            "clinic",
            "licence_confirmation",
            "added_at",
        )
        retention = "For ever: it is what a person read when they answered."

    def __str__(self) -> str:
        return f"{self.measure_version} ({self.language})"
