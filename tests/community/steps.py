"""Short words for tests: somebody joins the clinic, an attempt is shown, a view is written, a circle is begun."""

from shoshin.community.actions import (
    Said,
    Terms,
    accept_coaching,
    ask_coach,
    join_circle,
    make_circle,
    review_attempt,
    show_attempt,
)
from shoshin.community.models import Place
from shoshin.kit.action import OPERATOR, action
from shoshin.people.models import Membership, Person, Role
from tests.cast import NOW, PASSWORD
from tests.practice.tries import begin, met

QUESTION = "Do I leave room for her anger?"


@action("tests.add_colleague")
def add_colleague(*, name, clinic, role, by, at) -> Membership:
    person = Person.objects.create_user(f"{name}@example.org", PASSWORD, name.title())
    return Membership.objects.create(person=person, clinic=clinic, role=role, began_at=at)


def colleague(name, clinic, role=Role.THERAPIST) -> Membership:
    return add_colleague(name=name, clinic=clinic, role=role, by=OPERATOR, at=NOW)


def tried(exercise, member, at=NOW, **given):
    """An attempt in words, rated and reacted to."""
    return met(begin(exercise, member, at=at), at=at, **given)


def shown(attempt, to, at=NOW, **terms):
    return show_attempt(
        attempt=attempt, to=to, terms=Terms(**({"question": QUESTION} | terms)), by=attempt.member, at=at
    )


def said(view="partly", name="somebody") -> Said:
    return Said(view, f"{name} sees it so", f"{name} likes the pause", f"{name} would wait longer")


def reviewed(showing, member, view="partly", at=NOW):
    return review_attempt(showing=showing, said=said(view, str(member)), by=member, at=at)


def gathered(by, *others, name="Tuesdays", at=NOW):
    """A circle in which everybody has said yes."""
    circle = make_circle(name=name, colleagues=others, by=by, at=at)
    for place in Place.objects.filter(circle=circle, joined_at=None):
        join_circle(place=place, by=place.member, at=at)
    return circle


def coached(trainee, coach, at=NOW):
    return accept_coaching(coaching=ask_coach(coach=coach, about="silence", by=trainee, at=at), by=coach, at=at)
