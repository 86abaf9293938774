"""Opening a clinic, taking people in, and standing behind its safety numbers."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.people.models import Clinic, Membership, Person, Role
from shoshin.people.queries.clinics import has_clinic
from shoshin.people.queries.safety import Safety


class CannotOpenClinic(ValueError):
    """The first run is over, or the account cannot be made."""


class CannotAddMember(ValueError):
    """This person cannot be taken in as asked."""


class CannotConfirmSafety(ValueError):
    """These numbers cannot stand as the clinic's."""


@action("people.open_clinic")
def open_clinic(
    *,
    name: str,
    owner_name: str,
    email: str,
    password: str | None,
    time_zone: str,
    safety: Safety,
    by: Actor,
    at: datetime,
    owner_role: str = Role.THERAPIST,
) -> Membership:
    """Make the installation's clinic and its owner, who has checked its safety numbers. It happens once."""
    _lock_clinics()
    if has_clinic():
        raise CannotOpenClinic(_("This installation has its clinic already. Sign in instead."))
    owner = _new_person(email, owner_name, password)
    clinic = Clinic.objects.create(
        name=name,
        time_zone=time_zone,
        region=safety.region,
        safety=_checked(safety),
        safety_confirmed_at=at,
        safety_confirmed_by=owner,
        made_at=at,
    )
    return Membership.objects.create(person=owner, clinic=clinic, role=owner_role, is_owner=True, began_at=at)


@action("people.add_member")
def add_member(
    *,
    clinic: Clinic,
    name: str,
    email: str,
    role: str,
    by: Actor | Membership,
    at: datetime,
    is_owner: bool = False,
) -> Membership:
    """Take somebody into a clinic. A new person has no password yet: they set one by mail."""
    person = Person.objects.filter(email=email.lower()).first() or Person.objects.create_user(email, None, name)
    if Membership.objects.filter(person=person, clinic=clinic, role=role, ended_at=None).exists():
        raise CannotAddMember(_("%(name)s has this role in the clinic already.") % {"name": person.name})
    return Membership.objects.create(person=person, clinic=clinic, role=role, is_owner=is_owner, began_at=at)


@action("people.confirm_safety")
def confirm_safety(*, safety: Safety, by: Membership, at: datetime) -> Clinic:
    """The owner has checked these numbers; from now on they are the clinic's."""
    clinic = Clinic.objects.select_for_update().get(pk=by.clinic_id)
    clinic.safety = _checked(safety)
    clinic.region = safety.region
    clinic.safety_confirmed_at = at
    clinic.safety_confirmed_by = by.person
    clinic.save(update_fields=["safety", "region", "safety_confirmed_at", "safety_confirmed_by"])
    return clinic


def _checked(safety: Safety) -> dict[str, Any]:
    """The numbers as they are kept. A clinic without an emergency number and one line cannot be opened."""
    if not safety.emergency or not safety.lines:
        raise CannotConfirmSafety(_("Enter the emergency number and at least one line your clients can turn to."))
    if safety.checked_on is None:
        raise CannotConfirmSafety(_("Say on which day the numbers were checked."))
    return {
        "region": safety.region,
        "emergency": safety.emergency,
        "numbers": [{name: kept for name, kept in asdict(line).items() if kept} for line in safety.lines],
        "source": safety.source,
        "checked_on": safety.checked_on.isoformat(),
    }


def _new_person(email: str, name: str, password: str | None) -> Person:
    if Person.objects.filter(email=email.lower()).exists():
        raise CannotOpenClinic(_("There is an account with this e-mail address already. Use another one."))
    return Person.objects.create_user(email, password, name)


def _lock_clinics() -> None:
    """Of two first runs at once the second waits, then finds the clinic. SQLite queues writers by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE people_clinic IN EXCLUSIVE MODE")
