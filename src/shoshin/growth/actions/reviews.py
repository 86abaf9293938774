"""What a Friday review decides about a client, beside an episode."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care import actions as care
from shoshin.growth.models import Reviewed, TakenTo
from shoshin.growth.queries.review import next_friday
from shoshin.kit.action import action
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.care.models import Client, Course
    from shoshin.feedback.models import SignalRow
    from shoshin.people.models import Membership

LONGEST = 300


class CannotDecide(ValueError):
    """Nothing was decided; the message says what is missing."""


@action("growth.say_not_now", formative=True)
def say_not_now(
    *, client: "Client", signal: "SignalRow | None", reason: str, by: "Membership", at: datetime
) -> Reviewed:
    """Leave it for this week, with the reason. It comes back next Friday."""
    return _decided(client, signal, TakenTo.NOT_NOW, reason, by, at)


@action("growth.take_to_consultation", formative=True)
def take_to_consultation(
    *, client: "Client", course: "Course", signal: "SignalRow | None", reason: str, by: "Membership", at: datetime
) -> Reviewed:
    """Put the client on the list for consultation, unless one waits already; the question is part of the record."""
    decided = _decided(client, signal, TakenTo.CONSULTATION, reason, by, at)
    if not course.consultations.filter(closed_at=None).exists():
        care.open_consultation(course=course, question=decided.reason, by=by, at=at)
    return decided


def _decided(
    client: "Client", signal: "SignalRow | None", taken_to: TakenTo, reason: str, by: "Membership", at: datetime
) -> Reviewed:
    reason = " ".join(reason.split())
    if client.therapist_id != by.pk:
        raise CannotDecide(_("A review is about clients of your own. Nothing was changed."))
    if not reason:
        raise CannotDecide(_("Say in a few words why, or what you would ask."))
    if len(reason) > LONGEST:
        raise CannotDecide(_("This fits in 300 characters. Nothing was saved; say it shorter."))
    returns_on = next_friday(people.day_of(client.clinic, at))
    row, _made = Reviewed.objects.update_or_create(
        member=by,
        client=client,
        returns_on=returns_on,
        defaults={
            "clinic": client.clinic, "signal": signal, "taken_to": taken_to, "reason": reason, "decided_at": at,
        },
    )  # fmt: skip
    return row
