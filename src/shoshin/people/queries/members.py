"""Who acts under which membership."""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import Http404

from shoshin.kit.record import is_key
from shoshin.people.models import Clinic, Membership, Person, Role


def memberships_of(person: Person) -> QuerySet[Membership]:
    """The person's open memberships, oldest first, each with its person and clinic at hand."""
    return person.memberships.filter(ended_at=None).select_related("clinic").order_by("began_at", "pk")


def member_of(person: Person, chosen: int | None = None) -> Membership | None:
    """The membership a person acts under: the chosen one while it is open, else their first."""
    return hat_among(list(memberships_of(person)), chosen)


def hat_among(mine: list[Membership], chosen: int | None) -> Membership | None:
    """Which of somebody's memberships is active."""
    return next((member for member in mine if member.pk == chosen), mine[0] if mine else None)


def names_of(members: Iterable[int]) -> dict[int, str]:
    """The names behind memberships, open or ended, by key."""
    return dict(Membership.objects.filter(pk__in=set(members)).values_list("pk", "person__name"))


def own_membership_for(person: Person, chosen: str) -> Membership:
    """One of the person's own open memberships, or 404."""
    mine = memberships_of(person).filter(pk=chosen).first() if is_key(chosen) else None
    if mine is None:
        raise Http404("This person has no such membership.")
    return mine


def members_of(clinic: Clinic) -> QuerySet[Membership]:
    """Everybody who is or was in a clinic: those who are first, by name."""
    return (
        Membership.objects.filter(clinic=clinic)
        .select_related("person", "clinic")
        .order_by(F("ended_at").asc(nulls_first=True), "person__name", "pk")
    )


def members_since(moment: datetime) -> QuerySet[Membership]:
    """Every membership of every clinic that is open, or ended after this moment."""
    return Membership.objects.filter(Q(ended_at=None) | Q(ended_at__gt=moment))


def colleague_for(owner: Membership, pk: int) -> Membership:
    """An open membership of the owner's own clinic, or 404."""
    found = members_of(owner.clinic).filter(pk=pk, ended_at=None).first()
    if found is None:
        raise Http404("This clinic has no such member.")
    return found


def has_second_factor(person: Person) -> bool:
    """Whether a passkey or an authenticator app is set up for an account."""
    return second_factors_of(person).exists()


def second_factors_of(person: Person) -> QuerySet[Authenticator]:
    """The passkeys and the authenticator app of an account; recovery codes are no factor of their own."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=person, type__in=kinds)


def people_with_factor(clinic: Clinic) -> set[int]:
    """Which of a clinic's people have a second factor."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    rows = Authenticator.objects.filter(type__in=kinds, user__memberships__clinic=clinic)
    return set(rows.values_list("user_id", flat=True))


def demo_members() -> QuerySet[Membership]:
    """Everybody one may enter the demo as: leads first, then therapists, then operators, each by name."""
    order = Case(
        When(role=Role.LEAD, then=Value(0)),
        When(role=Role.THERAPIST, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Membership.objects.filter(ended_at=None, person__is_active=True)
        .select_related("person", "clinic")
        .order_by(order, "person__name", "pk")
    )


def demo_member_for(chosen: str) -> Membership:
    """The member behind a button of the demo door, or 404."""
    member = demo_members().filter(pk=chosen).first() if is_key(chosen) else None
    if member is None:
        raise Http404("Nobody of the demo clinic has this number.")
    return member


def contacts_of(clinic: Clinic) -> QuerySet[Membership]:
    """Who answers for a clinic: its owners and team leads, by name."""
    answering = Q(is_owner=True) | Q(role=Role.LEAD)
    return (
        Membership.objects.filter(answering, clinic=clinic, ended_at=None)
        .select_related("person")
        .order_by("person__name")
    )


def therapists_of(clinic: Clinic) -> QuerySet[Membership]:
    """The therapists of a clinic, by name."""
    return (
        Membership.objects.filter(clinic=clinic, role=Role.THERAPIST, ended_at=None)
        .select_related("person", "clinic")
        .order_by("person__name", "pk")
    )


def therapists_without_office(clinic: Clinic) -> QuerySet[Membership]:
    """The therapists of a clinic who decide nothing about colleagues: with no hat do they own, lead or operate it."""
    office = Q(is_owner=True) | Q(role__in=(Role.LEAD, Role.OPERATOR))
    holders = Membership.objects.filter(office, clinic=clinic, ended_at=None).values("person_id")
    return therapists_of(clinic).filter(person__is_active=True).exclude(person_id__in=holders)


def open_memberships() -> QuerySet[Membership]:
    """Every membership of every clinic that is open."""
    return Membership.objects.filter(ended_at=None).select_related("clinic").order_by("pk")


def clinicians_of(clinic: Clinic) -> QuerySet[Membership]:
    """The therapists and team leads of a clinic whose accounts are open, by name."""
    return (
        Membership.objects.filter(
            clinic=clinic, role__in=(Role.THERAPIST, Role.LEAD), ended_at=None, person__is_active=True
        )
        .select_related("person")
        .order_by("person__name", "pk")
    )


def therapist_by_email(email: str) -> Membership | None:
    """The open therapist membership of an account."""
    return (
        Membership.objects.filter(person__email=email.strip().lower(), role=Role.THERAPIST, ended_at=None)
        .select_related("person", "clinic")
        .order_by("began_at", "pk")
        .first()
    )


def owner_by_email(email: str) -> Membership | None:
    """The open membership by which an account owns a clinic."""
    return (
        Membership.objects.filter(person__email=email.strip().lower(), is_owner=True, ended_at=None)
        .select_related("person", "clinic")
        .order_by("began_at", "pk")
        .first()
    )
