"""What care keeps of a therapist themself: hours, absences, covers and duty. Nothing of a client is in it."""

from typing import TYPE_CHECKING, Any

from shoshin.care.models import Absence, Cover, Duty, ReadingHour
from shoshin.kit.record import Own, own_rows

if TYPE_CHECKING:
    from shoshin.people.models import Membership

OWN_TABLES = {
    "reading_hours": Own(ReadingHour),
    "absences": Own(Absence),
    "covers": Own(Cover, ("colleague", "absence__member")),
    "duty": Own(Duty),
}


def own_record(member: "Membership") -> dict[str, list[dict[str, Any]]]:
    """Every row about when a person works and who stands in, by table, oldest first."""
    return own_rows(OWN_TABLES, member)
