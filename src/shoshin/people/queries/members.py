"""Who acts under which membership."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404

from shoshin.kit.record import is_key
from shoshin.people.models import Clinic, Membership, Person, Role


def memberships_of(person: Person) -> QuerySet[Membership]:
    """The person's open memberships, oldest first, each with its person and clinic at hand."""
    return (
        Membership.objects.filter(person=person, ended_at=None)
        .select_related("person", "clinic")
        .order_by("began_at", "pk")
    )


def member_of(person: Person, chosen: int | None = None) -> Membership | None:
    """The membership a person acts under: the chosen one while it is open, else their first."""
    mine = list(memberships_of(person))
    return next((member for member in mine if member.pk == chosen), mine[0] if mine else None)


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
