"""A whole practice episode in a browser without scripts: a signal, one moment, a round, the room, and how it stands."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shoshin.feedback.models import SignalRow
from shoshin.growth.models import Episode
from shoshin.kit import clock
from shoshin.practice.actions import install_pack
from tests.cast import PASSWORD
from tests.forms_of_ben import ben_answers
from tests.growth.steps import kept_at
from tests.journeys.conftest import LAPTOP, PHONE, sign_in
from tests.journeys.test_pages_are_accessible import serious
from tests.practice.packs import small_pack

pytestmark = [pytest.mark.journey, pytest.mark.slow]
MOMENT = "When somebody goes quiet, I fill the silence."


@pytest.fixture
def stalled(now_cast, reachable, monkeypatch):
    """Ben does not improve, and Ada's clock may be moved without ending her session."""
    at = now_cast.ben.added_at
    ben_answers(now_cast, 16, weeks=3, source="paper", at=at)
    ben_answers(now_cast, 16, source="paper", at=at)
    install_pack(pack=small_pack(), clinic=now_cast.clinic, by=now_cast.ada, at=at)
    for limit in ("IDLE", "LONGEST"):
        monkeypatch.setattr(f"shoshin.people.views.sessions.{limit}", 10**9)
    return now_cast


def test_from_a_signal_to_the_same_clients_later_answers(people, stalled, monkeypatch):
    ada = people(PHONE, scripts=False)
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/signals/{SignalRow.objects.get().pk}/")
    ada.get_by_label("We talked about it").check()
    ada.get_by_role("button", name="Keep this answer").click()
    expect(ada.get_by_role("heading", level=1, name="B. N.")).to_be_visible()
    ada.get_by_role("link", name="What might it be?").click()
    ada.get_by_label("Something I could do better").check()
    ada.get_by_role("button", name="Keep this answer").click()
    ada.get_by_label("The moment I'd like to meet differently").fill(MOMENT)
    ada.get_by_role("button", name="Make this my goal").click()
    expect(ada.get_by_role("heading", level=1, name=MOMENT)).to_be_visible()
    ada.get_by_role("link", name="Practise “An exercise, silent”").click()
    ada.get_by_role("button", name="Begin").click()
    expect(ada.get_by_text("It names the feeling.").first).to_be_visible()

    kept_at(cast=stalled, starts_at=clock.now(), by=stalled.ada, at=clock.now())
    ada.goto(f"/clients/{stalled.ben.ref}/")
    ada.get_by_role("button", name="I did it").click()
    expect(ada.get_by_text("Nobody sees it but you")).to_be_visible()

    at = clock.now()
    ben_answers(stalled, 6, at=at + timedelta(weeks=3), source="paper")
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(weeks=9))
    ada.goto("/growth/")
    expect(ada.get_by_text("better than when the episode began")).to_be_visible()
    expect(ada.get_by_text("could well be chance")).to_be_visible()
    wide = people()
    sign_in(wide, "ada@example.org", PASSWORD)
    wide.goto(f"/growth/episodes/{Episode.objects.get().pk}/")
    expect(wide.locator("figure.chart svg").first).to_be_visible()
    expect(wide.get_by_text("tried it").first).to_be_visible()
    assert Episode.objects.get().closed_at is None, "looking closes nothing; the daily task writes it down"


@pytest.mark.once
@pytest.mark.parametrize(("viewport", "dark"), [(LAPTOP, False), (PHONE, True)], ids=["laptop-light", "phone-dark"])
def test_axe_finds_nothing_serious_on_the_way(people, stalled, viewport, dark):
    ada = people(viewport, dark=dark)
    sign_in(ada, "ada@example.org", PASSWORD)
    found = []
    for place in ("/growth/", "/growth/review/", f"/growth/clients/{stalled.ben.ref}/"):
        ada.goto(place)
        found += serious(ada)
    ada.get_by_label("Our relationship").check()
    ada.get_by_role("button", name="Keep this answer").click()
    found += serious(ada, "One moment")
    ada.get_by_label("The moment I'd like to meet differently").fill(MOMENT)
    ada.get_by_role("button", name="Make this my goal").click()
    found += serious(ada, MOMENT)
    ada.goto("/growth/")
    found += serious(ada)
    assert found == []
