"""One sentence without content for one's coach: told by the trainee's own act, or by their standing yes."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from shoshin.community.models.coaching import Coaching
from shoshin.kit.record import Record

STANDS_FOR = timedelta(days=7)


class GentleYes(Record):
    """A trainee's standing yes to telling this one coach when a day asks them to go gently. It is off until given."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    coaching = models.ForeignKey(Coaching, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["coaching"], condition=models.Q(revoked_at=None), name="one_standing_gentle_yes_a_coaching"
            )
        ]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("coaching", "given_at", "revoked_at")
        plain = ("id", "clinic")
        retention = "As long as its coaching: it shows the trainee what they allowed, and when."


class GentleWord(Record):
    """That a coach was told their trainee would like to go gently this week. No figure and no reason is in it."""

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    coaching = models.ForeignKey(Coaching, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()
    by_itself = models.BooleanField()  # by the standing yes, and not by an act of that day
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["coaching", "-told_at"])]

    class Privacy:
        identifying = ()
        clinical = ()
        personal = ("coaching", "told_at", "by_itself", "taken_back_at")
        plain = ("id", "clinic")
        retention = "As long as its coaching: it shows the trainee what was told, and when."

    @property
    def stands_until(self) -> datetime:
        """When the coach no longer reads it."""
        return self.told_at + STANDS_FOR


def lately_told(at: datetime) -> models.Q:
    """Words of the last seven days, those taken back too: so long no other one goes by itself."""
    return models.Q(told_at__lte=at, told_at__gt=at - STANDS_FOR)
