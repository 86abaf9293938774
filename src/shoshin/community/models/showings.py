"""A simulated attempt shown to somebody by its maker's own act, and the views it met. No client is in any of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.community.models.circles import Circle
from shoshin.community.models.moments import Moment, moments_in
from shoshin.kit.record import Record


class View(models.TextChoices):
    """Whether the one criterion of the round was met, as one witness sees it."""

    NOT_YET = "not_yet", _("not yet")
    PARTLY = "partly", _("partly")
    MET = "met", _("yes")


class Showing(Record):
    """One attempt shown to named people, with a question and an end. The maker may take it back at any time."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey("practice.Attempt", on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(Circle, null=True, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=240)
    wished = models.PositiveSmallIntegerField()
    with_own_rating = models.BooleanField(default=False)
    with_recording = models.BooleanField(default=False)
    shown_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("shown_at")), name="a_showing_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(wished__gte=1, wished__lte=5), name="one_to_five_views_a_showing"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-shown_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "member", "attempt", "circle", "question", "wished", "with_own_rating", "with_recording", "shown_at",
            "ends_at", "taken_back_at",
        )  # fmt: skip
        plain = ("id", "clinic")
        retention = "As long as the attempt: it is its maker's."


class Witness(Record):
    """One person to whom an attempt is shown, named before it is. Who joins the circle later is not among them."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    showing = models.ForeignKey(Showing, on_delete=models.CASCADE, related_name="witnesses")
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["showing", "member"], name="each_witness_once")]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("showing", "member")
        plain = ("id", "clinic")
        retention = "As long as what was shown."


class Review(Record):
    """One witness's view, signed with their name by sending it: written before they saw any other.

    `moment` has a comment a line; beside a recording a line may begin with its time, as in "0:42 here you wait".
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    showing = models.ForeignKey(Showing, on_delete=models.CASCADE, related_name="reviews")
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    view = models.CharField(max_length=8, choices=View)
    words = models.TextField()
    strength = models.TextField()
    to_try = models.TextField()
    moment = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["showing", "member"], name="one_view_a_witness"),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = (
            "showing", "member", "view", "words", "strength", "to_try", "moment", "sent_at", "opened_at",
        )  # fmt: skip
        plain = ("id", "clinic")
        retention = "As long as what was shown: it was given to its maker."

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The comments on single moments, each with its place in the recording where one was said."""
        return moments_in(self.moment)
