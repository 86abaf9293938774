"""Who practises beside somebody. One person may hold several memberships here, and is one witness, not two."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.people.models import Membership


def mine(member: "Membership", path: str = "member") -> Q:
    """Rows of this person in this clinic, whichever of their memberships stands in them."""
    return Q(**{f"{path}__person_id": member.person_id, f"{path}__clinic_id": member.clinic_id})


def still_here(path: str = "member") -> Q:
    """Rows whose person still works in the clinic and has an open account."""
    return Q(**{f"{path}__ended_at": None, f"{path}__person__is_active": True})


def colleagues_of(member: "Membership") -> "list[Membership]":
    """The other therapists and leads of the clinic, each person once, by name."""
    return each_once(each for each in people.clinicians_of(member.clinic) if each.person_id != member.person_id)


def each_once(members: "Iterable[Membership]") -> "list[Membership]":
    """Each person once, in the order given."""
    found: dict[int, Membership] = {}
    for each in members:
        found.setdefault(each.person_id, each)
    return list(found.values())
