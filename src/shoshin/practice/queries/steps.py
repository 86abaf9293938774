"""Which level and which statement come next in a round: the rules of `science.difficulty` on this person's attempts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shoshin.practice.models import Ability, Attempt, Difficulty, Exercise, Rating, Round, Statement
from shoshin.science import difficulty as rules
from shoshin.science.reasons import Reason
from shoshin.welfare import queries as welfare

if TYPE_CHECKING:
    from datetime import datetime

    from shoshin.people.models import Membership

ROUNDS_LOOKED_AT = 20
LATELY = 3  # statements not met again at once; avoiding more cost gain in bench/practice.py
# Where a statement nobody has tried stands, by the level its writers gave it (logits).
BEGINS_AT = {1: -1.0, 2: 0.0, 3: 1.0}
BEGINS_UNSURE = 0.5


@dataclass(frozen=True)
class Next:
    """The statement to meet next, why this one, and why at this level (none at the first of a round)."""

    statement: Statement
    choice: Reason
    level: Reason | None


def beginning_level(member: "Membership", exercise: Exercise, at: "datetime") -> int:
    """Where a round would begin if the person does not choose: where the last one of this skill ended, under any
    ceiling that a "too hard" or a hard week left behind."""
    earlier = _rounds_of(member, exercise)
    last = next((each.level for each in reversed(earlier) if each.exercise.slug == exercise.slug), 1)
    return min(last, ceiling(earlier), welfare.budget(member, at).highest_level)


def ceiling(rounds: list[Round]) -> int:
    """How high the system may go by itself after these rounds, oldest first."""
    return rules.ceiling_of([marks_of(each) for each in rounds])


def step_after(attempt: Attempt) -> rules.Step:
    """The level after this attempt, or the round's end, with the reason."""
    round, member = attempt.round, attempt.member
    earlier = [each for each in _rounds_of(member, round.exercise) if each.pk != round.pk]
    marks = [*marks_of(round, but=attempt.pk), _mark(attempt, round)]
    ability = ability_of(member, round.exercise.skill.slug, at=attempt.received_at)
    fitting = rules.level_for(_as_rules_see(round, _statements(round)), ability, level=attempt.statement.level)
    if round.asked:  # a level the person chose is lowered by marks and misses only
        fitting = max(fitting, attempt.statement.level)
    top = min(ceiling(earlier), welfare.budget(member, attempt.received_at).highest_level)
    colour = welfare.gate(member, attempt.received_at).colour
    return rules.next_step(marks, level=round.level, ceiling=top, colour=colour, fitting=fitting)


def next_statement(round: Round) -> Next:
    """The next statement of a running round. The same until an attempt is made, however often one looks."""
    statements = _statements(round)
    ability = ability_of(round.member, round.exercise.skill.slug, at=round.began_at)
    met = Attempt.objects.filter(member=round.member, statement__in=statements).order_by("received_at", "pk")
    lately = [str(pk) for pk in met.values_list("statement_id", flat=True)]
    chance = np.random.default_rng([round.key.int % 2**63, len(lately)])
    choice = rules.choose(
        _as_rules_see(round, statements), ability, level=round.level, recent=lately[-LATELY:], rng=chance
    )
    chosen = next(each for each in statements if str(each.pk) == choice.statement.id)
    last = round.attempts.exclude(reaction="").order_by("-number").first()
    reason = Reason(**last.step["reason"]) if last else None
    return Next(chosen, choice.reason, reason)


def _statements(round: Round) -> list[Statement]:
    return list(round.exercise.statements.all())


def _as_rules_see(round: Round, statements: list[Statement]) -> list[rules.Statement]:
    """Each statement with its level and how hard it has been in this clinic."""
    known = {row.statement_id: row for row in Difficulty.objects.filter(clinic=round.clinic, statement__in=statements)}
    return [rules.Statement(str(each.pk), each.level, estimate(each, known.get(each.pk))) for each in statements]


def ability_of(member: "Membership", skill_slug: str, *, at: "datetime") -> rules.Estimate:
    """What is thought of this person at this skill today; unsure where nothing is known or it is long ago."""
    row = Ability.objects.filter(member=member, skill_slug=skill_slug).first()
    if row is None:
        return rules.Estimate()
    days = max((at - row.changed_at).days, 0)
    return rules.rested(rules.Estimate(row.value, row.variance), days)


def estimate(statement: Statement, row: Difficulty | None) -> rules.Estimate:
    """How hard a statement is: as this clinic found it, or as its writers meant it."""
    if row is None:
        return rules.Estimate(BEGINS_AT[statement.level], BEGINS_UNSURE)
    return rules.Estimate(row.value, row.variance)


def marks_of(round: Round, but: int | None = None) -> list[rules.Attempt]:
    """A round's attempts as the rules see them, in order, those without a reaction left out."""
    attempts = sorted(round.attempts.all(), key=lambda each: each.number)
    return [_mark(each, round) for each in attempts if each.reaction and each.pk != but]


def _mark(attempt: Attempt, round: Round) -> rules.Attempt:
    shame = attempt.felt.get("shame")
    level = attempt.statement.level
    met = (attempt.rating or 0) / Rating.MET
    return rules.Attempt(level, attempt.reaction or None, met, shame, round.asked and level >= round.began_level)  # type: ignore[arg-type]


def _rounds_of(member: "Membership", exercise: Exercise) -> list[Round]:
    """This person's latest rounds at the skill of this exercise, whatever its version, oldest first."""
    found = (
        Round.objects.filter(member=member, exercise__skill__slug=exercise.skill.slug)
        .select_related("exercise")
        .prefetch_related("attempts__statement")
        .order_by("-began_at", "-pk")[:ROUNDS_LOOKED_AT]
    )
    return list(reversed(found))
