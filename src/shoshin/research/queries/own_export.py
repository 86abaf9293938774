"""What research keeps of one therapist, as plain data: their own results, and to whom they showed them."""

from typing import TYPE_CHECKING, Any

from shoshin.kit.record import Own, own_rows
from shoshin.research.models import EffectView, OwnEffect

if TYPE_CHECKING:
    from shoshin.people.models import Membership

OWN_TABLES = {"my_clients_results": Own(OwnEffect), "results_shown": Own(EffectView)}


def own_record(member: "Membership") -> dict[str, list[dict[str, Any]]]:
    """Every row of research about this therapist, by table, oldest first. What others show them is theirs."""
    return own_rows(OWN_TABLES, member)
