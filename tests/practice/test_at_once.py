"""What arrives at the same moment counts once, and no attempt is lost to another; and how little each step asks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.urls import reverse

from shoshin.kit import chain
from shoshin.kit.models import AuditEvent
from shoshin.practice.actions import Answer, Felt, install_pack, rate_attempt, record_attempt, record_reaction
from shoshin.practice.models import Attempt, Difficulty
from shoshin.practice.queries import next_statement
from tests.cast import NOW, cast_at
from tests.practice.packs import small_pack
from tests.practice.tries import begin, fresh, met

COPIES = 4


@pytest.fixture
def here(transactional_db):
    """The cast with a pack, committed: threads see what others have committed."""
    everybody = cast_at()
    pack = install_pack(pack=small_pack(), clinic=everybody.clinic, by=everybody.ada, at=NOW)
    return everybody, pack.exercises.get(slug="aloud")


def at_once(*work):
    """Every piece of work in a thread of its own, let go in one moment."""
    start = threading.Barrier(len(work))

    def go(piece):
        try:
            start.wait(30)
            return piece()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as hands:
        return list(hands.map(go, work))


def answered(round, member, statement=None, rating=2):
    """An attempt that is rated and waits for its reaction."""
    said = statement or next_statement(round).statement
    words = Answer(uuid4(), "typed", "My own words.")
    attempt = record_attempt(round=round, statement=said, answer=words, by=member, at=NOW)
    return rate_attempt(attempt=attempt, rating=rating, by=member, at=NOW)


def react(attempt, member):
    """A reaction to an attempt as it was read before."""
    return lambda: record_reaction(attempt=attempt, felt=Felt("good_challenge"), by=member, at=NOW)


def test_copies_of_an_answer_at_the_same_moment_are_one_attempt(here):
    cast, aloud = here
    round, words = begin(aloud, cast.ada), Answer(uuid4(), "typed", "My own words.")
    said = next_statement(round).statement

    def send():
        return record_attempt(round=fresh(round), statement=said, answer=words, by=cast.ada, at=NOW)

    assert {attempt.pk for attempt in at_once(*[send] * COPIES)} == {Attempt.objects.get().pk}


def test_two_answers_of_one_round_at_the_same_moment_are_both_kept_and_numbered(here):
    cast, aloud = here
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement

    def send(words):
        answer = Answer(uuid4(), "typed", words)
        return lambda: record_attempt(round=fresh(round), statement=said, answer=answer, by=cast.ada, at=NOW)

    at_once(*[send(f"In other words {number}.") for number in range(COPIES)])
    kept = Attempt.objects.order_by("number").values_list("number", "is_first")
    assert list(kept) == [(1, True), (2, False), (3, False), (4, False)]


def test_copies_of_a_reaction_at_the_same_moment_teach_once(here):
    cast, aloud = here
    waiting = answered(begin(aloud, cast.ada), cast.ada)
    at_once(*[react(Attempt.objects.get(pk=waiting.pk), cast.ada) for _ in range(COPIES)])
    assert cast.ada.abilities.get().attempts == 1
    assert Difficulty.objects.get().attempts == 1
    assert AuditEvent.objects.filter(event="practice.learn_from").count() == 1


def test_first_attempts_of_two_people_on_one_statement_both_count(here):
    cast, aloud = here
    said = next_statement(begin(aloud, cast.ada)).statement
    tried = [(answered(begin(aloud, each), each, said), each) for each in (cast.ada, cast.mia)]
    at_once(*[react(attempt, each) for attempt, each in tried])
    assert Difficulty.objects.get().attempts == 2


def test_first_attempts_of_one_person_in_two_rounds_both_count(here):
    cast, aloud = here
    one, two = (
        answered(begin(aloud, cast.ada), cast.ada, said) for said in aloud.statements.filter(level=1).order_by("pk")[:2]
    )
    at_once(react(one, cast.ada), react(two, cast.ada))
    assert cast.ada.abilities.get().attempts == 2
    assert chain.verify().whole


@pytest.mark.parametrize("tries", [1, 12])
def test_an_attempt_asks_little_however_much_was_tried(ada, aloud, cast, tries, django_assert_max_num_queries):
    round = begin(aloud, cast.ada)
    for _ in range(tries):
        met(fresh(round))
    said = next_statement(fresh(round)).statement
    answer = {"key": str(uuid4()), "statement": said.pk, "kind": "typed", "text": "My own words."}
    with django_assert_max_num_queries(23):
        ada.post(reverse("practice:record_attempt", args=[round.pk]), answer)
    waiting = Attempt.objects.get(reaction="")
    with django_assert_max_num_queries(16):
        ada.post(reverse("practice:rate_attempt", args=[waiting.pk]), {"rating": "2"})
    with django_assert_max_num_queries(30):
        ada.post(reverse("practice:record_reaction", args=[waiting.pk]), {"reaction": "good_challenge"})
    waiting.refresh_from_db()
    assert (waiting.rating, waiting.reaction) == (2, "good_challenge")
