"""The one person a member named for when it is heavy."""

from typing import TYPE_CHECKING

from shoshin.welfare.models import TrustedPerson
from shoshin.welfare.queries.days import own

if TYPE_CHECKING:
    from shoshin.people.models import Membership


def trusted_person(member: "Membership") -> TrustedPerson | None:
    """Whom this member named, if anybody. Nobody else finds it."""
    return TrustedPerson.objects.filter(own(member)).first()
