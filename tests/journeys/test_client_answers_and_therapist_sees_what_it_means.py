"""The first half of the loop, whole: send, answer on a phone, guess, see, answer the signal, and the client sees it."""

import re

import pytest
from playwright.sync_api import expect

from shoshin.care.actions import make_page_key
from shoshin.measures import queries as measures
from tests.cast import PASSWORD
from tests.forms_of_ben import ben_answers
from tests.journeys.conftest import PHONE, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def answer_every_question(phone, pick: int) -> int:
    """On the phone, one question at a time: pick an answer, go on. Says how many there were."""
    answered = 0
    phone.get_by_role("button", name="Yes, begin").click()
    while phone.locator(".question:visible").count():
        question = phone.locator(".question:visible")
        if question.locator("label.pick").count():
            question.locator("label.pick").nth(pick).click()
        answered += 1
        phone.get_by_role("button", name="Next", exact=True).click()
    return answered


def test_the_first_half_of_the_loop(people, now_cast, reachable):
    cast, at = now_cast, now_cast.ben.added_at
    ben_answers(cast, 9, weeks=3, source="paper", at=at)
    ben_answers(cast, 9, weeks=1, source="paper", at=at)
    measure = "phq-9" if measures.is_worded(measures.measure_version("phq-9"), "en") else "phq-8"
    assert measure == "phq-9", "the wording of PHQ-9 was not fetched: run `make wording`"

    ada = people()
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/clients/{cast.ben.ref}/send/")
    for box in ada.locator("input[name=measures]:checked").all():
        box.uncheck()
    ada.locator("input[name=measures][value=phq-9]").check()
    ada.get_by_role("button", name="Make a link").click()
    link = ada.locator("#link").input_value()
    assert "/f/" in link

    ben = people(PHONE)
    ben.goto(link)
    expect(ben).to_have_title(re.compile("A short form for you"))
    ben.get_by_role("button", name="Begin").click()
    assert "/f/now/" in ben.url, "the token leaves the address"
    expect(ben.locator("body")).to_contain_text("Ada reads this")
    expect(ben.locator("body")).to_contain_text("Nobody reads it live")
    assert answer_every_question(ben, pick=0) >= 9
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(ben.locator("h1")).to_contain_text("Received, reference")
    expect(ben.locator("main")).not_to_contain_text("score")

    ada.goto("/")
    expect(ada.locator("body")).to_contain_text("answered")
    ada.get_by_role("link", name="B. N.").first.click()
    expect(ada.locator("h2").first).to_have_text("Before you look: what do you expect?")
    ada.get_by_role("button", name="about the same").click()
    expect(ada.locator(".notices")).to_contain_text("You expected the same; the answers are better.")
    expect(ada.locator(".trajectory svg.for-wide").first).to_be_visible()
    expect(ada.locator(".trajectory h2").first).to_have_text(re.compile("Better than at the start"))


def test_a_signal_is_answered_and_the_client_sees_what_changed(people, now_cast, reachable):
    cast, at = now_cast, now_cast.ben.added_at
    for weeks in (3, 2, 1):
        ben_answers(cast, 16, weeks=weeks, source="paper", at=at)
    key = make_page_key(client=cast.ben, pin="7294", by=cast.ada, at=at)

    ada = people()
    sign_in(ada, "ada@example.org", PASSWORD)
    expect(ada.locator("body")).to_contain_text("no change yet: watch")
    ada.goto(f"/clients/{cast.ben.ref}/")
    ada.get_by_role("link", name="Answer it").click()
    ada.get_by_label("I changed something").check()
    ada.get_by_label("In your words").fill("We begin with what went well.")
    ada.get_by_label("What did the client say that led to it?").fill("I only hear what is wrong.")
    ada.get_by_role("button", name="Keep this answer").click()
    expect(ada.locator("body")).to_contain_text("Your answer is kept.")
    expect(ada.locator("body")).not_to_contain_text("What next?")

    ben = people(PHONE)
    ben.goto(f"/p/{key.token}/")
    ben.locator("input[name=pin]").fill("7294")
    ben.get_by_role("button", name="Open").click()
    expect(ben.locator("main")).to_contain_text("I only hear what is wrong.")
    expect(ben.locator("main")).to_contain_text("We begin with what went well.")
    for never in ("no change", "cut-off", "signal", "measurement error"):
        expect(ben.locator("main")).not_to_contain_text(never)


def test_a_marked_safety_question_is_met_at_once_even_without_a_connection(people, now_cast, reachable):
    cast = now_cast
    ada = people()
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/clients/{cast.ben.ref}/send/")
    for box in ada.locator("input[name=measures]:checked").all():
        box.uncheck()
    ada.locator("input[name=measures][value=phq-9]").check()
    ada.get_by_role("button", name="Make a link").click()
    link = ada.locator("#link").input_value()

    ben = people(PHONE)
    ben.goto(link)
    ben.get_by_role("button", name="Begin").click()
    expect(ben.locator("body")).to_contain_text("your therapist is still told")
    ben.get_by_role("button", name="Yes, begin").click()
    while not ben.locator(".question:visible").get_attribute("data-risk-from"):
        ben.get_by_role("button", name="Next", exact=True).click()
    ben.context.set_offline(True)
    ben.locator(".question:visible label.pick").nth(2).click()
    expect(ben.locator("#safety-now")).to_contain_text("Night line")
    ben.context.set_offline(False)
    ben.locator(".question:visible label.pick").nth(1).click()
    expect(ben.locator("#saved")).to_have_text("Saved.")
    ben.get_by_role("button", name="Next", exact=True).click()
    while ben.locator(".question:visible").count():
        ben.get_by_role("button", name="Next", exact=True).click()
    expect(ben.get_by_role("heading", name="That is everything")).to_be_in_viewport()
    expect(ben.get_by_role("button", name="Send", exact=True)).to_be_in_viewport(ratio=1)
    expect(ben.locator("#saved")).to_have_text("Saved, not sent yet.")
    send = ben.get_by_role("button", name="Send", exact=True).bounding_box()
    for later in (ben.locator("#safety-now"), ben.get_by_role("button", name="Back", exact=True)):
        assert later.bounding_box()["y"] > send["y"]
    ada.goto("/")
    expect(ada.locator("body")).to_contain_text("A safety question is marked")
    expect(ada.locator("body")).to_contain_text("form not sent")
