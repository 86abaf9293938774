"""Asking a coach, answering, ending; and the days on which a coach's clock stands still."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.community.models import Coaching, HowItWas, Leave
from shoshin.community.queries.coaching import standing_of
from shoshin.community.queries.colleagues import colleagues_of, mine
from shoshin.kit.action import action
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_ABOUT, LONGEST_WORDS = 240, 500
A_YEAR = timedelta(days=366)


class CannotCoach(ValueError):
    """Nothing was changed; the message says what to do."""


@action("community.ask_coach", formative=True)
def ask_coach(*, coach: "Membership", about: str, by: "Membership", at: datetime) -> Coaching:
    """Ask a colleague to coach oneself about one thing. Asking twice is asking once."""
    about = " ".join(about.split())
    if coach.person_id not in {each.person_id for each in colleagues_of(by)}:
        raise CannotCoach(_("Choose a colleague of this clinic. Nobody was asked."))
    if not about or len(about) > LONGEST_ABOUT:
        raise CannotCoach(_("Say in one sentence what you would like to learn. Nobody was asked."))
    known = Coaching.objects.filter(mine(by, "trainee"), mine(coach, "coach"), ended_at=None).first()
    return known or Coaching.objects.create(clinic=by.clinic, trainee=by, coach=coach, about=about, asked_at=at)


@action("community.accept_coaching", formative=True)
def accept_coaching(*, coaching: Coaching, by: "Membership", at: datetime) -> Coaching:
    """Say yes. It asks of a coach that they have shown a practice of their own lately; leave does not count."""
    _one_of(coaching, by, coach_only=True)
    if coaching.ended_at is not None:
        raise CannotCoach(_("This request was withdrawn. Nothing was changed."))
    if coaching.accepted_at is None:
        if not standing_of(by, at).may_take:
            raise CannotCoach(
                _("Show somebody a practice of your own first; then you can say yes. The request waits for you.")
            )
        coaching.accepted_at = at
        coaching.save(update_fields=["accepted_at"])
    return coaching


@action("community.decline_coaching", formative=True)
def decline_coaching(*, coaching: Coaching, by: "Membership", at: datetime) -> Coaching:
    """Say no, without a reason."""
    _one_of(coaching, by, coach_only=True)
    return _ended(coaching, at)


@action("community.end_coaching", formative=True)
def end_coaching(*, coaching: Coaching, by: "Membership", at: datetime) -> Coaching:
    """End it, by either of the two, or withdraw the request. What was shown goes on as its maker set it."""
    _one_of(coaching, by)
    return _ended(coaching, at)


@action("community.say_how", formative=True)
def say_how(*, coaching: Coaching, words: str, by: "Membership", at: datetime) -> HowItWas:
    """Tell one's coach how it was to practise."""
    words = " ".join(words.split())
    if coaching.trainee.person_id != by.person_id or coaching.accepted_at is None or coaching.ended_at is not None:
        raise CannotCoach(_("Only the one who learns says this, while the two of you work together."))
    if not words or len(words) > LONGEST_WORDS:
        raise CannotCoach(_("A few words are enough: 500 characters at most."))
    return HowItWas.objects.create(clinic=coaching.clinic, coaching=coaching, words=words, said_at=at)


@action("community.mark_leave", formative=True)
def mark_leave(*, begins_on: date, ends_on: date, by: "Membership", at: datetime) -> Leave:
    """Say on which days one does not work. Those days count for nothing here."""
    today = people.day_of(by.clinic, at)
    if not today - A_YEAR <= begins_on <= ends_on <= today + A_YEAR:
        raise CannotCoach(_("Choose a first and a last day, at most a year from today. Nothing was saved."))
    known = Leave.objects.filter(mine(by), begins_on=begins_on, ends_on=ends_on).first()
    return known or Leave.objects.create(
        clinic=by.clinic, member=by, begins_on=begins_on, ends_on=ends_on, entered_at=at
    )


@action("community.forget_leave", formative=True)
def forget_leave(*, leave: Leave, by: "Membership", at: datetime) -> None:
    """Take days of leave out again."""
    if leave.member.person_id != by.person_id:
        raise CannotCoach(_("This is somebody else's. Nothing was changed."))
    leave.delete()


def _one_of(coaching: Coaching, by: "Membership", *, coach_only: bool = False) -> None:
    two = {coaching.coach.person_id} if coach_only else {coaching.coach.person_id, coaching.trainee.person_id}
    if by.person_id not in two:
        raise CannotCoach(_("This is between two other people. Nothing was changed."))


def _ended(coaching: Coaching, at: datetime) -> Coaching:
    if coaching.ended_at is None:
        coaching.ended_at = at
        coaching.save(update_fields=["ended_at"])
    return coaching
