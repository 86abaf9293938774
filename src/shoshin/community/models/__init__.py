"""Tables of community: who practises together, what is shown to whom, and how it was met. Nobody is ranked."""

from shoshin.community.models.circles import Circle, Place
from shoshin.community.models.coaching import Coaching, HowItWas, Leave
from shoshin.community.models.gently import GentleWord, GentleYes
from shoshin.community.models.showings import Review, Showing, View, Witness

__all__ = [
    "Circle",
    "Coaching",
    "GentleWord",
    "GentleYes",
    "HowItWas",
    "Leave",
    "Place",
    "Review",
    "Showing",
    "View",
    "Witness",
]
