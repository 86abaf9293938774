"""Answering on the therapist's device: the therapist is signed out, and only the form opens until they sign in."""

import pytest

from shoshin.feedback.models import Alert, Assignment, Draft, Response

PATH = "/clients/benbenbe/answer-here/"
ASKED = {"measures": "phq-9", "language": "en", "appointment": ""}


@pytest.fixture
def device(cast, worded, moment, as_member):
    """Ada's own browser, handed to Ben."""
    browser = as_member(cast.ada)
    answer = browser.post(PATH, ASKED)
    assert (answer.status_code, answer["Location"]) == (303, "/f/now/")
    return browser


def test_the_therapist_is_signed_out_and_the_form_is_open(device):
    assert "_auth_user_id" not in device.session
    assert device.get("/f/now/").status_code == 200
    for page in ("/clients/benbenbe/", "/", "/clients/", "/clients/benbenbe/send/"):
        assert device.get(page)["Location"].startswith("/accounts/login/")


def test_after_sending_it_asks_for_the_device_back(device):
    device.post("/f/now/", {"q-1": "1", "gaps-seen": "1"})
    page = device.get("/f/received/").content.decode()
    assert "Please hand the device back" in page and "/accounts/login/" in page
    assert Response.objects.get().source == "device"


def test_the_device_is_asked_back_after_the_last_of_two_forms_only(cast, worded, moment, as_member):
    device = as_member(cast.ada)
    device.post(PATH, ASKED | {"measures": ["phq-8", "shoshin-wellbeing"]})
    device.post("/f/now/", {"q-1": "1", "gaps-seen": "1"})
    between = device.get("/f/received/").content.decode()
    assert "There is one more short form" in between and "Please hand the device back" not in between
    assert device.post("/f/now/", {"what": "next"}).status_code == 303
    device.post("/f/now/", {"gaps-seen": "1", "q-people": "1"})
    assert "Please hand the device back" in device.get("/f/received/").content.decode()
    assert Response.objects.count() == 2


def test_after_a_no_it_asks_for_the_device_back(device):
    assert "Please hand the device back" in device.post("/f/now/decline/").content.decode()
    assert device.get("/f/now/").status_code == 404


def test_not_now_leaves_no_answer_readable_on_the_therapists_device(device):
    device.post("/f/now/draft/", {"seq": 1, "answers": {"q-1": "2"}}, "application/json")
    page = device.post("/f/now/", {"what": "later", "q-1": "2", "q-9": "1"}).content.decode()
    assert "no answer stays on this device" in page and "Please hand the device back" in page
    assert not Draft.objects.exists()
    assert device.get("/f/now/").status_code == 404
    assert Assignment.objects.get().state == "cancelled"
    assert Alert.objects.get().from_draft


def test_it_opens_by_post_only_and_only_for_ones_own_client(cast, worded, moment, as_member):
    assert as_member(cast.ada).get(PATH).status_code == 405
    stranger = as_member(cast.eve)
    assert stranger.post(PATH, ASKED).status_code == 404
    assert "_auth_user_id" in stranger.session
    assert not Assignment.objects.exists()


def test_a_choice_that_cannot_go_leaves_the_therapist_signed_in(cast, worded, moment, as_member):
    browser = as_member(cast.ada)
    assert browser.post(PATH, ASKED | {"language": "de"}).status_code == 422
    assert "_auth_user_id" in browser.session
