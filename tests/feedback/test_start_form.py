"""A link opens a neutral door, changes nothing by being looked at, and tells nothing once it is closed."""

import hashlib
import re
import secrets

import pytest
from django.test import Client as Browser

from shoshin.feedback.actions.assignments import decline_form
from shoshin.feedback.models import Assignment, Draft
from shoshin.kit.action import Actor
from shoshin.kit.models import AuditEvent

CLIENT = Actor("client", "1")


def test_the_door_names_no_measure_no_therapist_and_no_client(ask, phone):
    sent = ask("phq-9")
    page = phone.get(f"/f/{sent.token}/").content.decode()
    assert "<title>A short form for you</title>" in page
    for name in ("PHQ", "Made-up", "Ada", "B. N.", "Willow House", "Depression"):
        assert name not in page


def test_looking_at_a_link_changes_nothing(ask, phone):
    sent = ask("phq-9")
    before = list(Assignment.objects.values()), AuditEvent.objects.count()
    for _ in range(5):
        assert phone.get(f"/f/{sent.token}/").status_code == 200
        phone.head(f"/f/{sent.token}/")
    assert (list(Assignment.objects.values()), AuditEvent.objects.count()) == before


def test_the_database_holds_only_the_fingerprint_of_a_link(ask):
    sent = ask("phq-9")
    row = Assignment.objects.get()
    assert row.token_hash == hashlib.sha256(sent.token.encode()).hexdigest()
    assert len(sent.token) == 43
    assert sent.token not in str(list(Assignment.objects.values()))


def test_beginning_leads_to_an_address_without_the_token(ask, phone):
    sent = ask("phq-9")
    response = phone.post(f"/f/{sent.token}/")
    assert (response.status_code, response["Location"]) == (303, "/f/now/")
    cookie = response.cookies["form"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/f/"
    assert sent.token not in cookie.value


def test_behind_https_the_cookie_is_bound_to_the_host_and_secure(ask, phone, settings):
    settings.SECURE = True
    cookie = phone.post(f"/f/{ask('phq-9').token}/").cookies["__Host-form"]
    assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


def page_of(phone, token) -> str:
    return re.search(r'name="page" value="([^"]+)"', phone.get(f"/f/{token}/").content.decode())[1]


@pytest.mark.parametrize("same", [True, False], ids=["the same page", "another page of the door"])
def test_a_first_press_that_arrives_late_leaves_the_second_one_right(ask, phone, same):
    """The phone gave up after ten seconds and began again; then the server comes to its first press."""
    sent, late = ask("phq-9"), Browser()
    first = page_of(phone, sent.token)
    phone.post(f"/f/{sent.token}/", {"page": first if same else page_of(phone, sent.token)})
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-1": "2"}}, content_type="application/json")
    late.post(f"/f/{sent.token}/", {"page": first})
    assert Draft.objects.exists() is same
    assert phone.get("/f/now/").status_code == (200 if same else 404)


def test_what_a_page_carries_opens_nothing_without_the_server(ask, phone):
    sent = ask("phq-9")
    page = page_of(phone, sent.token)
    phone.post(f"/f/{sent.token}/", {"page": page})
    begun = Assignment.objects.get().form_hash
    guesses = [page, sent.token, page + sent.token, sent.token + page]
    assert begun not in [hashlib.sha256(guess.encode()).hexdigest() for guess in guesses]


def test_a_page_that_carries_next_to_nothing_begins_anew_each_time(ask):
    sent, begun = ask("phq-9"), set()
    for _ in range(2):
        Browser().post(f"/f/{sent.token}/", {"page": "x"})
        begun.add(Assignment.objects.get().form_hash)
    assert len(begun) == 2


def closed_links(ask, moment, phone) -> dict[str, str]:
    """One token for each way of being closed."""
    declined, revoked = ask("phq-9"), ask("phq-8")
    decline_form(assignment=declined.assignments[0], by=CLIENT, at=moment.at)
    expired = ask("shoshin-wellbeing")
    ask("phq-8")  # the earlier asking ends here
    used = ask("shoshin-check")
    phone.post(f"/f/{used.token}/")
    phone.post("/f/now/", {"q-understood": "8", "gaps-seen": "1"})
    moment.pass_by(days=8)
    return {
        "unknown": secrets.token_urlsafe(32),
        "not even a token": "x",
        "declined": declined.token,
        "revoked": revoked.token,
        "expired": expired.token,
        "used": used.token,
    }


def test_unknown_expired_used_and_revoked_links_give_the_same_bytes_with_safety_numbers(ask, moment, phone):
    answers = {why: Browser().get(f"/f/{token}/") for why, token in closed_links(ask, moment, phone).items()}
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.content for answer in answers.values()}) == 1
    page = answers["unknown"].content.decode()
    assert "0800 000 000" in page and "ask your therapist" in page
    posted = {phone.post(f"/f/{token}/").content for token in closed_links(ask, moment, Browser()).values()}
    assert posted == {answers["unknown"].content}


def test_asking_again_closes_the_earlier_link(ask, phone):
    first = ask("phq-9")
    second = ask("phq-9")
    assert phone.get(f"/f/{first.token}/").status_code == 404
    assert phone.get(f"/f/{second.token}/").status_code == 200


def test_a_link_stays_open_until_a_day_after_its_appointment_else_seven_days(ask, cast, moment, phone):
    with_appointment = ask("phq-9", appointment=cast.ben_today)
    without = ask("phq-8")
    moment.pass_by(hours=28)
    assert phone.get(f"/f/{with_appointment.token}/").status_code == 200
    moment.pass_by(hours=2)
    assert phone.get(f"/f/{with_appointment.token}/").status_code == 404
    moment.pass_by(days=5)
    assert phone.get(f"/f/{without.token}/").status_code == 200
    moment.pass_by(days=1)
    assert phone.get(f"/f/{without.token}/").status_code == 404


@pytest.mark.parametrize("path", ["/f/now/", "/f/received/"])
def test_without_the_browsers_key_there_is_only_the_closed_page(path, phone, cast):
    assert phone.get(path).status_code == 404


def test_another_browser_begins_afresh_and_reads_nothing_of_the_first(begun, phone, ask):
    sent = ask("shoshin-check")
    phone.post(f"/f/{sent.token}/")
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-amiss-note": "between us"}}, "application/json")
    other = Browser()
    other.post(f"/f/{sent.token}/")
    assert "between us" not in other.get("/f/now/").content.decode()
    assert phone.get("/f/now/").status_code == 404
    assert not Draft.objects.exists()


def test_the_same_browser_goes_on_where_it_was(ask, phone):
    sent = ask("shoshin-check")
    phone.post(f"/f/{sent.token}/")
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-amiss-note": "between us"}}, "application/json")
    phone.post(f"/f/{sent.token}/")
    assert "between us" in phone.get("/f/now/").content.decode()


def test_measures_asked_together_follow_one_another_behind_one_link(ask, phone):
    sent = ask("shoshin-check", "shoshin-wellbeing")
    phone.post(f"/f/{sent.token}/")
    phone.post("/f/now/", {"gaps-seen": "1", "q-understood": "7"})
    assert "one more short form" in phone.get("/f/received/").content.decode()
    phone.post("/f/now/", {"what": "next"})
    phone.post("/f/now/", {"gaps-seen": "1"})
    assert "one more short form" not in phone.get("/f/received/").content.decode()
    assert list(Assignment.objects.values_list("state", flat=True)) == ["done", "done"]
    assert Browser().get(f"/f/{sent.token}/").status_code == 404
