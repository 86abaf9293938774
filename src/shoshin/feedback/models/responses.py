"""Responses, their scores, and how a therapist first read them. Rows are added, never changed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.feedback.models.assignments import Assignment
from shoshin.kit.record import Record, RecordQuerySet


class TimeKind(models.TextChoices):
    """How a file of history tells the time."""

    DATE = "date", _("dates")
    MONTH = "month", _("months since the start")
    APPOINTMENT = "appointment", _("numbers of appointments")


class ImportBatch(Record):
    """One file of history brought in by one person."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    therapist = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows_added = models.PositiveIntegerField()
    time_kind = models.CharField(max_length=12, choices=TimeKind, default=TimeKind.DATE)
    dates_known = models.BooleanField(default=True)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=64)

    class Privacy:
        identifying = ("file_name",)
        clinical = ()
        personal = ("therapist", "imported_by")
        plain = ("id", "clinic", "digest", "rows_added", "time_kind", "dates_known", "imported_at")
        retention = "As long as its rows."


class WaitingFile(Record):
    """A file of history between choosing and bringing in: one a person, read by nobody else, gone after a day."""

    member = models.OneToOneField("people.Membership", on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    kept_at = models.DateTimeField()

    class Privacy:
        identifying = ("file_name", "content")
        clinical = ()
        personal = ("member",)
        plain = ("id", "kept_at")
        retention = (
            "Until brought in, replaced or dismissed; unreadable after a day, and then deleted by the next file."
        )


class Source(models.TextChoices):
    LINK = "link", _("by link")
    DEVICE = "device", _("on the therapist's device")
    PAPER = "paper", _("from paper")
    IMPORT = "import", _("imported")


class ResponseQuerySet(RecordQuerySet):
    def current(self) -> "ResponseQuerySet":
        """Responses that no later version corrects."""
        return self.filter(corrected_by=None)


class Response(Record):
    """One filled form: answers by item id, bound for ever to the measure version they were given to."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="responses")
    course = models.ForeignKey("care.Course", on_delete=models.CASCADE, related_name="responses")
    appointment = models.ForeignKey("care.Appointment", on_delete=models.SET_NULL, null=True, related_name="responses")
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="responses")
    version = models.ForeignKey("measures.MeasureVersion", on_delete=models.PROTECT, related_name="+")
    measure_id = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    answered_on = models.DateField()
    occasion = models.PositiveIntegerField()
    source = models.CharField(max_length=12, choices=Source)
    received_at = models.DateTimeField()
    reference = models.CharField(max_length=12, unique=True)
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    corrects = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="corrected_by")
    corrected_because = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="responses")

    objects: ClassVar = ResponseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "key"], name="each_response_once")]
        indexes: ClassVar = [
            models.Index(fields=["course", "measure_id", "occasion"]),
            models.Index(fields=["client", "-received_at"]),
        ]

    class Privacy:
        identifying = ()
        clinical = (
            "client",
            "course",
            "appointment",
            "assignment",
            "version",
            "measure_id",
            "answers",
            "totals",
            "answered_on",
            "occasion",
            "source",
            "received_at",
            "reference",
            "digest",
            "corrects",
            "corrected_because",
            "batch",
        )
        personal = ()
        plain = ("id", "clinic", "key")
        retention = "As long as the client's record."


class ScoreRow(Record):
    """One score of one response, computed when it was received, by the version it is bound to."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="scores")
    score_id = models.CharField(max_length=64)
    value = models.FloatField(null=True)
    answered = models.PositiveSmallIntegerField()
    prorated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["response", "score_id"], name="each_score_once")]

    class Privacy:
        identifying = ()
        clinical = ("response", "score_id", "value", "answered", "prorated")
        personal = ()
        plain = ("id",)
        retention = "As long as the client's record."


class Expected(models.TextChoices):
    BETTER = "better", _("better")
    SAME = "same", _("about the same")
    WORSE = "worse", _("worse")


class Guess(Record):
    """What the therapist expected before seeing a score. Private to the therapist, kept without a tally."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="guess")
    therapist = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    expected = models.CharField(max_length=8, choices=Expected)
    guessed_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ("response",)
        personal = ("therapist", "expected", "guessed_at")
        plain = ("id",)
        retention = "As long as the response; the therapist's own."


class Reading(Record):
    """That a therapist has opened a response. Opening after a guess and opening without one look the same here."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="reading")
    read_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ("response", "read_by", "read_at")
        personal = ()
        plain = ("id",)
        retention = "As long as the response."
