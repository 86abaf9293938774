"""Everything welfare keeps of one person, as plain data."""

from typing import TYPE_CHECKING, Any

from shoshin.kit.record import plain_row
from shoshin.welfare.models import (
    CapacityCheck,
    Easing,
    FeelingNote,
    LinePoint,
    LoadNote,
    OwnResponse,
    Pause,
    SharedItem,
    TrustedPerson,
)
from shoshin.welfare.queries.days import own

if TYPE_CHECKING:
    from shoshin.people.models import Membership

TABLES = {
    "capacity_checks": CapacityCheck,
    "practice_minutes": LoadNote,
    "times_to_go_easier": Easing,
    "pauses": Pause,
    "steadiness_and_closeness": LinePoint,
    "critical_feeling_notes": FeelingNote,
    "own_measures": OwnResponse,
    "shown_to_others": SharedItem,
    "person_to_talk_to": TrustedPerson,
}


def export(member: "Membership") -> dict[str, list[dict[str, Any]]]:
    """Every row a person noted about themself in this clinic, by table, oldest first. What others show them is not."""
    rows = {name: model.objects.filter(own(member)) for name, model in TABLES.items()}
    return {name: [plain_row(row) for row in found.order_by("pk")] for name, found in rows.items()}
