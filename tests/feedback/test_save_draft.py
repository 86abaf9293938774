"""Saving as the client goes: in order, idempotent, and a marked safety question is told even if nothing is sent."""

import json

import pytest
from django.test import Client as Browser

from shoshin.feedback.models import Alert, Draft, Response


def save(phone, seq, **answers):
    body = {"seq": seq, "answers": {f"q-{name.lstrip('_')}": value for name, value in answers.items()}}
    return phone.post("/f/now/draft/", json.dumps(body), "application/json")


def test_an_older_save_never_replaces_a_newer_one(begun, phone):
    begun("phq-9")
    save(phone, 2, _1="3")
    save(phone, 1, _1="0", _2="0")
    assert Draft.objects.get().answers == {"1": 3}


def test_the_same_save_twice_changes_nothing(begun, phone):
    begun("phq-9")
    first = save(phone, 1, _1="3").json()
    assert save(phone, 1, _1="3").json() == first == {"saved": True, "seq": 1}
    assert Draft.objects.count() == 1


def test_a_marked_safety_question_in_a_draft_tells_the_therapist_once(begun, phone, cast):
    assignment = begun("phq-9")
    save(phone, 1, _9="1")
    save(phone, 2, _9="2")
    save(phone, 3, _9="0")
    alert = Alert.objects.get()
    assert (alert.assignment, alert.from_draft, alert.client) == (assignment, True, cast.ben)
    assert not Response.objects.exists()


def test_it_is_told_even_in_a_save_that_comes_too_late_to_count(begun, phone):
    begun("phq-9")
    save(phone, 5, _1="1")
    save(phone, 4, _9="3")
    assert Draft.objects.get().answers == {"1": 1}
    assert Alert.objects.get().value == 3


def test_sending_joins_the_drafts_alert_and_makes_no_second_one(begun, phone):
    begun("phq-9")
    save(phone, 1, _9="1")
    phone.post("/f/now/", {"q-9": "1", "gaps-seen": "1"})
    assert Alert.objects.get().response == Response.objects.get()


def test_without_javascript_not_now_tells_a_marked_safety_question_too(begun, phone):
    begun("phq-9")
    page = phone.post("/f/now/", {"what": "later", "q-9": "1"}).content.decode()
    assert Alert.objects.get().from_draft
    assert "Your therapist is told" in page and "tel:0800000000" in page


def test_nothing_unreadable_is_saved(begun, phone):
    begun("phq-9")
    for body in ("", "[]", '{"seq": "x", "answers": {}}', '{"seq": -1, "answers": {}}', '{"answers": {}}', "null"):
        assert phone.post("/f/now/draft/", body, "application/json").status_code == 400
    too_long = json.dumps({"seq": 1, "answers": {"q-1": "x" * 70_000}})
    assert phone.post("/f/now/draft/", too_long, "application/json").status_code == 400
    assert not Draft.objects.exists()


def test_answers_that_are_not_on_offer_are_left_out_of_the_draft(begun, phone):
    begun("phq-9")
    assert save(phone, 1, _1="7", _2="1", stranger="2").status_code == 200
    assert Draft.objects.get().answers == {"2": 1}


def test_after_sending_nothing_more_is_saved(begun, phone):
    begun("phq-9")
    phone.post("/f/now/", {"gaps-seen": "1"})
    assert save(phone, 1, _1="1").status_code == 409
    assert not Draft.objects.exists()


def test_a_browser_without_the_key_saves_nothing(begun):
    begun("phq-9")
    assert save(Browser(), 1, _1="1").status_code == 404
    assert not Draft.objects.exists()


def test_saving_asks_for_the_forms_own_mark_against_forgery(begun, phone):
    begun("phq-9")
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = phone.cookies
    assert save(strict, 1, _1="1").status_code == 403


BROKEN = ["[" * 50_000, '{"answers":{},"seq":1e999}', '{"answers":[],"seq":1}', "\x00", '{"seq":1}']


@pytest.mark.parametrize("body", BROKEN, ids=["deep", "endless", "a list", "nought", "no answers"])
def test_a_broken_save_is_refused_and_the_form_goes_on(begun, phone, body):
    begun("shoshin-check")
    answer = phone.post("/f/now/draft/", body, content_type="application/json")
    assert answer.status_code == 400
    assert phone.get("/f/now/").status_code == 200


def test_half_a_character_or_a_nought_byte_in_a_draft_does_not_lock_the_client_out(begun, phone):
    begun("shoshin-check")
    body = '{"answers":{"q-amiss-note":"a\\ud800b\\u0000c"},"seq":1}'
    assert phone.post("/f/now/draft/", body, content_type="application/json").status_code == 200
    assert "a?bc" in phone.get("/f/now/").content.decode()
