"""Second factors, sessions, and the hat somebody acts under."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.people.models import Membership, Person, PersonSession


class CannotResetFactor(ValueError):
    """There is no such account, or it has no second factor."""


@action("people.set_up_factor")
def set_up_factor(*, person: Person, keep: str, by: Actor, at: datetime) -> None:
    """A second factor was proved for the first time; whoever signed in elsewhere without it is signed out."""
    _drop_sessions(person, keep)


@action("people.end_sessions")
def end_sessions(*, person: Person, keep: str, by: Actor, at: datetime) -> None:
    """Sign a person out of every browser at once, but for the one to keep, if any."""
    _drop_sessions(person, keep)


@action("people.reset_second_factor")
def reset_second_factor(*, email: str, by: Actor | Membership, at: datetime) -> Person:
    """Take away a lost factor and every session. The next sign-in asks for the password, then for a new factor."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CannotResetFactor(_("There is no account with this e-mail address. Nothing was changed."))
    if not Authenticator.objects.filter(user=person).exists():
        raise CannotResetFactor(_("This account has no second factor. Nothing was changed."))
    Authenticator.objects.filter(user=person).delete()
    _drop_sessions(person, "")
    return person


@action("people.switch_membership")
def switch_membership(*, member: Membership, by: Membership, at: datetime) -> None:
    """Somebody puts on another of their hats. Rights change with it, so it leaves a row."""


def _drop_sessions(person: Person, keep: str) -> None:
    PersonSession.objects.filter(person=person).exclude(session_key=keep).delete()
