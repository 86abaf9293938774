"""Notes of one's own, and what others chose to show one."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.people import queries as people
from shoshin.welfare.models import FeelingNote, SharedItem
from shoshin.welfare.models.notes import GOES_AFTER, open_share, still_here
from shoshin.welfare.queries.days import own

if TYPE_CHECKING:
    from shoshin.people.models import Membership


def notes_of(member: "Membership", at: datetime) -> QuerySet[FeelingNote]:
    """The member's own notes that have not gone by this moment, newest first."""
    found: QuerySet[FeelingNote] = FeelingNote.objects.filter(own(member), still_here(at))
    return found.order_by("-written_at", "-pk")


def note_for(hat: Hat, key: str) -> FeelingNote:
    """One of the hat's own notes by its key, or 404: also for every other person of the clinic."""
    found = notes_of(hat.member, hat.at).filter(key=key).first() if hat.member is not None and hat.at else None
    if found is None:
        raise Http404("You have no such note.")
    return found


def notes_to_go(at: datetime) -> QuerySet[FeelingNote]:
    """Notes whose 30 days are over and that nobody kept."""
    return FeelingNote.objects.filter(kept_at=None, written_at__lte=at - GOES_AFTER)


def _at_hand(rows: "QuerySet[SharedItem]") -> "QuerySet[SharedItem]":
    wanted = ("person", "clinic", "shown_to__person", "note", "capacity_check")
    return rows.select_related(*wanted).order_by("-shared_at", "-pk")


def shares_of(member: "Membership", at: datetime) -> "QuerySet[SharedItem]":
    """What the member is showing to somebody at this moment, newest first."""
    return _at_hand(SharedItem.objects.filter(own(member), open_share(at)))


def share_for(hat: Hat, pk: int) -> SharedItem:
    """One of the hat's own shares, open or over, or 404."""
    found = SharedItem.objects.filter(own(hat.member), pk=pk).first() if hat.member is not None else None
    if found is None:
        raise Http404("You share no such thing.")
    return found


def shown_to(member: "Membership", at: datetime) -> "QuerySet[SharedItem]":
    """What others show this person at this moment, newest first. A note that has gone is shown to nobody."""
    mine = Q(shown_to__person_id=member.person_id, clinic_id=member.clinic_id)
    gone = Q(note__isnull=False, note__kept_at=None, note__written_at__lte=at - GOES_AFTER)
    return _at_hand(SharedItem.objects.filter(mine, open_share(at)).exclude(gone))


def shown_item_for(hat: Hat, pk: int) -> SharedItem:
    """One thing somebody shows this person, or 404: also for the one who shows it, and for everybody else."""
    found = shown_to(hat.member, hat.at).filter(pk=pk).first() if hat.member is not None and hat.at else None
    if found is None:
        raise Http404("Nobody shows you such a thing.")
    return found


def people_to_show(member: "Membership") -> "list[Membership]":
    """The colleagues somebody may show one thing to: each person of the clinic once, by name."""
    open_ones = people.members_of(member.clinic).filter(ended_at=None, person__is_active=True)
    found = {each.person_id: each for each in open_ones.exclude(person_id=member.person_id)}
    return sorted(found.values(), key=lambda each: (each.person.name, each.pk))
