"""Paper: item by item or a total alone, with or without wording, and nothing half-filed."""

from uuid import uuid4

import pytest

from shoshin.feedback.models import Alert, Response, ScoreRow

PHQ9 = "/clients/benbenbe/paper/phq-9/"


@pytest.fixture
def ada(cast, measures_loaded, moment, as_member):
    return as_member(cast.ada)


def typed(**answers) -> dict[str, str]:
    facts = {"key": str(uuid4()), "answered_on": "2026-11-02", "appointment": ""}
    return facts | {f"q-{name.lstrip('_')}" if name != "total" else name: value for name, value in answers.items()}


def test_without_wording_items_stand_with_our_own_labels_and_numbers(ada):
    page = ada.get(PHQ9).content.decode()
    assert "our own short labels" in page
    assert "3. sleep" in page


def test_that_items_may_stay_open_is_said_once_and_not_at_each_item(ada):
    page = ada.get(PHQ9).content.decode()
    assert page.count("Leave out what was left out on the paper.") == 1
    assert "(optional)" not in page


def test_missing_answers_are_allowed_and_scored_as_the_measure_says(ada, cast):
    answers = typed(**{f"_{number}": "2" for number in range(1, 8)}, _9="0")
    assert ada.post(PHQ9, answers).status_code == 302
    response = Response.objects.get()
    assert "8" not in response.answers
    assert (response.source, str(response.answered_on)) == ("paper", "2026-11-02")
    assert ScoreRow.objects.get(response=response, score_id="total").prorated


def test_a_total_alone_stands_for_its_score(ada):
    assert ada.post(PHQ9, typed(total="14")).status_code == 302
    assert ScoreRow.objects.get(score_id="total").value == 14
    assert Response.objects.get().totals == {"total": 14.0}


def test_a_marked_safety_question_raises_its_alert(ada, cast):
    ada.post(PHQ9, typed(_1="1", _9="2"))
    assert (Alert.objects.get().client, Alert.objects.get().value) == (cast.ben, 2)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "Enter at least one answer"),
        ({"_1": "2", "total": "14"}, "not both"),
        ({"total": "28"}, "less than or equal to 27"),
        ({"_1": "7"}, "not on offer"),
        ({"_1": "two"}, "not on offer"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_filed(answers, says, ada):
    refused = ada.post(PHQ9, typed(**answers))
    assert refused.status_code == 422
    assert says in refused.content.decode()
    assert not Response.objects.exists()


def test_a_day_that_lies_ahead_is_refused(ada):
    refused = ada.post(PHQ9, typed(_1="1") | {"answered_on": "2026-11-04"})
    assert "This day lies ahead" in refused.content.decode()
    assert not Response.objects.exists()


def test_the_same_page_sent_twice_is_filed_once(ada):
    answers = typed(_1="1")
    ada.post(PHQ9, answers)
    ada.post(PHQ9, answers)
    assert Response.objects.count() == 1


def test_it_may_belong_to_an_appointment_of_the_course(ada, cast):
    ada.post(PHQ9, typed(_1="1") | {"appointment": str(cast.ben_today.pk)})
    assert Response.objects.get().appointment == cast.ben_today


@pytest.mark.parametrize("measure_id", ["cbi", "no-such-measure"])
def test_a_measure_that_is_not_for_clients_is_no_page(measure_id, ada):
    assert ada.get(f"/clients/benbenbe/paper/{measure_id}/").status_code == 404


@pytest.mark.parametrize("who", ["eve", "mia"])
def test_a_stranger_gets_404(who, cast, measures_loaded, moment, as_member):
    browser = as_member(getattr(cast, who))
    assert browser.get(PHQ9).status_code == 404
    assert browser.post(PHQ9, typed(_1="1")).status_code == 404
    assert not Response.objects.exists()
