"""Naming the one person one would talk to, and forgetting the name again."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import action
from shoshin.welfare.actions.oneself import oneself
from shoshin.welfare.models import TrustedPerson
from shoshin.welfare.queries.days import own

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotNameTrustedPerson(ValueError):
    """A name is missing, or the words are too long."""


@action("welfare.name_trusted_person")
def name_trusted_person(
    *, member: "Membership", name: str, reached: str = "", by: "Membership", at: datetime
) -> TrustedPerson:
    """Keep whom one would talk to when it is heavy, and how. One person at a time; nobody is told of it."""
    oneself(member, by)
    name, reached = " ".join(name.split()), " ".join(reached.split())
    if not 1 <= len(name) <= 120 or len(reached) > 240:
        raise CannotNameTrustedPerson(
            _("A name has 1 to 120 characters, the way to them at most 240. Nothing was saved.")
        )
    facts = {"name": name, "reached": reached, "named_at": at}
    found, _made = TrustedPerson.objects.update_or_create(
        clinic_id=member.clinic_id, person_id=member.person_id, defaults=facts
    )
    return found


@action("welfare.forget_trusted_person")
def forget_trusted_person(*, member: "Membership", by: "Membership", at: datetime) -> None:
    """Delete the name."""
    oneself(member, by)
    TrustedPerson.objects.filter(own(member)).delete()
