"""Asking a colleague to join, by a link that works once and for a week."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.people.models import Invitation, Membership, Person, Role
from shoshin.people.queries.invitations import open_invitations, token_hash

OPEN_FOR = timedelta(days=7)


class CannotInvite(ValueError):
    """This person cannot be invited as asked."""


class CannotJoin(ValueError):
    """The link opens nothing, or the account cannot be made."""


@dataclass(frozen=True)
class Invited:
    """An invitation with its link's secret, which exists only here and now."""

    invitation: Invitation
    token: str


@action("people.invite_member")
def invite_member(*, name: str, email: str, role: str, by: Membership, at: datetime) -> Invited:
    """Ask somebody to join the owner's clinic. An open invitation to the same address gives way to this one."""
    name, email = " ".join(name.split()), email.strip().lower()
    if not by.is_owner or by.ended_at is not None:
        raise CannotInvite(_("Only the clinic’s owner invites people."))
    if not name or role not in Role.values or not _is_address(email):
        raise CannotInvite(_("Give a name, an e-mail address and one of the roles."))
    members = Membership.objects.filter(clinic_id=by.clinic_id, ended_at=None, role=role)
    if members.filter(person__email=email).exists():
        raise CannotInvite(_("Somebody with this address has this role in the clinic already."))
    open_invitations(by.clinic, at).filter(email=email, role=role).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        clinic_id=by.clinic_id,
        name=name,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=by,
        invited_at=at,
        expires_at=at + OPEN_FOR,
    )
    return Invited(invitation, token)


@action("people.revoke_invitation")
def revoke_invitation(*, invitation: Invitation, by: Membership, at: datetime) -> None:
    """The link opens nothing from now on."""
    Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(revoked_at=at)


@action("people.join_clinic")
def join_clinic(
    *,
    invitation: Invitation,
    by: Actor,
    at: datetime,
    name: str = "",
    password: str = "",
    person: Person | None = None,
) -> Membership:
    """Come in by an invitation: with the account somebody is signed in to, or with a new one."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not open_invitations(invitation.clinic, at).filter(pk=invitation.pk).exists():
        raise CannotJoin(_("This link does not open any more. Ask for a new one."))
    if person is None:
        if Person.objects.filter(email=invitation.email).exists():
            raise CannotJoin(_("You have an account with this address. Sign in with it, then open the link again."))
        person = Person.objects.create_user(invitation.email, password, " ".join(name.split()))
    here = Membership.objects.filter(person=person, clinic_id=invitation.clinic_id, ended_at=None)
    if here.filter(role=invitation.role).exists():
        raise CannotJoin(_("You have this role in the clinic already."))
    member = Membership.objects.create(person=person, clinic_id=invitation.clinic_id, role=invitation.role, began_at=at)
    invitation.used_at, invitation.membership = at, member
    invitation.save(update_fields=["used_at", "membership"])
    return member


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
