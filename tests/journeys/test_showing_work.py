"""Show work, be met: an attempt shown to a circle, two views written unseen, and the spread of them."""

import pytest
from playwright.sync_api import expect

from shoshin.community.models import Review, Showing
from shoshin.practice.actions import install_pack
from tests.cast import PASSWORD
from tests.community.steps import colleague, gathered, tried
from tests.journeys.conftest import LAPTOP, PHONE, sign_in
from tests.journeys.test_pages_are_accessible import serious
from tests.practice.packs import small_pack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

QUESTION = "Do I leave room for her anger?"
VIEWS = {"mia": ("not yet", "The anger has no name yet."), "kim": ("yes", "You stay with it.")}


@pytest.fixture
def circle(now_cast, reachable):
    """Ada, mia and kim practise on Tuesdays; ada has tried something."""
    at, ada = now_cast.ben.added_at, now_cast.ada
    pack = install_pack(pack=small_pack(), clinic=ada.clinic, by=ada, at=at)
    tried(pack.exercises.get(slug="aloud"), ada, at=at)
    return gathered(ada, now_cast.mia, colleague("kim", ada.clinic), at=at)


def write(page, view: str, words: str) -> None:
    """From today to one's own view, signed and sent."""
    page.goto("/")
    page.get_by_role("link", name=QUESTION).click()
    page.get_by_label(view, exact=True).check()
    page.get_by_label("What makes you see it that way?").fill(words)
    page.get_by_label("One strength").fill("Your pause.")
    page.get_by_label("One thing to try").fill("You might wait once more.")
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("Sent, with your name.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_attempt_is_shown_met_twice_and_seen_as_a_spread(people, circle, scripts):
    ada = people(LAPTOP, dark=True, scripts=scripts)
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto("/practice/attempts/")
    ada.get_by_role("link", name="Show this to somebody").click()
    ada.get_by_label("Tuesdays: Kim, Mia").check()
    ada.get_by_label("What I would like to know").fill(QUESTION)
    expect(ada.get_by_text("Never how it felt.")).to_be_visible()
    ada.get_by_role("button", name="Show it").click()
    expect(ada.get_by_role("heading", name=QUESTION, level=1)).to_be_visible()
    for name, (view, words) in VIEWS.items():
        witness = people(PHONE, scripts=scripts)
        sign_in(witness, f"{name}@example.org", PASSWORD)
        write(witness, view, words)
    expect(witness.get_by_text(VIEWS["mia"][1])).to_be_visible()
    ada.goto("/")
    ada.get_by_role("link", name=QUESTION).click()
    expect(ada.get_by_text("From Mia, Kim.")).to_be_visible()
    assert ada.get_by_text(VIEWS["mia"][1]).count() == 0
    ada.get_by_role("button", name="Open the first").click()
    expect(ada.get_by_text(VIEWS["mia"][1])).to_be_visible()
    assert ada.get_by_text(VIEWS["kim"][1]).count() == 0
    ada.get_by_role("button", name="Open the first").click()
    expect(ada.get_by_text(VIEWS["kim"][1])).to_be_visible()
    columns = ada.locator(".spread > li")
    assert ["nobody" in words for words in columns.all_inner_texts()] == [False, True, False]
    assert Review.objects.exclude(opened_at=None).count() == 2 and Showing.objects.get().taken_back_at is None
    ada.get_by_role("button", name="Take it back").click()
    expect(ada.get_by_text("taken back; nobody but you opens it")).to_be_visible()


@pytest.mark.once
@pytest.mark.parametrize(("viewport", "dark"), [(LAPTOP, False), (PHONE, True)], ids=["laptop-light", "phone-dark"])
def test_axe_finds_nothing_serious_on_the_way(people, circle, viewport, dark):
    ada, mia = people(viewport, dark=dark), people(viewport, dark=dark)
    for page, name in ((ada, "ada"), (mia, "mia")):
        sign_in(page, f"{name}@example.org", PASSWORD)
    ada.goto("/practice/attempts/")
    ada.get_by_role("link", name="Show this to somebody").click()
    found = serious(ada, "Show this to somebody")
    ada.get_by_role("button", name="Show it").click()
    found += serious(ada, "Show this to somebody")
    ada.get_by_label("Mia", exact=True).check()
    ada.get_by_label("What I would like to know").fill(QUESTION)
    ada.get_by_role("button", name="Show it").click()
    found += serious(ada, QUESTION)
    mia.goto("/circle/")
    found += serious(mia, "Circle")
    mia.get_by_role("link", name=QUESTION).click()
    found += serious(mia, "Ada shows you this")
    write(mia, *VIEWS["mia"])
    found += serious(mia, "Ada shows you this")
    ada.reload()
    ada.get_by_role("button", name="Open the first").click()
    expect(ada.get_by_text(VIEWS["mia"][1])).to_be_visible()
    found += serious(ada, QUESTION)
    assert found == []
