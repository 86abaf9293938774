"""Before a new score the therapist may guess. A risk answer or a reliable worsening is never behind the guess."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.feedback import queries
from shoshin.feedback.actions import read_response
from shoshin.feedback.models import Guess, Reading
from tests.cast import NOW
from tests.forms_of_ben import ben_answers


@pytest.fixture(autouse=True)
def _measures(measures_loaded):
    pass


def hidden(cast):
    return set(queries.hidden_responses([cast.ben]).values_list("reference", flat=True))


def test_a_new_score_waits_until_it_is_opened(cast):
    response = ben_answers(cast, 12)
    assert hidden(cast) == {response.reference}
    read_response(response=response, expected="same", by=cast.ada, at=NOW)
    assert hidden(cast) == set()


def test_a_marked_safety_question_never_waits(cast):
    ben_answers(cast, 12, risk=1)
    assert hidden(cast) == set()


def test_a_reliable_worsening_never_waits(cast):
    first = ben_answers(cast, 8, weeks=2)
    read_response(response=first, by=cast.ada, at=NOW)
    ben_answers(cast, 15)
    assert hidden(cast) == set()


def test_what_was_typed_in_from_paper_does_not_wait(cast):
    ben_answers(cast, 12, source="paper")
    assert hidden(cast) == set()


def test_skipping_the_guess_leaves_no_trace_of_skipping(cast):
    guessed, skipped = ben_answers(cast, 12, weeks=1), ben_answers(cast, 12)
    read_response(response=guessed, expected="better", by=cast.ada, at=NOW)
    read_response(response=skipped, by=cast.ada, at=NOW)
    first, second = (Reading.objects.get(response=each) for each in (guessed, skipped))
    kept = [field.name for field in Reading._meta.concrete_fields if field.name not in ("id", "response")]
    assert [getattr(first, name) for name in kept] == [getattr(second, name) for name in kept]


def test_a_therapist_is_asked_at_most_three_times_in_a_week(cast):
    responses = [ben_answers(cast, 12, weeks=weeks) for weeks in (3, 2, 1, 0)]
    asked = lambda at: queries.may_be_asked_to_guess(cast.ada, cast.course, "phq-9", at)  # noqa: E731
    for response in responses[:3]:
        assert asked(NOW)
        read_response(response=response, expected="same", by=cast.ada, at=NOW)
    assert not asked(NOW)
    assert asked(NOW + timedelta(days=8))


def test_nobody_is_asked_before_there_is_an_earlier_score_to_compare_with(cast):
    ben_answers(cast, 12)
    assert not queries.may_be_asked_to_guess(cast.ada, cast.course, "phq-9", NOW)


def test_the_guess_is_set_beside_the_answers_in_one_sentence_without_a_tally(cast, as_member):
    ben_answers(cast, 12, weeks=1, source="paper")
    response = ben_answers(cast, 13)
    browser = as_member(cast.ada)
    page = browser.post(
        reverse("feedback:read_response", args=[response.reference]), {"expected": "same"}, follow=True
    ).content.decode()
    assert "You expected the same; the answers are about the same." in page
    assert Guess.objects.get().therapist == cast.ada
    again = browser.get(reverse("desk:client", args=[cast.ben.ref])).content.decode()
    assert "You expected" not in again


def test_an_unopened_response_is_not_shown_at_its_own_address_either(cast, as_member):
    response = ben_answers(cast, 12)
    answer = as_member(cast.ada).get(reverse("feedback:response", args=[response.reference]))
    assert answer.status_code == 302


def test_a_stranger_cannot_open_answers(cast, as_member):
    response = ben_answers(cast, 12)
    for stranger in (cast.eve, cast.mia):
        address = reverse("feedback:read_response", args=[response.reference])
        assert as_member(stranger).post(address).status_code == 404
    assert not Reading.objects.exists()
