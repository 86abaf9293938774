"""The audit trail: who did what to which record, ids only, never content."""

from django.db import models


class AuditEvent(models.Model):
    """One action or one reading of client data. Rows are only ever added. No foreign keys, so that they outlive."""

    clinic_id = models.BigIntegerField(null=True, db_index=True)
    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)
    event = models.CharField(max_length=64)
    subjects = models.JSONField(default=dict)

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("actor_id",)
        plain = ("id", "clinic_id", "at", "actor_kind", "event", "subjects")
        retention = "Kept as long as the clinic keeps records: it answers who did what, and when."
