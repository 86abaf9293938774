"""What other apps may ask of community."""

from shoshin.community.queries.balance import mostly_from
from shoshin.community.queries.circles import (
    LARGEST,
    circle_for,
    circles_of,
    invitations_to,
    people_in,
    place_for,
    places_of,
)
from shoshin.community.queries.coaching import (
    CoachStanding,
    asked_coaching_for,
    coaching_for,
    coachings_of,
    leave_for,
    leaves_of,
    shown_between,
    standing_of,
)
from shoshin.community.queries.colleagues import colleagues_of, each_once
from shoshin.community.queries.export import export
from shoshin.community.queries.showings import (
    Spread,
    Work,
    criterion_of,
    is_showable,
    own_showing_for,
    review_by,
    shown_by,
    shown_for,
    shown_to,
    spread_of,
    still_asks,
    waiting_views,
    work_of,
)
from shoshin.community.queries.waits import Waits, waiting_for

__all__ = [
    "LARGEST",
    "CoachStanding",
    "Spread",
    "Waits",
    "Work",
    "asked_coaching_for",
    "circle_for",
    "circles_of",
    "coaching_for",
    "coachings_of",
    "colleagues_of",
    "criterion_of",
    "each_once",
    "export",
    "invitations_to",
    "is_showable",
    "leave_for",
    "leaves_of",
    "mostly_from",
    "own_showing_for",
    "people_in",
    "place_for",
    "places_of",
    "review_by",
    "shown_between",
    "shown_by",
    "shown_for",
    "shown_to",
    "spread_of",
    "standing_of",
    "still_asks",
    "waiting_for",
    "waiting_views",
    "work_of",
]
