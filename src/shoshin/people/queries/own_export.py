"""What people keeps of one person: name, address, hats in this clinic, and lost second factors."""

from typing import TYPE_CHECKING, Any

from shoshin.kit.record import Own, own_rows, plain_row
from shoshin.people.models import FactorReset, Membership, Person

if TYPE_CHECKING:
    from shoshin.people.models import Membership as Member

SECRETS = ("password", "last_login", "is_superuser", "is_staff")
OWN_TABLES = {"lost_second_factors": Own(FactorReset)}
ROWS = (Person, Membership)


def own_record(member: "Member") -> dict[str, list[dict[str, Any]]]:
    """Who a person is here, by table. The password's fingerprint is not in it."""
    hats = Membership.objects.filter(person=member.person_id, clinic=member.clinic_id).order_by("pk")
    who = {"person": [plain_row(member.person, SECRETS)], "memberships": [plain_row(hat) for hat in hats]}
    return who | own_rows(OWN_TABLES, member)
