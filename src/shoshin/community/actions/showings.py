"""Showing one attempt to named people, and taking it back. Both are the maker's own act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.community.models import Circle, Showing, Witness
from shoshin.community.queries.circles import people_in, places_of
from shoshin.community.queries.colleagues import colleagues_of, mine
from shoshin.community.queries.showings import is_showable, open_showing, recording_shown, shown_to
from shoshin.kit.action import action
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from shoshin.people.models import Membership
    from shoshin.practice.models import Attempt

DAYS = (7, 14, 30)
MOST_VIEWS = 5
LONGEST_QUESTION = 240


class CannotShow(ValueError):
    """Nothing was shown to anybody; the message says why."""


@dataclass(frozen=True)
class Terms:
    """What the maker asks for: a question, how many views, how many days.

    Their own rating comes after, and their recording is played, only where they say so.
    """

    question: str
    wished: int = 2
    days: int = 14
    with_own_rating: bool = False
    with_recording: bool = False


@action("community.show_attempt", formative=True)
def show_attempt(
    *, attempt: "Attempt", to: "Membership | Circle", terms: Terms, by: "Membership", at: datetime
) -> Showing:
    """Show one attempt of one's own to a colleague, or to those who are in a circle today."""
    if attempt.member.person_id != by.person_id or attempt.clinic_id != by.clinic_id:
        raise CannotShow(_("You can show attempts of your own. Nothing was shown to anybody."))
    _something(attempt, terms, at)
    question = " ".join(terms.question.split())
    if not question or len(question) > LONGEST_QUESTION:
        raise CannotShow(_("Say in one sentence what you would like to know. Nothing was shown to anybody."))
    if terms.days not in DAYS or not 1 <= terms.wished <= MOST_VIEWS:
        raise CannotShow(_("Choose one to five views and 7, 14 or 30 days. Nothing was shown to anybody."))
    circle, witnesses = _reached(to, by)
    type(attempt).objects.select_for_update().get(pk=attempt.pk)  # a form sent twice shows once
    if _shows_already(attempt, circle, witnesses, at):
        raise CannotShow(_("They see this attempt already. Take it back first, if you want to ask something else."))
    showing = Showing.objects.create(
        clinic=by.clinic,
        member=by,
        attempt=attempt,
        circle=circle,
        question=question,
        wished=terms.wished,
        with_own_rating=terms.with_own_rating,
        with_recording=terms.with_recording,
        shown_at=at,
        ends_at=at + timedelta(days=terms.days),
    )
    Witness.objects.bulk_create(Witness(clinic=by.clinic, showing=showing, member=each) for each in witnesses)
    return showing


@action("community.take_back", formative=True)
def take_back(*, showing: Showing, by: "Membership", at: datetime) -> Showing:
    """Close it for everybody at once. What was read stays read, and the views that came stay with the maker."""
    if showing.member.person_id != by.person_id:
        raise CannotShow(_("This is somebody else's. Nothing was changed."))
    if showing.taken_back_at is None and at < showing.ends_at:
        showing.taken_back_at = at
        showing.save(update_fields=["taken_back_at"])
    return showing


@action("community.hear_recording", formative=True)
def hear_recording(*, showing: Showing, by: "Membership", at: datetime) -> None:
    """Before a part of it is played to a witness: the trail says that they listened, and when, and not to whom."""
    if recording_shown(showing, at) is None or not shown_to(by, at).filter(pk=showing.pk).exists():
        raise CannotShow(_("This is not shown to you any more."))


def _something(attempt: "Attempt", terms: Terms, at: datetime) -> None:
    """Whether there is something to see, or to hear where it is to be heard."""
    if terms.with_recording and practice.playable_of(attempt, at) is None:
        raise CannotShow(_("The recording of this attempt is gone. Nothing was shown to anybody."))
    if is_showable(attempt, at, with_recording=terms.with_recording):
        return
    if is_showable(attempt, at):
        raise CannotShow(_("There are no words in this attempt. Let them hear it, or there is nothing to show."))
    raise CannotShow(_("There are no words in this attempt, so there is nothing to see."))


def _reached(to: "Membership | Circle", by: "Membership") -> "tuple[Circle | None, Sequence[Membership]]":
    """The people who will see it, each by name."""
    if isinstance(to, Circle):
        others = [each for each in people_in(to) if each.person_id != by.person_id]
        if not places_of(by).filter(circle=to).exists() or not others:
            raise CannotShow(_("Nobody else is in this circle yet. Nothing was shown to anybody."))
        return to, others
    if to.person_id not in {each.person_id for each in colleagues_of(by)}:
        raise CannotShow(_("Choose a colleague of this clinic. Nothing was shown to anybody."))
    return None, [to]


def _shows_already(attempt: "Attempt", circle: Circle | None, witnesses: "Sequence[Membership]", at: datetime) -> bool:
    open_ones = Showing.objects.filter(open_showing(at), attempt=attempt, circle=circle)
    if circle is None:
        open_ones = open_ones.filter(mine(witnesses[0], "witnesses__member"))
    return open_ones.exists()
