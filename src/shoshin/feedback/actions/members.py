"""A colleague leaves: care hands the clients over and ends the membership; feedback knows of alerts that wait."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from shoshin.care import actions as care_actions
from shoshin.feedback.actions.notices import readdress_notices
from shoshin.feedback.models import Alert
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotEndMembership(ValueError):
    """Clients, or safety questions of theirs, would be left without anybody."""


class CannotHandOver(ValueError):
    """The clients cannot go to this colleague."""


@action("feedback.end_membership")
def end_membership(*, member: "Membership", by: "Membership", at: datetime) -> "Membership":
    """End a membership, but not while a safety question of a client of theirs is open, in a course or not.

    What was to be sent to them about others' clients goes to whoever is told now.
    """
    waiting = Alert.objects.filter(client__therapist=member, closed_at=None).count()
    if waiting:
        raise CannotEndMembership(
            ngettext(
                "A safety question of a client of this colleague is still open. "
                "Hand the clients over first, so that somebody answers for it.",
                "%(count)d safety questions of clients of this colleague are still open. "
                "Hand the clients over first, so that somebody answers for them.",
                waiting,
            )
            % {"count": waiting}
        )
    told = list(Alert.objects.filter(notices__member=member, notices__sent_at=None).values_list("pk", flat=True))
    try:
        ended = care_actions.end_membership(member=member, by=by, at=at)
    except care_actions.CannotEndMembership as refusal:
        raise CannotEndMembership(str(refusal)) from refusal
    readdress_notices(told, at)
    return ended


@action("feedback.hand_over_clients")
def hand_over_clients(*, member: "Membership", to: "Membership", by: "Membership", at: datetime) -> int:
    """Hand all of a member's clients over. Whoever holds them now is told of what nobody has acknowledged."""
    waiting = list(Alert.objects.filter(client__therapist=member, acknowledged_at=None).values_list("pk", flat=True))
    try:
        count = care_actions.hand_over_clients(member=member, to=to, by=by, at=at)
    except care_actions.CannotHandOver as refusal:
        raise CannotHandOver(str(refusal)) from refusal
    readdress_notices(waiting, at)
    return count
