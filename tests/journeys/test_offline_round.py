"""A round on a line that comes and goes: an answer given offline goes out later and counts once."""

import pytest
from playwright.sync_api import expect

from shoshin.practice.actions import install_pack, stop_round
from shoshin.practice.models import Attempt, Round
from tests.cast import PASSWORD
from tests.journeys.conftest import PHONE, sign_in
from tests.practice.packs import small_pack

pytestmark = [pytest.mark.journey, pytest.mark.slow]
KEPT = "Your answer is kept on this device."
WORDS = "You miss her, and nobody asks."


@pytest.fixture
def begun(people, now_cast, reachable):
    """`begun(slug)`: ada on her phone, at the first statement of a round of this exercise."""
    pack = install_pack(pack=small_pack(), clinic=now_cast.clinic, by=now_cast.ada, at=now_cast.ben.added_at)

    def begin(slug):
        ada = people(PHONE)
        sign_in(ada, "ada@example.org", PASSWORD)
        ada.goto(f"/practice/exercises/{pack.exercises.get(slug=slug).pk}/")
        ada.get_by_role("button", name="Begin").click()
        expect(ada.locator("#says")).to_be_visible()
        return ada

    return begin


def answer(page):
    page.get_by_label("What would you say?").fill(WORDS)
    page.get_by_role("button", name="This is what I say").click()


def rated(page):
    return expect(page.get_by_role("heading", name="Did it meet the criterion?"))


def test_an_answer_given_offline_goes_out_when_the_line_is_back_and_counts_once(begun):
    ada = begun("aloud")
    ada.context.set_offline(True)
    answer(ada)
    expect(ada.get_by_text(KEPT)).to_be_visible()
    expect(ada.get_by_role("button", name="This is what I say")).to_be_hidden()
    ada.get_by_role("button", name="Try now").click()
    expect(ada.get_by_text(KEPT)).to_be_visible()
    assert not Attempt.objects.exists()
    ada.context.set_offline(False)
    rated(ada).to_be_visible()
    attempt = Attempt.objects.get()
    assert (attempt.text, attempt.answer) == (WORDS, "typed")
    assert attempt.answered_at < attempt.received_at
    assert ada.evaluate("Object.keys(localStorage).length") == 0


def test_an_answer_that_arrived_though_its_receipt_was_lost_is_no_second_one(begun):
    ada = begun("aloud")
    lost = []

    def swallow(route):
        lost.append(route.fetch(max_redirects=0).status)
        route.abort("internetdisconnected")

    ada.route("**/answer/", swallow, times=1)
    answer(ada)
    expect(ada.get_by_text(KEPT)).to_be_visible()
    assert lost == [302]
    assert Attempt.objects.count() == 1
    ada.get_by_role("button", name="Try now").click()
    rated(ada).to_be_visible()
    assert Attempt.objects.count() == 1


def test_a_silent_answer_waits_too_and_survives_a_closed_page(begun):
    ada = begun("within")
    address = ada.url
    ada.context.set_offline(True)
    ada.get_by_role("button", name="I have met it").click()
    expect(ada.get_by_text(KEPT)).to_be_visible()
    ada.close()
    context = ada.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    rated(again).to_be_visible()
    assert Attempt.objects.get().answer == "silent"


def test_a_round_that_ended_meanwhile_still_takes_what_was_answered_before(begun, now_cast):
    from shoshin.kit import clock

    ada = begun("aloud")
    address = ada.url
    ada.context.set_offline(True)
    answer(ada)
    expect(ada.get_by_text(KEPT)).to_be_visible()
    stop_round(round=Round.objects.get(), by=now_cast.ada, at=clock.now())
    ada.context.set_offline(False)
    rated(ada).to_be_visible()
    assert Attempt.objects.get().text == WORDS
    assert ada.url == address


def test_online_nothing_is_kept_on_the_device(begun):
    ada = begun("aloud")
    answer(ada)
    rated(ada).to_be_visible()
    assert ada.evaluate("Object.keys(localStorage).length") == 0
    assert Attempt.objects.count() == 1


def test_a_round_takes_one_font_at_most(begun):
    ada = begun("aloud")
    faces = ada.evaluate("document.fonts.ready.then(all => [...all].map(face => [face.family, face.status]))")
    assert len([family for family, status in faces if status != "unloaded"]) <= 1, faces
