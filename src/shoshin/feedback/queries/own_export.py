"""What feedback keeps of a therapist themself: what they expected before they saw a score."""

from typing import TYPE_CHECKING, Any

from shoshin.feedback.models import Guess
from shoshin.kit.record import Own, own_rows

if TYPE_CHECKING:
    from shoshin.people.models import Membership

OWN_TABLES = {"guesses": Own(Guess, ("therapist",))}


def own_record(member: "Membership") -> dict[str, list[dict[str, Any]]]:
    """Every guess of a person, oldest first; not about whom."""
    return own_rows(OWN_TABLES, member)
