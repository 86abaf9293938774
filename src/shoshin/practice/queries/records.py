"""One person's own record with an exercise: how often it was tried, and whether first answers go better since."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shoshin.practice.models import Attempt, BlindSort, Exercise, Rating, Round
from shoshin.science.progress import FirstTry, SkillChange, first_tries_change

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@dataclass(frozen=True)
class ExerciseRecord:
    """Own rounds and answers at an exercise, and the change in first answers at its skill. Nothing of any client."""

    rounds: int
    tries: int
    change: SkillChange


def record_with(member: "Membership", exercise: Exercise) -> ExerciseRecord:
    """This person's record with an exercise, whichever version they tried.

    Before: first answers to statements never met, at this skill, up to the first round of this exercise. After: those
    in later rounds.
    """
    rounds = Round.objects.filter(member=member, exercise__slug=exercise.slug, attempts__isnull=False).distinct()
    first = rounds.order_by("began_at", "pk").first()
    tries = Attempt.objects.filter(member=member, round__exercise__slug=exercise.slug).count()
    change = _change(member, exercise, first.began_at) if first else first_tries_change((), ())
    return ExerciseRecord(rounds.count(), tries, change)


def _change(member: "Membership", exercise: Exercise, first_began: datetime) -> SkillChange:
    sides: tuple[list[FirstTry], list[FirstTry]] = ([], [])
    for attempt in _first_tries(member, exercise.skill.slug):
        after = attempt.round.began_at > first_began
        sides[after].append(FirstTry(attempt.statement.level, (attempt.rating or 0) / Rating.MET))
    return first_tries_change(*sides)


def _first_tries(member: "Membership", skill_slug: str) -> list[Attempt]:
    """First answers to statements this person had met in no version of an exercise, and in no sorting."""
    rows = Attempt.objects.filter(member=member, is_first=True, round__exercise__skill__slug=skill_slug)
    seen = dict(BlindSort.objects.filter(sorted_by=member).values_list("statement_id", "sorted_at"))
    met: set[tuple[str, str]] = set()
    found = []
    for row in rows.select_related("round__exercise", "statement").order_by("answered_at", "pk"):
        name = (row.round.exercise.slug, row.statement.slug)
        unmet = name not in met and seen.get(row.statement_id, row.answered_at) >= row.answered_at
        met.add(name)
        if unmet and row.rating is not None:
            found.append(row)
    return found
