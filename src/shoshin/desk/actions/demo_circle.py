"""The owner's circle in the demo clinic: an attempt that colleagues have looked at, and one of theirs to look at."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from shoshin.community import actions as community
from shoshin.desk.actions.demo_practice import play_round
from shoshin.desk.actions.demo_stories import Plan
from shoshin.desk.actions.demo_words import words
from shoshin.growth import queries as growth_queries
from shoshin.practice import queries as practice_queries

if TYPE_CHECKING:
    from shoshin.people.models import Membership
    from shoshin.practice.models import Attempt

SIZE = 4
GATHERED, SHOWN, SEEN, ASKED = timedelta(days=45), timedelta(days=4), timedelta(days=2), timedelta(days=1)


def gather(plan: Plan, members: "Sequence[Membership]", tried: "Sequence[Attempt]") -> None:
    """Begin a circle, show the owner's latest attempt in it, and let one colleague ask the owner."""
    owner, colleagues = members[0], list(members[1:SIZE])
    if not colleagues or not tried:
        return
    told = words()["practice"]["circle"]
    circle = community.make_circle(name=told["name"], colleagues=colleagues, by=owner, at=plan.at - GATHERED)
    for place in circle.places.filter(joined_at=None).select_related("member"):
        community.join_circle(place=place, by=place.member, at=plan.at - GATHERED + timedelta(days=1))
    terms = community.Terms(told["question"], wished=SIZE - 1, with_own_rating=True)
    showing = community.show_attempt(attempt=tried[-1], to=circle, terms=terms, by=owner, at=plan.at - SHOWN)
    for colleague, view in zip(colleagues, told["views"], strict=False):
        community.review_attempt(showing=showing, said=community.Said(**view), by=colleague, at=plan.at - SEEN)
    community.open_views(showing=showing, everything=False, by=owner, at=plan.at - ASKED)
    _ask_owner(plan, owner, colleagues[0])


def _ask_owner(plan: Plan, owner: "Membership", colleague: "Membership") -> None:
    told = words()["practice"]["shown_to_owner"]
    skill = practice_queries.skill_called(owner.clinic, told["skill"])
    exercise = growth_queries.first_exercise(owner.clinic, skill)
    if exercise is not None:
        tried = play_round(exercise, told["round"], colleague, plan.at - SEEN, plan.chance)
        terms = community.Terms(told["question"])
        community.show_attempt(attempt=tried[0], to=owner, terms=terms, by=colleague, at=plan.at - ASKED)
