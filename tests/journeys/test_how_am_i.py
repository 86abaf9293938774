"""How am I? A therapist looks after herself on a phone without scripts: a check, a pause, a note, one thing shown."""

import pytest
from playwright.sync_api import expect

from shoshin.welfare.models import CapacityCheck, FeelingNote, Pause
from tests.cast import PASSWORD
from tests.journeys.conftest import LAPTOP, PHONE, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.once]


def pick(page, group: str, step: str) -> None:
    """Tap a step of a scale."""
    page.get_by_role("group", name=group).get_by_label(step, exact=True).check()


def test_everything_works_on_a_phone_without_scripts(people, now_cast, reachable):
    ada = people(PHONE, scripts=False)
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto("/me/")
    ada.get_by_role("link", name="Check in").click()
    pick(ada, "How much is in me today?", "3")
    ada.get_by_label("I slept little").check()
    pick(ada, "How close did I feel", "4")
    ada.get_by_role("button", name="Keep it").click()
    expect(ada.get_by_text("There is 3 of 10 in you.")).to_be_visible()
    expect(ada.get_by_role("heading", name="A time to go gently")).to_be_visible()
    ada.get_by_role("button", name="Rest first, for a week").click()
    expect(ada.get_by_role("heading", name="A time to rest first")).to_be_visible()
    ada.get_by_role("button", name="End my wish to go easier").click()
    ada.get_by_role("link", name="Two minutes of pause").click()
    ada.get_by_role("button", name="Done, keep nothing").click()
    assert not Pause.objects.exists()
    ada.get_by_role("link", name="Put a critical feeling down").click()
    ada.get_by_label("What do I feel?").fill("bored, and sorry about it")
    ada.get_by_role("button", name="Put it down").click()
    expect(ada.get_by_text("Only you can open this in Shoshin; the law may reach it.")).to_be_visible()
    ada.get_by_role("link", name="Show it to one person").click()
    ada.get_by_label("Mia").check()
    ada.get_by_role("button", name="Show it", exact=True).click()
    mia = people(LAPTOP)
    sign_in(mia, "mia@example.org", PASSWORD)
    mia.goto("/me/")
    mia.get_by_role("link", name="Ada shows you one thing").click()
    expect(mia.get_by_text("bored, and sorry about it")).to_be_visible()
    ada.get_by_role("button", name="Take it back").click()
    assert mia.reload().status == 404
    assert (CapacityCheck.objects.count(), FeelingNote.objects.count()) == (1, 1)


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_no_page_of_ones_own_is_wider_than_the_screen(people, now_cast, reachable, viewport):
    page = people(viewport)
    sign_in(page, "ada@example.org", PASSWORD)
    for path in ("/me/", "/me/check/", "/me/pause/", "/me/lines/", "/me/notes/", "/me/measures/", "/me/data/delete/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
