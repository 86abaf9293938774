"""What an attempt teaches about the person and about the statement, and when a mastered skill returns."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import fsrs

from shoshin.kit.action import Actor, action
from shoshin.practice.models import Ability, Attempt, Difficulty, Rating, Reaction, Round
from shoshin.practice.queries.steps import ability_of, thought_of, unseen
from shoshin.science import difficulty as rules

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shoshin.people.models import Membership

Kept = TypeVar("Kept", Ability, Difficulty)
# A skill counts as mastered when statements of the middle level are likely to be met, and enough tries say so.
MASTERED, ENOUGH_TRIES = 0.80, 6
MIDDLE = rules.Estimate(0.0, 0.0)
# Default weights, for want of our own reviews; fuzzing off, so that the same past gives the same day.
SPACING = fsrs.Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())


@action("practice.learn_from")
def learn_from(*, attempt: Attempt, by: "Membership", at: datetime) -> Ability:
    """Move the two estimates by how far the rating was from what had been expected."""
    statement, skill = attempt.statement, attempt.round.exercise.skill.slug
    hard, able = unseen(statement), rules.Estimate()
    row = _locked(
        Difficulty.objects.filter(clinic=attempt.clinic_id, statement=statement),
        Difficulty(clinic_id=attempt.clinic_id, statement=statement, value=hard.mean, variance=hard.variance),
    )
    ability = _locked(
        Ability.objects.filter(member=by, skill_slug=skill),
        Ability(
            clinic_id=attempt.clinic_id,
            member=by,
            skill_slug=skill,
            value=able.mean,
            variance=able.variance,
            changed_at=at,
        ),
    )
    met = (attempt.rating or 0) / Rating.MET
    found = rules.updated(thought_of(ability, at=at), rules.Estimate(row.value, row.variance), met)
    row.value, row.variance, row.attempts = found.difficulty.mean, found.difficulty.variance, row.attempts + 1
    row.save(update_fields=["value", "variance", "attempts"])
    ability.value, ability.variance = found.ability.mean, found.ability.variance
    ability.attempts, ability.changed_at = ability.attempts + 1, at
    ability.save(update_fields=["value", "variance", "attempts", "changed_at"])
    return ability


def _locked(rows: "QuerySet[Kept]", first: Kept) -> Kept:
    """The one row of these, nobody else's to change until the action is over; the first one where there is none yet.

    Two first attempts may come at the same moment, so that the row is asked for again after it was made.
    """
    held = rows.select_for_update()
    found = held.first()
    if found is None:
        rows.model._default_manager.bulk_create([first], ignore_conflicts=True)
        found = held.get()
    return found


@action("practice.schedule_return")
def schedule_return(*, round: Round, by: "Membership | Actor", at: datetime) -> Ability | None:
    """After a round: when a mastered skill should be met again. Nothing for a skill that is still being learnt."""
    skill = round.exercise.skill.slug
    ability = ability_of(round.member, skill)
    rated = [each for each in round.attempts.all() if each.reaction]
    if ability is None or not rated or not (ability.card or _is_mastered(ability)):
        return None
    card = fsrs.Card.from_dict(ability.card) if ability.card else fsrs.Card(card_id=ability.pk)
    card, _log = SPACING.review_card(card, _grade(rated), review_datetime=at)
    ability.card = dict(card.to_dict())
    ability.returns_on = max(card.due, at + timedelta(days=1)).date()
    ability.save(update_fields=["card", "returns_on"])
    return ability


def _is_mastered(ability: Ability) -> bool:
    likely = rules.expected_share(rules.Estimate(ability.value, ability.variance), MIDDLE)
    return ability.attempts >= ENOUGH_TRIES and likely >= MASTERED


def _grade(attempts: list[Attempt]) -> fsrs.Rating:
    """A whole round as one review: forgotten, hard, good or easy."""
    met = sum(attempt.rating or 0 for attempt in attempts) / (Rating.MET * len(attempts))
    if met < 0.5:
        return fsrs.Rating.Again
    if met < MASTERED or any(attempt.reaction == Reaction.TOO_HARD for attempt in attempts):
        return fsrs.Rating.Hard
    if all(attempt.reaction == Reaction.TOO_EASY for attempt in attempts):
        return fsrs.Rating.Easy
    return fsrs.Rating.Good
