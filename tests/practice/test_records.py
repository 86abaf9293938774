"""One's own record with an exercise: first answers to statements never met, before and since."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shoshin.practice.actions import Answer, install_pack, rate_attempt, record_attempt, sort_statement, stop_round
from shoshin.practice.queries import record_with
from tests.cast import NOW
from tests.practice.packs import exercise, small_pack, statement
from tests.practice.tries import begin


@pytest.fixture
def many(cast):
    """An exercise with fourteen statements of level 1."""
    rows = [statement(n, 1) for n in range(1, 15)] + [statement(20, 2), statement(30, 3)]
    pack = install_pack(
        pack=small_pack(name="many", exercises={"many": exercise(statements=rows)}),
        clinic=cast.clinic,
        by=cast.ada,
        at=NOW,
    )
    return pack.exercises.get()


def answered(round, said, rating, at):
    """One statement answered and rated, whichever would have come next."""
    answer = Answer(uuid4(), "typed", "My own words.")
    attempt = record_attempt(round=round, statement=said, answer=answer, by=round.member, at=at)
    return rate_attempt(attempt=attempt, rating=rating, by=round.member, at=at)


def practise(many, member, ratings, at, begins=0):
    """A whole round at level 1: one answer for each rating, on the statements from the one named on."""
    round = begin(many, member, level=1, at=at)
    said = many.statements.filter(level=1).order_by("pk")[begins : begins + len(ratings)]
    for place, (each, rating) in enumerate(zip(said, ratings, strict=True)):
        answered(round, each, rating, at + timedelta(minutes=place))
    stop_round(round=round, by=member, at=at + timedelta(minutes=30))


def test_below_five_on_either_side_it_says_not_enough_yet(ada, many, cast):
    practise(many, cast.ada, [0, 1, 0, 1, 0], NOW)
    practise(many, cast.ada, [1, 1, 2, 1], NOW + timedelta(days=1), begins=5)
    assert record_with(cast.ada, many).change.change is None
    page = ada.get(reverse("practice:show_exercise", args=[many.pk])).content.decode()
    assert "Your record with this exercise" in page
    assert "9 answers of yours so far." in page
    assert "Not enough yet" in page


def test_from_five_on_each_side_the_difference_shows_with_its_range_and_numbers(ada, many, cast):
    practise(many, cast.ada, [0, 1, 0, 1, 0], NOW)
    practise(many, cast.ada, [2, 1, 2, 1, 2], NOW + timedelta(days=1), begins=5)
    change = record_with(cast.ada, many).change
    assert change.change == pytest.approx(0.8 - 0.2)
    assert change.low < change.change < change.high
    page = ada.get(reverse("practice:show_exercise", args=[many.pk])).content.decode()
    assert "+60 points of 100" in page
    assert "Based on 5 first answers" in page
    assert "need not be its cause" in page


def test_a_statement_met_again_or_sorted_before_does_not_count_as_never_met(many, cast):
    practise(many, cast.ada, [0, 1, 0, 1, 0], NOW)
    second = NOW + timedelta(days=1)
    seen = many.statements.get(slug="s06")
    sort_statement(statement=seen, level=2, by=cast.ada, at=second)
    practise(many, cast.ada, [2] * 14, second)
    found = record_with(cast.ada, many)
    assert found.tries == 19
    assert (found.change.before, found.change.after) == (5, 14 - 5 - 1)


def test_a_new_version_of_the_pack_makes_no_statement_unmet_again(many, cast):
    practise(many, cast.ada, [0, 1, 0, 1, 0], NOW)
    rows = [statement(n, 1) for n in range(1, 15)] + [statement(20, 2), statement(30, 3)]
    newer = small_pack(name="many", version=2, exercises={"many": exercise(statements=rows)})
    later = NOW + timedelta(days=1)
    newest = install_pack(pack=newer, clinic=cast.clinic, by=cast.ada, at=later).exercises.get()
    practise(newest, cast.ada, [2] * 14, later)
    found = record_with(cast.ada, newest)
    assert (found.rounds, found.tries) == (2, 19)
    assert (found.change.before, found.change.after) == (5, 9)


def test_nobody_elses_answers_are_in_it(as_member, many, cast):
    practise(many, cast.ada, [0, 1, 0, 1, 0], NOW)
    assert record_with(cast.mia, many).tries == 0
    page = as_member(cast.mia).get(reverse("practice:show_exercise", args=[many.pk])).content.decode()
    assert "answers of yours so far" not in page
