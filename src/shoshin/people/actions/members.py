"""Ending a membership. Facts about clients are asked above, in `care.actions.end_membership`."""

from datetime import datetime

from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.people.models import Invitation, Membership, PersonSession


class CannotEndMembership(ValueError):
    """The clinic would be left without somebody it needs."""


@action("people.end_membership")
def end_membership(*, member: Membership, by: "Actor | Membership", at: datetime) -> Membership:
    """End a membership; the person is signed out everywhere at once, and their open invitations stop."""
    member = Membership.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.ended_at is not None:
        raise CannotEndMembership(_("This membership has ended already."))
    owners = Membership.objects.select_for_update(of=("self",)).filter(
        clinic_id=member.clinic_id, is_owner=True, ended_at=None
    )
    if member.is_owner and len(owners) == 1:
        raise CannotEndMembership(_("This is the clinic’s only owner, so the membership stays."))
    member.ended_at = at
    member.save(update_fields=["ended_at"])
    Invitation.objects.filter(invited_by=member, used_at=None, revoked_at=None).update(revoked_at=at)
    PersonSession.objects.filter(person_id=member.person_id).delete()
    return member
