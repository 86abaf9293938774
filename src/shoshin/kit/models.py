"""The audit trail: who did what to which record, ids only, never content."""

from typing import Any, ClassVar

from django.db import models


class RowsOnlyAdded(RuntimeError):
    """A row of the audit trail was about to change or go. Nothing was written."""


class OnlyAdded(models.QuerySet):
    """A queryset that adds rows and reads them."""

    def update(self, **kwargs: Any) -> int:
        raise RowsOnlyAdded("A row of the audit trail never changes.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise RowsOnlyAdded("A row of the audit trail never goes.")


class AuditEvent(models.Model):
    """One action or one reading of a record. Rows are only ever added. No foreign keys, so that they outlive.

    `about` is whose record it was, where it was one person's. `seq` and `hash` make each clinic's rows a chain
    (see kit/chain.py); clinic 0 is what belongs to no clinic.
    """

    clinic_id = models.BigIntegerField(default=0)
    seq = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)
    event = models.CharField(max_length=64)
    about = models.BigIntegerField(null=True)
    subjects = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    objects: ClassVar = OnlyAdded.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic_id", "seq"], name="one_row_a_place")]
        indexes: ClassVar = [models.Index(fields=["about", "-at"])]

    class Privacy:
        identifying = ()
        clinical = ("about",)
        personal = ("actor_id",)
        plain = ("id", "clinic_id", "seq", "at", "actor_kind", "event", "subjects", "hash")
        retention = "Kept as long as the clinic keeps records: it answers who did what, and when."

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise RowsOnlyAdded("Rows of the audit trail are added by kit/chain.py alone.")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RowsOnlyAdded("A row of the audit trail never goes.")


class ChainHead(models.Model):
    """Where a clinic's chain ends: the lock that writers queue at, and what the next row stands on."""

    clinic_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = ("clinic_id", "seq", "hash")
        retention = "As long as its chain."


class Task(models.Model):
    """Something promised in a transaction and done after it, at least once (see kit/tasks.py)."""

    name = models.CharField(max_length=64)
    key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_problem = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "key"], name="one_task_a_key")]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="tasks_to_do")]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = ("id", "name", "key", "payload", "due_at", "leased_until", "failures", "last_problem", "done_at")
        retention = "Ids only. Rounds go after the next one; the rest as long as the clinic keeps its trail."


class Beat(models.Model):
    """When a worker was last heard of."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ()
        plain = ("name", "at")
        retention = "Overwritten by the next one."
