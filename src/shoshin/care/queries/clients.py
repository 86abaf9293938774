"""Which clients a hat may see, and, the other way round, who may see a client."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.care.models import Client, ClientChoice, Strength
from shoshin.care.models.clients import Purpose, folded
from shoshin.care.queries.break_glass import breakers_of, broken_by
from shoshin.care.queries.cover import covered_by, covers_of
from shoshin.kit.policy import Hat, relations_reading

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@dataclass(frozen=True)
class Relation:
    """A reason why one person may see another's record at a moment, asked from either end by the same rule."""

    name: str
    clients: "Callable[[Membership, datetime | None], Q]"
    members: "Callable[[Client, datetime], tuple[Membership, ...]]"


def _held_by(member: "Membership", at: datetime | None) -> Q:
    return Q(therapist=member, clinic_id=member.clinic_id)


def _holder_of(client: Client, at: datetime) -> "tuple[Membership, ...]":
    holder = client.therapist
    return (holder,) if holder.ended_at is None and holder.clinic_id == client.clinic_id else ()


RELATIONS = {
    "own": Relation("own", clients=_held_by, members=_holder_of),
    "cover": Relation("cover", clients=covered_by, members=covers_of),
    "break_glass": Relation("break_glass", clients=broken_by, members=breakers_of),
}


@dataclass(frozen=True)
class Reader:
    """Someone who may read a client's answers, and by which relation."""

    member: "Membership"
    relation: str


def clients_of(hat: Hat) -> QuerySet[Client]:
    """The clients this hat may see on this route. Nobody's hat sees nobody.

    A relation that opens less than a client (an alert one was told of) is its own app's matter and opens no client.
    """
    allowed = Q(pk__in=[])
    if hat.member is None or hat.member.ended_at is not None:
        return Client.objects.none()
    for name in RELATIONS.keys() & set(hat.relations):
        allowed |= RELATIONS[name].clients(hat.member, hat.at)
    return Client.objects.filter(allowed)


def client_for(hat: Hat, ref: str) -> Client:
    """The client behind an address, or 404: a stranger does not learn that the client exists."""
    client = clients_of(hat).select_related("clinic", "therapist__person").filter(ref=ref).first()
    if client is None:
        raise Http404("No client of yours has this address.")
    hat.saw(client.pk)
    return client


def client_with_readers(pk: int) -> Client:
    """A client with everything that telling who reads their answers needs, in one query."""
    return Client.objects.select_related("clinic", "therapist__person").get(pk=pk)


def readers_of(client: Client, at: datetime) -> tuple[Reader, ...]:
    """Everyone who may read this client's answers at this moment: the policy's relations, filled from the roster."""
    found: dict[int, Reader] = {}
    for name in (each for each in relations_reading("answers") if each in RELATIONS):
        for member in RELATIONS[name].members(client, at):
            found.setdefault(member.pk, Reader(member, name))
    return tuple(found.values())


def latest_choices(client: Client) -> dict[str, ClientChoice]:
    """The client's current answer to each purpose asked so far, by purpose."""
    return {choice.purpose: choice for choice in client.choices.order_by("said_at", "pk")}


def current_strengths(client: Client) -> QuerySet[Strength]:
    """What this client brings, newest first."""
    return client.strengths.filter(retired_at=None).order_by("-noted_at", "-pk")


def is_code_taken(clinic_id: int, code: str) -> bool:
    """Whether a code is in use in a clinic, whatever its capitals."""
    return Client.objects.filter(clinic_id=clinic_id, code_key=folded(code)).exists()


def purposes_asked(client: Client) -> tuple[Purpose, ...]:
    """What this client may be asked now: an imported client only for care, until asked anew in person."""
    return (Purpose.CARE,) if client.care_only else tuple(Purpose)


def agreed(client: Client, purpose: str) -> bool:
    """Whether the client's latest word on a purpose is yes. Not asked yet is not a yes."""
    if Purpose(purpose) not in purposes_asked(client):
        return False
    latest = client.choices.filter(purpose=purpose).order_by("-said_at", "-pk").first()
    return latest is not None and latest.agreed


def strength_for(hat: Hat, pk: int) -> Strength:
    """The strength behind an address, or 404 where its client is not this hat's to see."""
    found: Strength | None = (
        Strength.objects.select_related("client__clinic").filter(pk=pk, client__in=clients_of(hat)).first()
    )
    if found is None:
        raise Http404("No strength of a client of yours has this address.")
    hat.saw(found.client_id)
    return found
