"""A client says yes to one recording; their therapist records it, hears it, and the client takes it back."""

import pytest
from playwright.sync_api import expect

from shoshin.care.actions import make_page_key, record_choices
from shoshin.growth.models import ClientRecording
from shoshin.kit import clock, media
from shoshin.kit.media.keeping import State
from tests.cast import PASSWORD
from tests.journeys.conftest import LAPTOP, PHONE, plays, sign_in
from tests.practice.reels import sound

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(not media.can_check(), reason="PyAV is not installed"),
]
PIN = "4829"


@pytest.fixture
def asked(now_cast, reachable):
    """Ben has said yes to what his therapist learns from him, and not yet to any recording."""
    record_choices(client=now_cast.ben, choices={"learning": True}, by=now_cast.ada, at=clock.now())
    return now_cast


def says_yes(ada, cast):
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/clients/{cast.ben.ref}/")
    ada.get_by_role("link", name="Recordings", exact=True).click()
    ada.get_by_role("link", name="Ask about one recording").click()
    ada.get_by_label("Yes", exact=True).check()
    ada.get_by_role("button", name="Write it down").click()
    expect(ada.get_by_role("button", name="Record", exact=True)).to_be_visible()


def test_it_is_recorded_heard_and_gone_once_the_client_takes_the_yes_back(speaking, people, asked):
    ada = speaking(LAPTOP)
    says_yes(ada, asked)
    ada.get_by_role("button", name="Record", exact=True).click()
    expect(ada.get_by_text("Recording, and sent as you go.")).to_be_visible()
    ada.wait_for_timeout(3000)
    ada.get_by_role("button", name="Stop recording").click()
    expect(ada.get_by_label("The recording", exact=True)).to_be_visible()
    assert plays(ada, "The recording") > 2
    kept = ClientRecording.objects.get()
    made = make_page_key(client=asked.ben, pin=PIN, by=asked.ada, at=clock.now())
    ben = people(PHONE)
    ben.goto(f"/p/{made.token}/")
    ben.get_by_label("PIN").fill(PIN)
    ben.get_by_role("button").first.click()
    ben.get_by_role("button", name="Take back your yes to the recording").click()
    expect(ben.get_by_text("Recordings you said yes to")).to_have_count(0)
    expect(ben.get_by_role("heading", name="Your page")).to_be_visible()
    assert not kept.tape.has_key()
    assert ada.reload().status == 404


def test_a_file_from_another_device_is_brought_and_what_is_none_is_refused(speaking, asked, tmp_path):
    ada = speaking(PHONE)
    says_yes(ada, asked)
    (tmp_path / "letter.m4a").write_bytes(b"%PDF-1.7, whatever its name says")
    (tmp_path / "session.ogg").write_bytes(sound(3, "ogg"))
    ada.get_by_label("Bring a file").set_input_files(tmp_path / "letter.m4a")
    expect(ada.get_by_text("This is no recording that can be kept here.")).to_be_visible()
    assert ClientRecording.objects.get().state == State.REFUSED
    ada.get_by_label("Bring a file").set_input_files(tmp_path / "session.ogg")
    expect(ada.get_by_label("The recording", exact=True)).to_be_visible()
    assert plays(ada, "The recording") == pytest.approx(3, abs=0.2)
    ada.get_by_role("button", name="Remove it now").click()
    expect(ada.get_by_text("The recording is gone for good.")).to_be_visible()
    assert ClientRecording.objects.get().state == State.REMOVED
