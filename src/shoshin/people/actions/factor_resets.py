"""Taking away a lost second factor by two people: one lead asks, another confirms, and the person is told each time."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoshin.kit import calls, tasks
from shoshin.kit.action import action
from shoshin.people.actions.doors import CannotResetFactor, reset_second_factor
from shoshin.people.models import FactorReset, Membership
from shoshin.people.queries.factor_resets import (
    addresses_of,
    has_shown_factor_since,
    is_elsewhere_too,
    leads_beside,
    open_resets,
    people_to_help,
)

SHORTEST_WHY = 20
TELL, CALL_LEAD = "people.tell_of_factor_reset", "people.call_lead_to_factor_reset"
ASKED, CONFIRMED = "asked", "confirmed"


@action("people.ask_factor_reset")
def ask_factor_reset(*, member: Membership, why: str, by: Membership, at: datetime) -> FactorReset:
    """Ask that a colleague's lost factor be taken away. They are told on every address; another lead confirms."""
    why = " ".join(why.split())
    _refuse_strangers(by, member)
    if len(why) < SHORTEST_WHY:
        raise CannotResetFactor(_("Say in at least 20 characters how you know that it is really them."))
    if not people_to_help(by).filter(pk=member.pk).exists():
        raise CannotResetFactor(_("This account has no second factor. Nothing was changed."))
    if open_resets(by.clinic, at).filter(member__person=member.person_id).exists():
        raise CannotResetFactor(_("This is asked already, and waits for another lead or the owner."))
    others = leads_beside(by.clinic, by.person_id, member.person_id)
    if is_elsewhere_too(member) or not others:
        raise CannotResetFactor(nobody_confirms(member))
    asked: FactorReset = FactorReset.objects.create(
        clinic_id=by.clinic_id, member=member, why=why, asked_by=by, asked_at=at
    )
    _promise_notices(asked, ASKED, at)
    for lead in others:
        payload = {"reset": asked.pk, "lead": lead.pk}
        tasks.promise(CALL_LEAD, key=f"reset {asked.pk} lead {lead.pk}", payload=payload, due_at=at)
    return asked


@action("people.confirm_factor_reset")
def confirm_factor_reset(*, asked: FactorReset, by: Membership, at: datetime) -> FactorReset:
    """The second of two: the factor goes, every session ends, and the person is told on every address."""
    asked = _waiting(asked, at)
    _refuse_strangers(by, asked.member)
    if by.person_id == asked.asked_by.person_id:
        raise CannotResetFactor(_("You asked for this yourself. Another lead or the owner confirms it."))
    if asked.asked_by.ended_at is not None or not asked.asked_by.leads:
        raise CannotResetFactor(_("Whoever asked for this leads here no more. Ask for it anew."))
    if is_elsewhere_too(asked.member):
        raise CannotResetFactor(nobody_confirms(asked.member))
    if has_shown_factor_since(asked.member.person, asked.asked_at):
        raise CannotResetFactor(_("They have shown a second factor since this was asked, so it is not lost."))
    asked.confirmed_at, asked.confirmed_by = at, by
    asked.save(update_fields=["confirmed_at", "confirmed_by"])
    reset_second_factor(email=asked.member.person.email, by=by, at=at)
    _promise_notices(asked, CONFIRMED, at)
    return asked


@action("people.withdraw_factor_reset")
def withdraw_factor_reset(*, asked: FactorReset, by: Membership, at: datetime) -> FactorReset:
    """Whoever leads here takes the request back; it can be asked anew."""
    asked = _waiting(asked, at)
    _refuse_strangers(by, None)
    asked.withdrawn_at, asked.withdrawn_by = at, by
    asked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return asked


def nobody_confirms(member: Membership) -> str:
    """Where two leads of this clinic cannot decide: who can, and by which command."""
    return _(
        "Two people of this clinic cannot decide this: nobody else here leads, or the account belongs to another "
        "clinic too. Whoever looks after the server can: shoshin reset-second-factor %(email)s"
    ) % {"email": member.person.email}


def tell_of_factor_reset(*, asked: FactorReset, step: str, address: str) -> None:
    """One mail to one of the person's addresses: what happens to their factor, and what to do if it is not right."""
    with override(settings.LANGUAGE_CODE):
        words = {
            ASKED: _(
                "Somebody who leads your clinic has asked to take away your second factor for Shoshin, because it is "
                "lost. If it is not, sign in with it now: that stops this. And tell your clinic by telephone."
            ),
            CONFIRMED: _(
                "Two people of your clinic have taken away your second factor for Shoshin. You are signed out "
                "everywhere. Sign in with your password and set up a new one. If you did not ask for this, tell your "
                "clinic now by telephone."
            ),
        }
        calls.mail(address, _("Your second factor"), words[step])


def _refuse_strangers(by: Membership, member: Membership | None) -> None:
    """Two people who lead this clinic now decide about a third who is in it now."""
    if not by.leads or by.ended_at is not None:
        raise CannotResetFactor(_("Only the owner and team leads help with a lost second factor."))
    if member is None:
        return
    if member.clinic_id != by.clinic_id or member.ended_at is not None:
        raise CannotResetFactor(_("Choose somebody who is in this clinic now."))
    if member.person_id == by.person_id:
        raise CannotResetFactor(_("This is your own account. Two others decide about it."))


def _waiting(asked: FactorReset, at: datetime) -> FactorReset:
    """The request as it stands now, held until the transaction ends, or a refusal where it no longer waits."""
    held: FactorReset = FactorReset.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if not open_resets(held.clinic, at).filter(pk=held.pk).exists():
        raise CannotResetFactor(_("This no longer waits: it was settled, or a day has passed. It can be asked anew."))
    return held


def _promise_notices(asked: FactorReset, step: str, at: datetime) -> None:
    """A task an address, so that an address that refuses holds up none of the others."""
    for place in range(len(addresses_of(asked.member))):
        payload = {"reset": asked.pk, "step": step, "place": place}
        tasks.promise(TELL, key=f"reset {asked.pk} {step} {place}", payload=payload, due_at=at)
