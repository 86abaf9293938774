"""Which skill and first exercise may fit a question: a suggestion, never an order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shoshin.growth.models import Might
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from shoshin.people.models import Clinic
    from shoshin.practice.models import Exercise, Skill

MOST = 3
ALLIANCE = "alliance"
ABOUT_US = ("drop", "missing")  # signals in which the client's own word about the work, or its absence, is what is seen
PROBLEM = "not_improving"


@dataclass(frozen=True)
class Suggestion:
    """A skill with the exercise to begin with."""

    skill: "Skill"
    exercise: "Exercise"


def suggestions(clinic: "Clinic", what: str, kind: str = "") -> list[Suggestion]:
    """Up to three skills for what it might be (`what`, of Might) after a signal of this kind ("" without one).

    A low appointment check, missing answers or a question about the relationship lead to the alliance family first;
    else skills written for therapy that is not helping yet come first.
    """
    needed = {skill.pk for skill in practice.skills_for_problem(clinic, PROBLEM)}
    about_us = what == Might.RELATIONSHIP or kind in ABOUT_US

    def place(found: tuple[int, Suggestion]) -> tuple[bool, bool, int]:
        order, each = found
        return (about_us and each.skill.family != ALLIANCE, each.skill.pk not in needed, order)

    offered = [
        Suggestion(skill, exercises[0])
        for shelf in practice.shelves(clinic)
        for skill, exercises in shelf.skills
        if exercises
    ]
    return [each for _order, each in sorted(enumerate(offered), key=place)][:MOST]


def first_exercise(clinic: "Clinic", skill: "Skill | None") -> "Exercise | None":
    """The exercise to begin with for a skill, while it is offered."""
    if skill is None:
        return None
    found = (
        exercises[0] for shelf in practice.shelves(clinic) for each, exercises in shelf.skills
        if each.slug == skill.slug and exercises
    )  # fmt: skip
    return next(found, None)
