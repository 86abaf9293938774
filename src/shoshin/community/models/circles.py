"""A circle: two to eight colleagues of one clinic who practise together. Two of them are a pair."""

from typing import ClassVar

from django.db import models

from shoshin.kit.record import Record


class Circle(Record):
    """A practice group. It belongs to those in it alike; whoever began it has no other rights."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("name",)
        plain = ("id", "clinic", "made_at")
        retention = "As long as the clinic exists; a circle that everybody has left opens for nobody."

    def __str__(self) -> str:
        return self.name


class Place(Record):
    """One person's place in a circle: invited, then taken or declined, and left whenever they like."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="places")
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)  # declined, where it was never joined

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["circle", "member"], condition=models.Q(left_at=None), name="one_open_place_in_a_circle"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["member", "left_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("circle", "member", "invited_by", "invited_at", "joined_at", "left_at")
        plain = ("id", "clinic")
        retention = "As long as its circle."
