"""Lost second factors: who may be helped, who could confirm, and which requests wait."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.kit import row_security
from shoshin.people.models import Clinic, FactorReset, Invitation, Membership, Person
from shoshin.people.queries.members import contacts_of, members_of, people_with_factor

OPEN_FOR = timedelta(hours=24)


def open_resets(clinic: Clinic, at: datetime) -> "QuerySet[FactorReset]":
    """Requests of a clinic that wait for a second lead, the oldest first."""
    found: QuerySet[FactorReset] = FactorReset.objects.filter(
        clinic=clinic, confirmed_at=None, withdrawn_at=None, asked_at__gt=at - OPEN_FOR, member__ended_at=None
    )
    return found.select_related("member__person", "asked_by__person").order_by("asked_at")


def resets_to_confirm(member: Membership, at: datetime) -> "QuerySet[FactorReset]":
    """What waits for this lead's yes or no: neither their own request nor one about them."""
    mine = Q(member__person=member.person_id) | Q(asked_by__person=member.person_id)
    return open_resets(member.clinic, at).exclude(mine) if member.leads else FactorReset.objects.none()


def reset_for(member: Membership, pk: int) -> FactorReset:
    """A request of a member's own clinic, or 404."""
    found = FactorReset.objects.filter(clinic_id=member.clinic_id, pk=pk)
    row = found.select_related("member__person", "member__clinic", "asked_by__person", "clinic").first()
    if row is None:
        raise Http404("This clinic has no such request.")
    return row


def people_to_help(member: Membership) -> QuerySet[Membership]:
    """The colleagues of a member who have a second factor that could be lost."""
    here = members_of(member.clinic).filter(ended_at=None, person__in=people_with_factor(member.clinic))
    return here.exclude(person=member.person_id)


def leads_beside(clinic: Clinic, *people: int) -> list[Membership]:
    """The owners and leads of a clinic whose accounts are open, but for these people."""
    return list(contacts_of(clinic).filter(person__is_active=True).exclude(person__in=people))


def is_elsewhere_too(member: Membership) -> bool:
    """Whether this person's account opens another clinic as well."""
    with row_security.acting_for(member.clinic_id, person=member.person_id):
        elsewhere = Membership.objects.filter(person=member.person_id, ended_at=None)
        return elsewhere.exclude(clinic=member.clinic_id).exists()


def has_shown_factor_since(person: Person, moment: datetime) -> bool:
    """Whether a factor or recovery code of this person was used or set up after a moment, so that it is not lost."""
    since = Q(last_used_at__gt=moment) | Q(created_at__gt=moment)
    return Authenticator.objects.filter(since, user=person).exists()


def addresses_of(member: Membership) -> list[str]:
    """Every address by which the clinic knows a person: the account's, and those they were invited by."""
    invited = Invitation.objects.filter(membership__person=member.person_id).order_by("pk")
    return list(dict.fromkeys([member.person.email, *invited.values_list("email", flat=True)]))
