"""Which level and which statement come next in a round: the rules of `science.difficulty` on this person's attempts."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import FilteredRelation, Prefetch, Q

from shoshin.practice.models import Ability, Attempt, Exercise, Rating, Round, Statement
from shoshin.practice.models.packs import LEVELS
from shoshin.science import difficulty as rules
from shoshin.science.reasons import Reason
from shoshin.welfare import queries as welfare

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

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
    earlier = _rounds_of(member, exercise.skill.slug)
    last = next((each.level for each in reversed(earlier) if each.exercise.slug == exercise.slug), 1)
    return min(last, ceiling(earlier), welfare.budget(member, at).highest_level)


def ceiling(rounds: list[Round]) -> int:
    """How high the system may go by itself after these rounds, oldest first."""
    return rules.ceiling_of([marks_of(each) for each in rounds])


def step_after(attempt: Attempt, learnt: Ability) -> rules.Step:
    """The level after this attempt, or the round's end, with the reason. `learnt`: what it taught of the person."""
    round, at = attempt.round, attempt.received_at
    before = sorted(_reacted().filter(round=round).exclude(pk=attempt.pk), key=lambda each: each.number)
    marks = [_mark(each, round) for each in (*before, attempt)]
    fitting = rules.level_for(_as_rules_see(round), thought_of(learnt, at=at), level=attempt.statement.level)
    if round.asked:  # a level the person chose is lowered by marks and misses only
        fitting = max(fitting, attempt.statement.level)
    today = welfare.standing(attempt.member, at)
    rule = partial(rules.next_step, marks, level=round.level, colour=today.gate.colour, fitting=fitting)
    step = rule(ceiling=today.budget.highest_level)
    if step == rule(ceiling=min(LEVELS)):  # nothing that earlier rounds left behind would change it
        return step
    earlier = [each for each in _rounds_of(attempt.member, learnt.skill_slug) if each.pk != round.pk]
    return rule(ceiling=min(ceiling(earlier), today.budget.highest_level))


def next_statement(round: Round) -> Next:
    """The next statement of a running round. The same until an attempt is made, however often one looks."""
    ability = thought_of(ability_of(round.member, round.exercise.skill.slug), at=round.began_at)
    met = Attempt.objects.filter(member=round.member_id, statement__exercise=round.exercise_id)
    lately = [str(pk) for pk in met.order_by("received_at", "pk").values_list("statement_id", flat=True)]
    chance = np.random.default_rng([round.key.int % 2**63, len(lately)])
    choice = rules.choose(_as_rules_see(round), ability, level=round.level, recent=lately[-LATELY:], rng=chance)
    chosen = Statement.objects.get(pk=choice.statement.id)
    last = round.attempts.exclude(reaction="").order_by("-number").first()
    reason = Reason(**last.step["reason"]) if last else None
    return Next(chosen, choice.reason, reason)


def _as_rules_see(round: Round) -> list[rules.Statement]:
    """Each statement of the exercise with its level and how hard it has been in this clinic. No word of it is read."""
    here = FilteredRelation("difficulties", condition=Q(difficulties__clinic=round.clinic_id))
    rows = Statement.objects.filter(exercise=round.exercise_id).annotate(here=here).order_by("pk")
    return [
        rules.Statement(str(pk), level, rules.Estimate(mean, variance) if variance else _as_meant(level))
        for pk, level, mean, variance in rows.values_list("pk", "level", "here__value", "here__variance")
    ]


def ability_of(member: "Membership", skill_slug: str) -> Ability | None:
    """What is kept of this person at this skill; none before the first attempt."""
    return Ability.objects.filter(member=member, skill_slug=skill_slug).first()


def thought_of(row: Ability | None, *, at: "datetime") -> rules.Estimate:
    """What is thought of somebody at a skill at a moment; unsure where nothing is known or it is long ago."""
    if row is None:
        return rules.Estimate()
    days = max((at - row.changed_at).days, 0)
    return rules.rested(rules.Estimate(row.value, row.variance), days)


def unseen(statement: Statement) -> rules.Estimate:
    """How hard a statement is before anybody of this clinic has tried it: as its writers meant it."""
    return _as_meant(statement.level)


def _as_meant(level: int) -> rules.Estimate:
    return rules.Estimate(BEGINS_AT[level], BEGINS_UNSURE)


def marks_of(round: Round) -> list[rules.Attempt]:
    """The attempts with a reaction of a round that `_rounds_of` read, as the rules see them, in order."""
    attempts = sorted(round.reacted, key=lambda each: each.number)  # type: ignore[attr-defined]
    return [_mark(each, round) for each in attempts]


def _mark(attempt: Attempt, round: Round) -> rules.Attempt:
    shame = attempt.felt.get("shame")
    level = attempt.statement.level
    met = (attempt.rating or 0) / Rating.MET
    return rules.Attempt(level, attempt.reaction or None, met, shame, round.asked and level >= round.began_level)  # type: ignore[arg-type]


def _rounds_of(member: "Membership", skill_slug: str) -> list[Round]:
    """This person's latest rounds at a skill, whatever its version, oldest first, with their `reacted` attempts."""
    found = (
        Round.objects.filter(member=member, exercise__skill__slug=skill_slug)
        .select_related("exercise")
        .only("asked", "began_level", "level", "exercise__slug")
        .prefetch_related(Prefetch("attempts", _reacted(), to_attr="reacted"))
        .order_by("-began_at", "-pk")[:ROUNDS_LOOKED_AT]
    )
    return list(reversed(found))


def _reacted() -> "QuerySet[Attempt]":
    """Attempts with a reaction: what the rules ask of them, and none of the words."""
    marks = ("round", "number", "rating", "reaction", "felt", "statement__level")
    return Attempt.objects.exclude(reaction="").select_related("statement").only(*marks)
