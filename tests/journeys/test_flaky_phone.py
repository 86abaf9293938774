"""A phone on a train: offline and back, reloads, crashes, two tabs. The page never says more than is true."""

import random
import re

import pytest
from playwright.sync_api import Error, Page, expect

from shoshin.feedback.models import Assignment, Response
from tests.chaos.rig import keep_figure
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(120)]
REFERENCE = re.compile(r"Received, reference (\w{8})")
SEEN = """() => ({
  text: document.body.innerText,
  saved: document.querySelector("#saved")?.textContent ?? "",
  given: [...(document.querySelector("#sheet") ? new FormData(document.querySelector("#sheet")) : [])]
    .filter(([name, value]) => name.startsWith("q-") && value !== ""),
})"""


class Ride:
    """One client on one train, and what the pages said that was not so."""

    def __init__(self, page: Page, form: int, seed: int) -> None:
        self.page, self.form, self.dice = page, form, random.Random(seed)
        self.context, self.offline, self.events, self.untrue = page.context, False, [], []

    def note(self, event: str) -> None:
        self.events.append(event)

    def line(self, *, up: bool) -> None:
        self.offline = not up
        self.context.set_offline(self.offline)
        self.note("online" if up else "offline")

    def fresh_page(self) -> None:
        """Open the form anew, as one does after a crash. There is a line again: without one there is no page."""
        self.line(up=True)
        self.page = self.context.new_page()
        self.page.goto("/f/now/")
        self.begin()

    def begin(self) -> None:
        """Past the first step, once the page's script has taken over."""
        self.page.get_by_role("button", name="Yes, begin").click()
        expect(self.page.locator(".question:visible")).to_have_count(1)

    def happens(self) -> None:
        """Something of a train ride."""
        what = self.dice.choice(["offline", "online", "reload", "closed", "crashed", "second tab"])
        if what in ("offline", "online"):
            self.line(up=what == "online")
            return
        self.note(what)
        if what == "reload" and not self.offline:
            self.page.reload()
            self.begin()
        elif what == "closed":
            self.page.close()
            self.fresh_page()
        elif what == "crashed":
            self.crash()
            self.fresh_page()
        elif what == "second tab" and not self.offline:
            tab = self.context.new_page()
            tab.goto("/f/now/")
            tab.close()

    def crash(self) -> None:
        try:
            self.page.goto("chrome://crash", timeout=3000)
        except Error:
            self.page.close()

    def check(self) -> None:
        """What the page says now, held against the rows."""
        seen = self.page.evaluate(SEEN)
        given = {name.removeprefix("q-"): float(value) for name, value in seen["given"]}
        if found := REFERENCE.search(seen["text"]):
            if not Response.objects.filter(assignment=self.form, reference=found[1]).exists():
                self.untrue.append(f"'{found[0]}' after {self.events}")
        elif seen["saved"].startswith("Saved"):
            kept = Assignment.objects.get(pk=self.form).draft_rows().values_list("answers", flat=True).first()
            filed = Response.objects.filter(assignment=self.form).values_list("answers", flat=True)
            if kept != given and given not in filed:  # filed already, when only the answer to it was lost
                self.untrue.append(f"'{seen['saved']}' with {given}, kept {kept}, after {self.events}")

    def answer(self, calm: bool = False) -> None:
        while self.page.locator(".question:visible").count():
            picks = self.page.locator(".question:visible label.pick")
            picks.nth(self.dice.randrange(picks.count())).click()
            self.check()
            if not calm and self.dice.random() < 0.3:
                self.happens()
                self.check()
            if self.page.locator(".question:visible").count():
                self.page.get_by_role("button", name="Next", exact=True).click()

    def send(self) -> dict[str, float]:
        """Press "Send" wherever the train is now; what was sent."""
        how = self.dice.choice(["online", "offline", "answer lost", "offline and closed"])
        self.line(up=not how.startswith("offline"))
        self.note(f"send {how}")
        if how == "answer lost":
            self.context.route(
                "**/f/now/", lambda route: (route.fetch(max_redirects=0), route.abort("internetdisconnected")), times=1
            )
        given = {name.removeprefix("q-"): float(value) for name, value in self.page.evaluate(SEEN)["given"]}
        self.page.get_by_role("button", name="Send", exact=True).click()
        if how != "online":
            expect(self.page.locator("#not-sent, h1:has-text('Received')").first).to_be_visible()
            self.check()
        if how == "offline and closed":
            self.page.close()
            return self.come_back(given)
        self.line(up=True)
        return given

    def come_back(self, given: dict[str, float]) -> dict[str, float]:
        """After a send that went nowhere and a closed page: begin again, or find it received after all.

        A browser lifts its offline mode as it closes a page, and the last try of that page may slip through. Then
        "Received" is true: it is held against the rows here, and against what was given on arriving.
        """
        self.line(up=True)
        self.page = self.context.new_page()
        self.page.goto("/f/now/")
        self.check()
        if REFERENCE.search(self.page.inner_text("body")):
            self.note("slipped through")
            return given
        self.begin()
        self.answer(calm=True)
        return self.send()

    def arrive(self, given: dict[str, float]) -> None:
        """With a line again it is received, whole, and the reference shown is the one filed."""
        expect(self.page.locator("h1")).to_contain_text("Received, reference", timeout=30_000)
        self.check()
        shown = REFERENCE.search(self.page.inner_text("h1"))[1]
        filed = Response.objects.get(assignment=self.form)
        if (filed.reference, filed.answers) != (shown, given):
            self.untrue.append(f"shown {shown} with {given}, filed {filed.reference} with {filed.answers}")


def ride(people, asked, seed: int) -> Ride:
    form, link = asked()
    page = people(PHONE)
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    on_the_way = Ride(page, form, seed)
    on_the_way.begin()
    on_the_way.answer()
    on_the_way.arrive(on_the_way.send())
    on_the_way.context.close()
    return on_the_way


def rides(people, asked, count: int, capsys) -> None:
    untrue, events = [], 0
    for seed in range(count):
        done = ride(people, asked, seed)
        untrue, events = untrue + done.untrue, events + len(done.events)
    found = f"{count} rides, {events} events, {len(untrue)} sentences that were not so"
    keep_figure(f"rides of a flaky phone ({count})", found)
    with capsys.disabled():
        print(f"\n  {found}")
    assert events > 2 * count
    assert untrue == []


def test_on_3_rides_no_page_says_received_or_saved_that_is_not(people, asked, capsys):
    rides(people, asked, 3, capsys)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_on_200_rides_no_page_says_received_or_saved_that_is_not(people, asked, capsys):
    rides(people, asked, 200, capsys)


def test_the_ride_sees_a_page_that_says_received_too_early(people, asked):
    form, link = asked()
    page = people(PHONE)
    page.context.route("**/feedback/form*.js", hasty_script)
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    on_the_way = Ride(page, form, seed=3)
    on_the_way.begin()
    on_the_way.answer(calm=True)
    on_the_way.line(up=False)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Received")
    on_the_way.check()
    assert [each for each in on_the_way.untrue if "HASTY222" in each]


def hasty_script(route) -> None:
    script = route.fetch().text()
    assert 'say("not-sent");' in script
    hasty = 'at("h1").textContent = "Received, reference HASTY222"; at("h1").classList.remove("hidden-words");'
    route.fulfill(body=script.replace('say("not-sent");', hasty), content_type="text/javascript")
