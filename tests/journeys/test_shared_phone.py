"""A phone that others use too: after sending, nothing in its storage, its history or its folders tells an answer."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from shoshin.feedback.models import Assignment, Draft, Response
from shoshin.feedback.queries.forms import IDLE
from shoshin.kit import clock
from shoshin.kit.headers import QuietHeaders
from tests.journeys.conftest import CHROMIUM, PHONE, QUIET

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.once]
CANARY = "kanari-sings-7f3k-quietly"
LATER = timedelta(minutes=1)
STORED = """async () => ({
  local: Object.entries(localStorage), session: Object.entries(sessionStorage),
  databases: (await indexedDB.databases()).map((each) => each.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length, cookie: document.cookie,
  name: window.name, state: JSON.stringify(history.state),
})"""
NOTHING = {"local": [], "session": [], "databases": [], "caches": [], "workers": 0, "cookie": "", "name": ""}
WHOLE = "document.documentElement.outerHTML + [...document.querySelectorAll('textarea')].map((each) => each.value)"


def begin(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#as-you-go")).to_be_visible()


def write(page: Page, words: str = CANARY) -> None:
    page.locator("textarea").fill(words)
    page.locator("textarea").blur()
    page.locator("label.pick").first.click()


def send(page: Page) -> None:
    """Press "Send" twice: the first time the page names the questions left open."""
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#gaps")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()


def is_received(page: Page) -> None:
    expect(page.locator("h1")).to_contain_text("Received, reference", timeout=30_000)


def left_in(page: Page) -> dict:
    """What a script of a later page could find in this browser, beyond what an empty one holds."""
    held = page.evaluate(STORED)
    held["state"] = "" if held["state"] == "null" else held["state"]
    held |= {each["name"]: each["value"] for each in page.context.cookies() if CANARY in str(each)}
    return {name: value for name, value in held.items() if value != NOTHING.get(name, "")}


# --- storage ------------------------------------------------------------------------------------------------------


def test_nothing_is_put_into_the_phones_storage_before_during_or_after_sending(people, link_to, capsys):
    phone, found, looks = people(PHONE), [], 0

    def look(when: str) -> None:
        nonlocal looks
        looks += 1
        found.extend(f"{when}: {each}" for each in left_in(phone).items())

    begin(phone, link := link_to("shoshin-check"))
    write(phone)
    expect(phone.locator("#saved")).to_have_text("Saved.")
    look("saved")
    phone.context.set_offline(True)
    send(phone)
    expect(phone.locator("#not-sent")).to_be_visible()
    look("waiting for a line")
    phone.context.set_offline(False)
    is_received(phone)
    look("received")
    assert not Draft.objects.exists(), "what was saved on the way is gone once it is received"
    phone.goto(link)
    look("the link again")
    assert {each["name"] for each in phone.context.cookies()} <= {"form", "csrf"}
    with capsys.disabled():
        print(f"\n{looks} looks into {len(NOTHING) + 1} kinds of storage: {len(found)} things found")
    assert found == []


def test_a_script_that_keeps_answers_on_the_phone_would_be_seen(people, link_to):
    phone = people(PHONE)
    phone.context.route("**/feedback/form*.js", keeping_script)
    begin(phone, link_to("shoshin-check"))
    write(phone)
    assert CANARY in str(left_in(phone)["local"])


def keeping_script(route) -> None:
    script = route.fetch().text()
    assert "const mine = seq;" in script
    keeping = script.replace("const mine = seq;", "const mine = seq; localStorage.kept = JSON.stringify(answers());")
    route.fulfill(body=keeping, content_type="text/javascript")


def test_what_is_kept_for_later_is_gone_after_the_time_the_page_names(people, link_to, monkeypatch):
    phone, now, gone_by = people(PHONE), clock.now, timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: now() + gone_by)
    begin(phone, link := link_to("shoshin-check"))
    write(phone)
    phone.get_by_role("button", name="Not now").click()
    expect(phone.locator("main")).to_contain_text("kept for this browser until")
    gone_by = IDLE - LATER
    phone.get_by_role("link", name="Go on with it").click()
    expect(phone.locator("textarea")).to_have_value(CANARY)
    gone_by += IDLE + LATER
    phone.reload()
    expect(phone.locator("h1")).to_have_text("This form is not open")
    assert CANARY not in phone.evaluate(WHOLE)
    begin(phone, link)
    expect(phone.locator("textarea")).to_have_value("")
    assert phone.locator("input:checked").count() == 0
    assert not Draft.objects.exists()


# --- the next link on the same phone ------------------------------------------------------------------------------


def left_unsent(people, link_to) -> tuple[Page, Page]:
    """Ben's page waits for a line while Noa opens her form beside it; then there is one. His page and hers."""
    ben = people(PHONE)
    begin(ben, link_to("shoshin-check"))
    write(ben)
    expect(ben.locator("#saved")).to_have_text("Saved.")
    ben.evaluate(
        "() => { const real = fetch; window.fetch = (...said) => window.up ? real(...said) : Promise.reject(); }"
    )
    write(ben, f"{CANARY}, and more")
    send(ben)
    expect(ben.locator("#not-sent")).to_be_visible()
    noa = ben.context.new_page()
    begin(noa, link_to("shoshin-check", whose="noa"))
    assert CANARY not in noa.evaluate(WHOLE) and noa.locator("input:checked").count() == 0
    ben.evaluate("() => { window.up = true; window.dispatchEvent(new Event('online')); }")
    return ben, noa


def test_a_page_left_unsent_never_ends_up_under_the_next_link_of_the_same_phone(people, link_to):
    """His answers stay his, and hers are hers."""
    ben, noa = left_unsent(people, link_to)
    expect(ben.locator("#refused")).to_be_visible()
    expect(ben.locator("textarea")).to_have_value(f"{CANARY}, and more")
    assert not Response.objects.exists()
    write(noa, "her own words")
    expect(noa.locator("#saved")).to_have_text("Saved.")
    ben.locator("textarea").fill("one more word")
    ben.locator("textarea").blur()
    expect(ben.locator("#saved")).to_contain_text("Not saved")
    drafts = {each.assignment.client.code: str(each.answers) for each in Draft.objects.all()}
    assert "her own words" in drafts["N. A."] and CANARY in drafts["B. N."]
    send(noa)
    is_received(noa)
    filed = Response.objects.get()
    assert filed.assignment.client.code == "N. A." and CANARY not in str(filed.answers)
    assert Assignment.objects.get(client__code="B. N.").state == "begun", "his own form can still be sent"


def test_without_a_label_on_its_page_his_answers_would_be_seen_in_her_record(people, link_to, monkeypatch):
    monkeypatch.setattr("shoshin.feedback.views.client_form._is_its_page", lambda *_given: True)
    ben, _noa = left_unsent(people, link_to)
    is_received(ben)
    filed = Response.objects.get()
    assert filed.assignment.client.code == "N. A." and CANARY in str(filed.answers)


# --- back, history and folders ------------------------------------------------------------------------------------


@pytest.fixture
def shared_phone(browser, live_server, faults, tmp_path):
    """`shared_phone()`: a browser with a profile on disk, which keeps pages for its back button as people's do."""
    opened: list[BrowserContext] = []

    def take() -> tuple[BrowserContext, Path]:
        folder = tmp_path / f"profile {len(opened)}"
        context = browser.browser_type.launch_persistent_context(
            str(folder),
            executable_path=CHROMIUM,
            args=QUIET,
            ignore_default_args=["--disable-back-forward-cache"],
            viewport=PHONE,
            base_url=live_server.url,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        context.on("page", faults.watch)
        return context, folder

    yield take
    for context in opened:
        context.close()


def sent_and_gone_back(phone: BrowserContext, link: str, live_server) -> list[str]:
    """Answer, look elsewhere and come back, send from a second tab; then back and forward. What the pages showed."""
    page, shown = phone.new_page(), []
    page.goto("/safety/")
    begin(page, link)
    write(page)
    expect(page.locator("#saved")).to_have_text("Saved.")
    page.reload()
    expect(page.locator("textarea")).to_have_value(CANARY)
    page.goto("/safety/")
    other = phone.new_page()
    other.goto("/f/now/")
    send(other)
    is_received(other)
    shown.append(other.evaluate(WHOLE))
    for one, turn in ((page, "back"), (page, "back"), (page, "forward"), (other, "back"), (other, "forward")):
        getattr(one, f"go_{turn}")(wait_until="commit")
        one.wait_for_timeout(400)  # a page from the back button's store shows itself at once, and tells of no loading
        shown.append(one.evaluate(WHOLE))
    page.goto(link)
    shown.append(page.evaluate(WHOLE))
    phone.close()
    return shown


def written_and_left(phone: BrowserContext, link: str) -> None:
    """Answer, look at the page once more, and close the browser without sending."""
    page = phone.new_page()
    begin(page, link)
    write(page)
    expect(page.locator("#saved")).to_have_text("Saved.")
    page.reload()
    expect(page.locator("textarea")).to_have_value(CANARY)
    phone.close()


def files_with(folder: Path, words: str) -> list[str]:
    """Which files of a profile hold these words, in either way that Chromium writes text."""
    ways = (words.encode(), words.encode("utf-16-le"))
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(files) > 20
    return [str(path.relative_to(folder)) for path in files if any(way in path.read_bytes() for way in ways)]


def test_back_history_and_the_browsers_folder_tell_no_answer(shared_phone, link_to, live_server, capsys):
    phone, folder = shared_phone()
    link = link_to("shoshin-check")
    shown = sent_and_gone_back(phone, link, live_server)
    assert Response.objects.get().answers["amiss-note"] == CANARY
    assert [page[:300] for page in shown if CANARY in page] == []
    unsent, folder_unsent = shared_phone()
    written_and_left(unsent, link_to("shoshin-check", whose="noa"))
    found = files_with(folder, CANARY) + files_with(folder_unsent, CANARY)
    with sqlite3.connect(folder / "Default" / "History") as history:
        visited = dict(history.execute("SELECT url, title FROM urls").fetchall())
    history.close()
    assert f"{live_server.url}{link}" in visited, "the address of a used link stays, and opens nothing"
    assert {title for url, title in visited.items() if "/f/" in url} == {"A short form for you"}
    count = sum(1 for each in (folder, folder_unsent) for path in each.rglob("*") if path.is_file())
    with capsys.disabled():
        print(f"\n{len(shown)} pages after sending, {count} files, {len(visited)} visits: {len(found)} with an answer")
    assert found == []


def test_pages_that_a_browser_may_keep_would_be_seen(shared_phone, link_to, live_server, monkeypatch, faults):
    quiet = QuietHeaders.__call__

    def kept(self, request):
        response = quiet(self, request)
        if request.path == "/f/now/" and request.method == "GET":
            response["Cache-Control"] = "private, max-age=600"
            response.content = response.content.replace(b"quick_exit", b"quick_none")
        return response

    monkeypatch.setattr(QuietHeaders, "__call__", kept)
    phone, _folder = shared_phone()
    shown = sent_and_gone_back(phone, link_to("shoshin-check"), live_server)
    faults.found.clear()
    assert [page for page in shown if CANARY in page], "the back button would show it"
    unsent, folder = shared_phone()
    written_and_left(unsent, link_to("shoshin-check", whose="noa"))
    assert any("Cache" in name for name in files_with(folder, CANARY)), "and the folder would hold it"
    faults.found.clear()
