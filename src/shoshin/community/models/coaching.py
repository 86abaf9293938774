"""Coaching: a relation between two people about one goal, asked for by the trainee. It is never a rank."""

from typing import ClassVar

from django.db import models

from shoshin.kit.record import Record


class Coaching(Record):
    """One trainee and one coach. It waits until accepted, and either of them may end it."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    trainee = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    coach = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=240)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # declined or withdrawn, where it was never accepted

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trainee", "coach"], condition=models.Q(ended_at=None), name="one_open_coaching_a_pair"
            ),
            models.CheckConstraint(condition=~models.Q(trainee=models.F("coach")), name="nobody_coaches_themself"),
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("trainee", "coach", "about", "asked_at", "accepted_at", "ended_at")
        plain = ("id", "clinic")
        retention = "As long as both wish: it is theirs."


class HowItWas(Record):
    """How it was to practise, in the trainee's words. Every meeting of the two begins with it."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    coaching = models.ForeignKey(Coaching, on_delete=models.CASCADE, related_name="told")
    words = models.CharField(max_length=500)
    said_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("coaching", "words", "said_at")
        plain = ("id", "clinic")
        retention = "As long as its coaching."


class Leave(Record):
    """Days on which somebody does not work. They do not count towards the days since they last showed a practice."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("begins_on")), name="a_leave_ends_after_it_begins"
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("member", "begins_on", "ends_on", "entered_at")
        plain = ("id", "clinic")
        retention = "As long as the person wishes: it is theirs."
