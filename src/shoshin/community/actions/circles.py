"""Beginning a circle, asking somebody in, joining, and leaving by one tap."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.community.models import Circle, Place
from shoshin.community.queries.circles import LARGEST, places_of
from shoshin.community.queries.colleagues import colleagues_of, mine, still_here
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_NAME = 80


class CannotGather(ValueError):
    """Nothing about the circle changed; the message says what to do."""


@action("community.make_circle", formative=True)
def make_circle(*, name: str, colleagues: "Sequence[Membership]", by: "Membership", at: datetime) -> Circle:
    """Begin a circle of oneself and at least one colleague, who is asked and may decline."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise CannotGather(_("Give the circle a name of at most 80 characters."))
    if not 1 <= len(colleagues) < LARGEST:
        raise CannotGather(_("A circle is two to eight people. Ask one to seven colleagues."))
    circle = Circle.objects.create(clinic=by.clinic, name=name, made_at=at)
    Place.objects.create(clinic=by.clinic, circle=circle, member=by, invited_by=by, invited_at=at, joined_at=at)
    for colleague in colleagues:
        _invite(circle, colleague, by, at)
    return circle


@action("community.invite_to_circle", formative=True)
def invite_to_circle(*, circle: Circle, colleague: "Membership", by: "Membership", at: datetime) -> Place:
    """Ask one more colleague into a circle one is in. Asking twice is asking once."""
    Circle.objects.select_for_update().get(pk=circle.pk)
    if not places_of(by).filter(circle=circle).exists():
        raise CannotGather(_("You are not in this circle any more. Nothing was changed."))
    known = circle.places.filter(mine(colleague), left_at=None).first()
    if known is not None:
        return known
    if circle.places.filter(still_here(), left_at=None).count() >= LARGEST:
        raise CannotGather(_("A circle is eight people at most. Begin another one, or stay with these."))
    return _invite(circle, colleague, by, at)


@action("community.join_circle", formative=True)
def join_circle(*, place: Place, by: "Membership", at: datetime) -> Place:
    """Take one's place, and with it the ground rules."""
    _own(place, by)
    if place.left_at is None and place.joined_at is None:
        place.joined_at = at
        place.save(update_fields=["joined_at"])
    return place


@action("community.refuse_circle", formative=True)
def refuse_circle(*, place: Place, by: "Membership", at: datetime) -> Place:
    """Say no, without a reason. Whoever asked sees only that the place is free again."""
    _own(place, by)
    if place.left_at is None and place.joined_at is None:
        place.left_at = at
        place.save(update_fields=["left_at"])
    return place


@action("community.leave_circle", formative=True)
def leave_circle(*, circle: Circle, by: "Membership", at: datetime) -> int:
    """Leave at once. What came by this circle closes with it. Says how many places were left: one, or none twice."""
    return places_of(by).filter(circle=circle).update(left_at=at)


def _invite(circle: Circle, colleague: "Membership", by: "Membership", at: datetime) -> Place:
    if colleague.person_id not in {each.person_id for each in colleagues_of(by)}:
        raise CannotGather(_("Choose colleagues of this clinic. Nothing was changed."))
    return Place.objects.create(clinic=by.clinic, circle=circle, member=colleague, invited_by=by, invited_at=at)


def _own(place: Place, by: "Membership") -> None:
    if place.member.person_id != by.person_id:
        raise CannotGather(_("This invitation is somebody else's. Nothing was changed."))
