"""A pause that was taken, and marks on the two lines."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import action
from shoshin.welfare.actions.oneself import oneself
from shoshin.welfare.models import LinePoint, Pause
from shoshin.welfare.models.capacity import HIGHEST

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotMarkLines(ValueError):
    """There is nothing to mark."""


@action("welfare.take_pause")
def take_pause(*, member: "Membership", by: "Membership", at: datetime) -> Pause:
    """Keep that a pause was taken, because the person asked for it: no length, no occasion, no words."""
    oneself(member, by)
    return Pause.objects.create(clinic_id=member.clinic_id, person_id=member.person_id, taken_at=at)


@action("welfare.mark_lines")
def mark_lines(
    *, member: "Membership", steadiness: int | None, closeness: int | None, by: "Membership", at: datetime
) -> LinePoint:
    """Keep how steady and how close somebody felt, 0 to 10 each. One of the two may stay open; no sum is made."""
    oneself(member, by)
    given = [value for value in (steadiness, closeness) if value is not None]
    if not given:
        raise CannotMarkLines(_("Mark one of the two lines, or leave the page. Nothing was saved."))
    if not all(0 <= value <= HIGHEST for value in given):
        raise CannotMarkLines(_("Choose a number from 0 to 10. Nothing was saved."))
    return LinePoint.objects.create(
        clinic_id=member.clinic_id,
        person_id=member.person_id,
        marked_at=at,
        steadiness=steadiness,
        closeness=closeness,
    )
