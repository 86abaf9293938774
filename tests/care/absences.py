"""Absences of the cast, as tests enter them: on the clinic's own wall clock."""

from datetime import datetime

from shoshin.care.actions import accept_cover, ask_cover, enter_absence
from shoshin.kit.action import action
from shoshin.kit.policy import Hat
from tests.cast import NOW

COVERING = ("own", "cover")


def away(member, since: str, until: str, *, colleague=None, accepted=False, at: datetime = NOW, handover=""):
    """`member` is away from "2026-11-10 09:00" until another such moment, and perhaps somebody covers."""
    begins, ends = datetime.fromisoformat(since), datetime.fromisoformat(until)
    absence = enter_absence(
        member=member,
        from_day=begins.date(),
        from_time=begins.time(),
        until_day=ends.date(),
        until_time=ends.time(),
        handover=handover,
        by=member,
        at=at,
    )
    if colleague is not None:
        asked = ask_cover(absence=absence, colleague=colleague, by=member, at=at)
        if accepted:
            accept_cover(cover=asked, by=colleague, at=at)
    return absence


def covering(member, at: datetime) -> Hat:
    """The hat under which a member also sees whom they cover."""
    return Hat(member, COVERING, at)


@action("tests.move_clinic")
def move_clinic(*, clinic, zone: str, by, at) -> None:
    clinic.time_zone = zone
    clinic.save()


@action("tests.leave_clinic")
def leave_clinic(*, member, by, at) -> None:
    member.ended_at = at
    member.save()


@action("tests.give_role")
def give_role(*, member, role: str, by, at) -> None:
    member.role = role
    member.save()
