"""Who was asked to join, and which invitation a link belongs to."""

from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet
from django.http import Http404

from shoshin.kit.row_security import enter
from shoshin.people.models import Clinic, Invitation, Membership


def token_hash(token: str) -> str:
    """A link's fingerprint: what is kept in place of its secret."""
    return sha256(token.encode()).hexdigest()


def open_invitations(clinic: Clinic, at: datetime) -> QuerySet[Invitation]:
    """Invitations of a clinic whose link still opens, the latest first."""
    return Invitation.objects.filter(
        clinic=clinic, used_at=None, revoked_at=None, expires_at__gt=at, invited_by__ended_at=None
    ).order_by("-invited_at", "-pk")


def invitation_by_token(token: str, at: datetime) -> Invitation | None:
    """The open invitation of a link. Unknown, expired, used and revoked links are all the same: nothing."""
    found = Invitation.objects.select_related("clinic", "invited_by__person").filter(token_hash=token_hash(token))
    enter(found)
    invitation = found.first()
    if invitation is None or not open_invitations(invitation.clinic, at).filter(pk=invitation.pk).exists():
        return None
    return invitation


def invitation_for(owner: Membership, pk: int) -> Invitation:
    """An invitation of the owner's own clinic, or 404."""
    found = Invitation.objects.filter(clinic_id=owner.clinic_id, pk=pk).first()
    if found is None:
        raise Http404("This clinic has no such invitation.")
    return found
