"""Circles somebody is in. Every query starts from the asking member: no lead finds a circle they are not in."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.community.models import Circle, Place
from shoshin.community.queries.colleagues import each_once, mine, still_here
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LARGEST = 8  # people in a circle, those invited among them


def places_of(member: "Membership") -> "QuerySet[Place]":
    """The places this person has taken and not left."""
    return Place.objects.filter(mine(member), joined_at__isnull=False, left_at=None)


def circles_of(member: "Membership") -> list[Circle]:
    """The circles this person is in, by name."""
    return list(Circle.objects.filter(places__in=places_of(member)).distinct().order_by("name", "pk"))


def circle_for(hat: Hat, pk: int) -> Circle:
    """A circle this person is in; 404 for everybody else's, also for those invited to it."""
    found = Circle.objects.filter(pk=pk, places__in=places_of(hat.member)).select_related("clinic").first()
    if found is None:
        raise Http404("You are in no such circle.")
    return found


def people_in(circle: Circle, *, joined: bool = True) -> "list[Membership]":
    """Who is in a circle, or who is invited and has not answered, by name."""
    rows = circle.places.filter(still_here(), left_at=None, joined_at__isnull=not joined)
    return each_once(row.member for row in rows.select_related("member__person").order_by("member__person__name", "pk"))


def invitations_to(member: "Membership") -> "QuerySet[Place]":
    """Circles this person is asked to join, the latest first."""
    waiting = Place.objects.filter(mine(member), still_here("invited_by"), joined_at=None, left_at=None)
    return waiting.select_related("circle", "invited_by__person").order_by("-invited_at", "-pk")


def place_for(hat: Hat, pk: int) -> Place:
    """An invitation that waits for this person's answer; 404 for anybody else's."""
    found = invitations_to(hat.member).filter(pk=pk).first()
    if found is None:
        raise Http404("No such invitation of yours.")
    return found
