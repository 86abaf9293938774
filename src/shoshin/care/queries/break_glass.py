"""Records opened in an emergency: which are open, which wait for a review, which are overdue."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.care.models import BreakGlass, Client
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.people.models import Membership

REVIEW_WITHIN = timedelta(hours=72)
TOLD_FOR = timedelta(days=7)


def broken_by(member: "Membership", at: datetime | None) -> Q:
    """The clients whose record this lead or owner has open at this moment."""
    if at is None or not member.leads:
        return Q(pk__in=[])
    now_open = BreakGlass.objects.filter(opened_by=member, opened_at__lte=at, closes_at__gt=at)
    return Q(pk__in=now_open.values("client_id"), clinic_id=member.clinic_id)


def breakers_of(client: Client, at: datetime | None) -> "tuple[Membership, ...]":
    """Who has this client's record open at this moment."""
    if at is None:
        return ()
    now_open = client.broken_glass.filter(opened_at__lte=at, closes_at__gt=at).select_related("opened_by__person")
    return tuple(each.opened_by for each in now_open if each.opened_by.ended_at is None and each.opened_by.leads)


def break_glass_for(hat: Hat, pk: int) -> BreakGlass:
    """The opening behind an address, for the owner and the leads of its clinic, or 404."""
    found = openings_of(hat).filter(pk=pk).first()
    if found is None:
        raise Http404("Nothing of your clinic's has this address.")
    return found


def openings_of(hat: Hat) -> "QuerySet[BreakGlass]":
    """Every opening of the clinic, newest first, for its owner and leads; for anybody else none."""
    if hat.member is None or hat.member.ended_at is not None or not hat.member.leads:
        return BreakGlass.objects.none()
    found: QuerySet[BreakGlass] = BreakGlass.objects.filter(clinic_id=hat.member.clinic_id)
    return found.select_related("clinic", "client", "opened_by__person", "reviewed_by__person").order_by("-opened_at")


def overdue_reviews(hat: Hat, at: datetime) -> "QuerySet[BreakGlass]":
    """Openings that nobody has reviewed within 72 hours."""
    return openings_of(hat).filter(reviewed_at=None, opened_at__lte=at - REVIEW_WITHIN)


def openings_to_tell(hat: Hat, at: datetime) -> "QuerySet[BreakGlass]":
    """What a therapist is told: which of their clients' records somebody opened, until reviewed and for a week."""
    if hat.member is None:
        return BreakGlass.objects.none()
    fresh = Q(reviewed_at=None) | Q(opened_at__gt=at - TOLD_FOR)
    mine = BreakGlass.objects.filter(fresh, client__therapist=hat.member, clinic_id=hat.member.clinic_id)
    return mine.select_related("client", "opened_by__person").order_by("-opened_at")


def clients_open_now(hat: Hat, at: datetime) -> QuerySet[Client]:
    """The records this lead or owner has open now."""
    return Client.objects.filter(broken_by(hat.member, at)).order_by("code_key")
