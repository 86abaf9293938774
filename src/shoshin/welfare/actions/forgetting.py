"""Forgetting: what is over goes by itself, and everything goes when its owner says so or has left."""

from datetime import datetime
from typing import TYPE_CHECKING

from shoshin.kit.action import Actor, action
from shoshin.welfare.queries.export import TABLES
from shoshin.welfare.queries.leaving import rows_of_people_who_left
from shoshin.welfare.queries.notes import notes_to_go

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@action("welfare.forget_notes")
def forget_notes(*, by: Actor, at: datetime) -> int:
    """Delete every note whose 30 days are over and that nobody kept. Says how many."""
    due = notes_to_go(at)
    gone = due.count()
    due.delete()
    return gone


@action("welfare.delete_welfare")
def delete_welfare(*, member: "Membership", by: "Membership | Actor", at: datetime) -> int:
    """Delete everything a person noted about themself in this clinic, at their own word. Says how many rows."""
    rows = [model.objects.filter(person_id=member.person_id, clinic_id=member.clinic_id) for model in TABLES.values()]
    gone = sum(found.count() for found in rows)
    for found in reversed(rows):
        found.delete()
    return gone


@action("welfare.forget_people_who_left")
def forget_people_who_left(*, by: Actor, at: datetime) -> int:
    """Delete what people noted who have been gone from a clinic for 30 days. Says how many rows."""
    rows = rows_of_people_who_left(at)
    gone = sum(found.count() for found in rows)
    for found in reversed(rows):
        found.delete()
    return gone
