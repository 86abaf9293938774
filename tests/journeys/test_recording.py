"""Answering aloud, in a real browser with a made-up microphone: recorded, lost on the way, played, and taken back."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from shoshin.kit import clock, media
from shoshin.kit.media.keeping import State
from shoshin.practice.actions import install_pack, start_round
from shoshin.practice.models import Recording, RecordingConsent
from tests.cast import PASSWORD
from tests.journeys.conftest import LAPTOP, PHONE, plays, sign_in
from tests.journeys.test_pages_are_accessible import serious
from tests.practice.packs import small_pack

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(not media.can_check(), reason="PyAV is not installed"),
]


@pytest.fixture
def round(now_cast, reachable):
    pack = install_pack(pack=small_pack(), clinic=now_cast.clinic, by=now_cast.ada, at=clock.now())
    exercise = pack.exercises.get(slug="aloud")
    return start_round(exercise=exercise, key=uuid4(), by=now_cast.ada, at=clock.now())


def at_the_round(page, round):
    sign_in(page, "ada@example.org", PASSWORD)
    page.goto(f"/practice/rounds/{round.pk}/")
    return page


def record(page, seconds: float) -> None:
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("Recording. Say nothing that would tell")).to_be_visible()
    page.wait_for_timeout(seconds * 1000)
    page.get_by_role("button", name="Stop recording").click()


def test_an_answer_is_recorded_over_a_bad_line_played_and_removed(speaking, round):
    ada = at_the_round(speaking(PHONE), round)
    lost = {"count": 0, "seen": 0}

    def every_third_is_lost(route):
        lost["seen"] += 1
        if lost["seen"] % 3 == 1:
            lost["count"] += 1
            route.abort("internetdisconnected")
        else:
            route.continue_()

    ada.route("**/practice/recordings/*/parts/**", every_third_is_lost)
    ada.get_by_role("button", name="Record", exact=True).click()
    expect(ada.get_by_text("Tick first that you agree")).to_be_visible()
    assert not Recording.objects.exists()
    ada.get_by_label("I record my own practice.").check()
    record(ada, 6.5)
    expect(ada.locator("#play-audio")).to_be_visible()
    ada.get_by_role("button", name="I said it aloud").click()
    expect(ada.get_by_role("heading", name="Did it meet the criterion?")).to_be_visible()
    kept = Recording.objects.get()
    print(f"\n{lost['seen']} parts on the line, {lost['count']} lost, {kept.seconds} seconds kept")
    assert lost["count"] >= 2 and lost["seen"] > lost["count"]
    assert (kept.state, kept.attempt.answer, kept.kind) == (State.READY, "spoken", "audio")
    assert 5.5 < kept.seconds < 9
    assert plays(ada, "Your recording") == pytest.approx(kept.seconds, abs=0.2)
    ada.goto("/practice/recordings/")
    assert plays(ada, "Your recording") > 5
    ada.get_by_role("button", name="Withdraw my consent to all recordings").click()
    expect(ada.get_by_text("your recording is gone for good")).to_be_visible()
    kept.refresh_from_db()
    assert (kept.state, RecordingConsent.objects.get().withdrawn_at is None) == (State.REMOVED, False)


def test_with_a_picture_and_left_out_before_the_answer(speaking, round):
    ada = at_the_round(speaking(LAPTOP), round)
    ada.get_by_label("I record my own practice.").check()
    ada.get_by_role("button", name="With picture").click()
    expect(ada.get_by_text("Recording. Say nothing that would tell")).to_be_visible()
    ada.wait_for_timeout(2500)
    ada.get_by_role("button", name="Stop recording").click()
    expect(ada.get_by_text("Your recording has arrived.")).to_be_visible()
    kept = Recording.objects.get()
    assert (kept.state, kept.mime) == (State.READY, "video/webm")
    ada.get_by_role("button", name="Leave this out").click()
    expect(ada.get_by_text("Left out. Nothing of it is kept.")).to_be_visible()
    kept.refresh_from_db()
    assert kept.state == State.REMOVED
    ada.get_by_label("What would you say?").fill("It hurts to be left.")
    ada.get_by_role("button", name="This is what I say").click()
    expect(ada.get_by_text("It hurts to be left.")).to_be_visible()
    expect(ada.get_by_label("Your recording")).to_have_count(0)


def test_without_a_microphone_the_page_says_what_is_safe_and_goes_on(speaking, round):
    ada = at_the_round(speaking(PHONE, allowed=False), round)
    ada.get_by_label("I record my own practice.").check()
    ada.get_by_role("button", name="Record", exact=True).click()
    expect(ada.get_by_text("Nothing was recorded; type, or say it aloud.")).to_be_visible()
    ada.get_by_role("button", name="I said it aloud").click()
    expect(ada.get_by_text("You answered aloud.")).to_be_visible()
    assert not Recording.objects.exists()


def test_when_nothing_arrives_the_answer_waits_for_a_word_and_can_go_without(speaking, round):
    ada = at_the_round(speaking(PHONE), round)
    ada.route("**/practice/recordings/*/parts/**", lambda route: route.abort("internetdisconnected"))
    ada.get_by_label("I record my own practice.").check()
    record(ada, 1)
    assert serious(ada) == []
    expect(ada.get_by_text("The recording could not be sent yet.")).to_be_visible()
    ada.unroute("**/practice/recordings/*/parts/**")
    ada.get_by_role("button", name="Send again").click()
    expect(ada.get_by_text("Your recording has arrived.")).to_be_visible()
    ada.get_by_role("button", name="I said it aloud").click()
    expect(ada.get_by_text("You answered aloud.")).to_be_visible()
    assert Recording.objects.get().attempt is not None
    assert serious(ada) == []
    ada.goto("/practice/recordings/")
    assert serious(ada) == []
    assert ada.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_scripts_nothing_speaks_of_recording(people, round):
    ada = people(PHONE, scripts=False)
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/practice/rounds/{round.pk}/")
    assert not ada.get_by_role("button", name="Record").is_visible()
    ada.get_by_role("button", name="I said it aloud").click()
    expect(ada.get_by_text("You answered aloud.")).to_be_visible()
