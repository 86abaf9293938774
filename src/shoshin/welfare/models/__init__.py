"""Tables of welfare: what a person who works here notes about themself. Nobody but that person opens them."""

from shoshin.welfare.models.capacity import CapacityCheck, Cause, Easing, LoadNote
from shoshin.welfare.models.compassion import LinePoint, Pause
from shoshin.welfare.models.notes import FeelingNote, SharedItem
from shoshin.welfare.models.own_responses import OwnResponse
from shoshin.welfare.models.trusted import TrustedPerson

__all__ = [
    "CapacityCheck",
    "Cause",
    "Easing",
    "FeelingNote",
    "LinePoint",
    "LoadNote",
    "OwnResponse",
    "Pause",
    "SharedItem",
    "TrustedPerson",
]
