"""A recording is shown: heard by its witness, met at a moment of it, heard there again by its maker, and taken back."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from shoshin.community.models import Review, Showing
from shoshin.kit import media
from shoshin.kit.models import AuditEvent
from shoshin.practice.actions import install_pack
from tests.cast import PASSWORD
from tests.community.steps import tried
from tests.journeys.conftest import LAPTOP, PHONE, sign_in
from tests.journeys.test_pages_are_accessible import serious
from tests.practice.packs import small_pack
from tests.practice.reels import recorded, sound

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(not media.can_check(), reason="PyAV is not installed"),
]

QUESTION = "Where do I hurry?"
PLACE = "Write down where the recording is now"


@pytest.fixture
def attempt(now_cast, reachable, settings):
    """Ada has said something aloud, and its six seconds were recorded."""
    at, ada = now_cast.ben.added_at, now_cast.ada
    pack = install_pack(pack=small_pack(), clinic=ada.clinic, by=ada, at=at)
    made = tried(pack.exercises.get(slug="aloud"), ada, at=at)
    recorded(made, at=at, plain=sound(6))
    yield made
    for folder in ("media", "arriving", "keys"):
        shutil.rmtree(Path(settings.HOME) / folder, ignore_errors=True)


def show(page) -> None:
    sign_in(page, "ada@example.org", PASSWORD)
    page.goto("/practice/attempts/")
    page.get_by_role("link", name="Show this to somebody").click()
    page.get_by_label("Mia", exact=True).check()
    page.get_by_label("What I would like to know").fill(QUESTION)
    expect(page.get_by_label("They may play my recording, too")).not_to_be_checked()
    page.get_by_label("They may play my recording, too").check()
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("They may play it, too")).to_be_visible()


def write(page) -> None:
    page.get_by_label("partly", exact=True).check()
    page.get_by_label("What makes you see it that way?").fill("There is a place where it turns.")
    page.get_by_label("One strength").fill("Your pause.")
    page.get_by_label("One thing to try").fill("You might wait once more.")
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("Sent, with your name.")).to_be_visible()


def place(player) -> float:
    return player.evaluate("it => it.currentTime")


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_it_is_heard_met_at_a_moment_heard_there_again_and_taken_back(people, attempt, viewport):
    ada, mia = people(viewport), people(viewport, dark=True)
    show(ada)
    sign_in(mia, "mia@example.org", PASSWORD)
    mia.goto("/")
    mia.get_by_role("link", name=QUESTION).click()
    found = serious(mia, "Ada shows you this")
    player = mia.get_by_label("The recording of Ada")
    assert not AuditEvent.objects.filter(event="community.hear_recording").exists(), "nothing plays by itself"
    player.evaluate("it => { it.muted = true; it.currentTime = 3.4; return it.play(); }")
    mia.wait_for_function("document.querySelector('.reel').currentTime > 3.4")
    player.evaluate("it => it.pause()")
    assert AuditEvent.objects.filter(event="community.hear_recording").exists()
    mia.get_by_role("button", name=PLACE).click()
    mia.keyboard.type("here it turns")
    write(mia)
    assert Review.objects.get().moment in ("0:03 here it turns", "0:04 here it turns")
    ada.reload()
    ada.get_by_role("button", name="Open the first").click()
    ada.get_by_role("button", name="at 0:0").click()
    ada.wait_for_function("document.querySelector('.reel').currentTime >= 3")
    assert found + serious(ada, QUESTION) == []
    mia.reload()
    address = mia.get_by_label("The recording of Ada").get_attribute("src")
    assert mia.request.get(address, headers={"Range": "bytes=0-9"}).status == 206
    ada.get_by_role("button", name="Take it back").click()
    expect(ada.get_by_text("Nobody but you plays it now.")).to_be_visible()
    assert mia.request.get(address, headers={"Range": "bytes=0-9"}).status == 404
    assert Showing.objects.get().taken_back_at is not None


def test_without_scripts_a_time_is_typed_and_read(people, attempt):
    ada, mia = people(LAPTOP, scripts=False), people(PHONE, scripts=False)
    show(ada)
    sign_in(mia, "mia@example.org", PASSWORD)
    mia.goto("/")
    mia.get_by_role("link", name=QUESTION).click()
    expect(mia.get_by_label("The recording of Ada")).to_have_count(1)
    expect(mia.get_by_role("button", name=PLACE)).to_have_count(0)
    mia.get_by_label("Comments on single moments").fill("0:04 here it turns\nand all in all it is calm")
    write(mia)
    expect(mia.get_by_text("at 0:04", exact=True)).to_be_visible()
    assert mia.locator("button.moment").count() == 0
