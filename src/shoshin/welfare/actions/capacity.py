"""Noting how much is in oneself, how long one practised, and that one would rather go easier."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import SYSTEM, Actor, action
from shoshin.welfare.actions.oneself import oneself
from shoshin.welfare.models import CapacityCheck, Cause, Easing, LoadNote
from shoshin.welfare.models.capacity import HIGHEST, Ease
from shoshin.welfare.queries.days import own

if TYPE_CHECKING:
    from shoshin.people.models import Membership

EASING_LASTS = timedelta(days=7)
LONGEST_WORDS = 2000
LONGEST_BLOCK = 24 * 60


class CannotCheckCapacity(ValueError):
    """The check says something it cannot say."""


class CannotNoteLoad(ValueError):
    """So much practice cannot be in one note."""


class CannotEaseOff(ValueError):
    """There is no such easier."""


@action("welfare.check_capacity")
def check_capacity(
    *,
    member: "Membership",
    capacity: int,
    by: "Membership",
    at: datetime,
    causes: Collection[str] = (),
    words: str = "",
) -> CapacityCheck:
    """Keep how much is in somebody now, 0 (nothing) to 10 (as much as ever), and what it came from."""
    oneself(member, by)
    if not 0 <= capacity <= HIGHEST:
        raise CannotCheckCapacity(_("Choose a number from 0 to 10. Nothing was saved."))
    if len(words) > LONGEST_WORDS:
        raise CannotCheckCapacity(_("Your words fit in 2000 characters. Nothing was saved; say it shorter."))
    ticked = [cause for cause in Cause.values if cause in set(causes)]
    return CapacityCheck.objects.create(
        clinic_id=member.clinic_id,
        person_id=member.person_id,
        checked_at=at,
        capacity=capacity,
        causes=ticked,
        words=words.strip(),
    )


@action("welfare.forget_check")
def forget_check(*, check: CapacityCheck, by: "Membership", at: datetime) -> None:
    """Delete one of one's own checks; what was shown of it closes with it."""
    oneself(check, by)
    check.delete()


@action("welfare.note_load")
def note_load(
    *,
    member: "Membership",
    minutes: int,
    strain: int | None,
    by: "Membership | Actor",
    at: datetime,
    too_hard: bool = False,
    ended_at: datetime | None = None,
) -> LoadNote:
    """Keep that a stretch of practice ended: its minutes, its strain (0 to 10, 10 most), and whether too hard.

    It ended now, or at `ended_at`. The system may note it too: for a round that was left open and that it closes.
    """
    if by is not SYSTEM:
        oneself(member, by)  # type: ignore[arg-type]
    if not 0 <= minutes <= LONGEST_BLOCK:
        raise CannotNoteLoad(_("A day has 1440 minutes. Nothing was saved."))
    if strain is not None and not 0 <= strain <= HIGHEST:
        raise CannotNoteLoad(_("Choose a number from 0 to 10. Nothing was saved."))
    return LoadNote.objects.create(
        clinic_id=member.clinic_id,
        person_id=member.person_id,
        ended_at=ended_at or at,
        minutes=minutes,
        strain=strain,
        too_hard=too_hard,
    )


@action("welfare.ease_off")
def ease_off(*, member: "Membership", colour: str, by: "Membership", at: datetime) -> Easing:
    """Go easier for a week than the figures ask. A wish to go harder than they allow has no door."""
    oneself(member, by)
    if colour not in Ease.values:
        raise CannotEaseOff(_("Choose one of the two. Nothing was changed."))
    _end_easing(member, at)
    return Easing.objects.create(
        clinic_id=member.clinic_id,
        person_id=member.person_id,
        colour=colour,
        began_at=at,
        ends_at=at + EASING_LASTS,
    )


@action("welfare.stop_easing_off")
def stop_easing_off(*, member: "Membership", by: "Membership", at: datetime) -> None:
    """Take one's own wish back. What the figures ask stays as it is."""
    oneself(member, by)
    _end_easing(member, at)


def _end_easing(member: "Membership", at: datetime) -> None:
    Easing.objects.filter(own(member), ends_at__gt=at).update(ends_at=at)
