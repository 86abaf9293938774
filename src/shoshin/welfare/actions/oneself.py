"""The one rule of every action here: a row is about the person who writes it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shoshin.people.models import Membership


def oneself(whose: Any, by: "Membership") -> None:
    """Refuse to write or change what belongs to somebody else: a membership, or a row with its person."""
    if whose.person_id != by.person_id or whose.clinic_id != by.clinic_id:
        raise PermissionError("A person's own well-being is noted, changed and shown by that person alone.")
