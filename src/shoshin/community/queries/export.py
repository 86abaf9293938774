"""Everything community keeps of one person, as plain data: what they showed and wrote, and what they were given."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from shoshin.community.models import (
    Circle,
    Coaching,
    GentleWord,
    GentleYes,
    HowItWas,
    Leave,
    Place,
    Review,
    Showing,
    Witness,
)
from shoshin.kit.record import Own, own_rows

if TYPE_CHECKING:
    from shoshin.people.models import Membership

TABLES = {
    "circles": Own(Circle, ("places__member",)),
    "places_in_circles": Own(Place),
    "shown_attempts": Own(Showing),
    "shown_to": Own(Witness, ("showing__member",)),
    "asked_to_look": Own(Witness),
    "views_written": Own(Review),
    "views_received": Own(Review, ("showing__member",), Q(opened_at__isnull=False)),  # sealed ones stay sealed
    "coaching": Own(Coaching, ("trainee", "coach")),
    "how_it_was": Own(HowItWas, ("coaching__trainee",)),
    "told_to_a_coach": Own(GentleWord, ("coaching__trainee",)),
    "standing_yes_to_telling": Own(GentleYes, ("coaching__trainee",)),
    "days_of_leave": Own(Leave),
}


def export(member: "Membership") -> dict[str, list[dict[str, Any]]]:
    """Every row of a person among colleagues in this clinic, by table, oldest first. Nobody else's work is in it."""
    return own_rows(TABLES, member)
