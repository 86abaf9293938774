"""Short words for tests: a round of somebody's, and a whole attempt in it."""

from datetime import timedelta
from uuid import uuid4

from shoshin.practice.actions import Answer, Felt, rate_attempt, record_attempt, record_reaction, start_round
from shoshin.practice.queries import next_statement
from tests.cast import NOW


def begin(exercise, member, level=None, at=NOW):
    return start_round(exercise=exercise, key=uuid4(), level=level, by=member, at=at)


def met(round, reaction="good_challenge", rating=2, at=NOW, **felt):
    """One statement answered, rated and reacted to."""
    said = next_statement(round).statement
    answer = Answer(uuid4(), "silent" if round.exercise.is_silent else "typed", "My own words.")
    attempt = record_attempt(round=round, statement=said, answer=answer, by=round.member, at=at)
    rate_attempt(attempt=attempt, rating=rating, by=round.member, at=at)
    return record_reaction(attempt=attempt, felt=Felt(reaction, felt), by=round.member, at=at + timedelta(minutes=1))


def fresh(round):
    """The round as it stands in the database."""
    return type(round).objects.get(pk=round.pk)
