"""Telling one's coach one sentence, taking it back, and the standing yes. Nothing goes without one of the two."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.community.actions.coaching import CannotCoach
from shoshin.community.models import Coaching, GentleWord, GentleYes
from shoshin.community.models.gently import lately_told
from shoshin.community.queries.gently import standing_word, standing_yes
from shoshin.kit.action import Actor, action
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@action("community.tell_gently", formative=True)
def tell_gently(*, coaching: Coaching, by: "Membership", at: datetime) -> GentleWord:
    """Let one's coach read for a week that one would like to go gently. Telling twice is telling once."""
    _trainee_of(coaching, by)
    return standing_word(coaching, at) or _told(coaching, at, by_itself=False)


@action("community.untell_gently", formative=True)
def untell_gently(*, coaching: Coaching, by: "Membership", at: datetime) -> None:
    """Take the sentence back at once. That it was told stays in the trainee's own list."""
    _trainee_of(coaching, by)
    GentleWord.objects.filter(lately_told(at), taken_back_at=None, coaching=coaching).update(taken_back_at=at)


@action("community.agree_gently", formative=True)
def agree_gently(*, coaching: Coaching, by: "Membership", at: datetime) -> GentleYes:
    """Say yes to this one coach being told by itself, until one says no again."""
    _trainee_of(coaching, by)
    Coaching.objects.select_for_update().get(pk=coaching.pk)  # a form sent twice is one yes
    known = standing_yes(coaching)
    return known or GentleYes.objects.create(clinic=coaching.clinic, coaching=coaching, given_at=at)


@action("community.revoke_gently", formative=True)
def revoke_gently(*, coaching: Coaching, by: "Membership", at: datetime) -> None:
    """Take the standing yes back. From this moment nothing goes by itself, and what stands is taken back too."""
    _trainee_of(coaching, by)
    Coaching.objects.select_for_update().get(pk=coaching.pk)
    GentleYes.objects.filter(revoked_at=None, coaching=coaching).update(revoked_at=at)
    by_yes = GentleWord.objects.filter(lately_told(at), coaching=coaching, by_itself=True, taken_back_at=None)
    by_yes.update(taken_back_at=at)


@action("community.tell_by_yes", formative=True)
def tell_by_yes(*, coaching: Coaching, by: Actor, at: datetime) -> GentleWord | None:
    """Tell a coach by the trainee's standing yes, if it still stands, the day asks, and nothing was told lately."""
    fresh = Coaching.objects.select_for_update().get(pk=coaching.pk)
    told = GentleWord.objects.filter(lately_told(at), coaching=fresh).exists()
    going_on = fresh.accepted_at is not None and fresh.ended_at is None
    if told or not going_on or standing_yes(fresh) is None or not practice.asks_gently(coaching.trainee, at):
        return None
    return _told(coaching, at, by_itself=True)


def _told(coaching: Coaching, at: datetime, *, by_itself: bool) -> GentleWord:
    return GentleWord.objects.create(clinic=coaching.clinic, coaching=coaching, told_at=at, by_itself=by_itself)


def _trainee_of(coaching: Coaching, by: "Membership") -> None:
    if coaching.trainee.person_id != by.person_id or coaching.accepted_at is None or coaching.ended_at is not None:
        raise CannotCoach(_("Only the one who learns says this, while the two of you work together."))
