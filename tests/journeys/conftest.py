"""A real browser: Debian's Chromium, with every policy violation and script error noted."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

# Playwright's loop runs in this thread while Django's database calls do too; they never overlap in a test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
# A refusal the journey provokes, and a line it cuts: both are shown to the person, and neither is a fault.
EXPECTED = ("status of 4", "ERR_INTERNET_DISCONNECTED")
HANGS = 60_000  # milliseconds after which a page does not come any more, on the slowest machine
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET += ["--use-fake-device-for-media-stream"]  # a microphone that beeps, for whoever is given leave to use one


expect.set_options(timeout=HANGS)


@pytest.fixture(scope="session")
def browser():
    assert CHROMIUM, "Chromium is missing. On Debian and Ubuntu: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@dataclass
class Faults:
    """What the browser complained about: refused by the content policy, or thrown by a script."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", lambda line: self._console(page, line))

    def _console(self, page: Page, line) -> None:
        if line.type == "error" and not any(expected in line.text for expected in EXPECTED):
            self.found.append(f"{page.url}: {line.text}")


@pytest.fixture
def faults():
    """Every journey ends without a policy violation and without a script error."""
    faults = Faults()
    yield faults
    assert faults.found == []


@pytest.fixture
def people(browser, live_server, faults):
    """New browsers, each its own person: `people(PHONE)`, `people(LAPTOP, dark=True)`."""
    opened: list[BrowserContext] = []

    def someone(viewport=LAPTOP, *, dark: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport=viewport,
            base_url=live_server.url,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(HANGS)
        opened.append(context)
        page = context.new_page()
        faults.watch(page)
        return page

    yield someone
    for context in opened:
        context.close()


@pytest.fixture
def reachable(settings, live_server):
    """The clinic as its clients reach it: a public address, and everybody in it invented."""
    settings.PUBLIC_ADDRESS, settings.DEMO = live_server.url, True


@pytest.fixture
def worded(db, settings, transactional_db):
    """The measures with the wording that `make test` fetched, or with our own alone where there was no network."""
    from shoshin.kit.action import OPERATOR
    from shoshin.measures.actions import load_measures, load_wording
    from tests.cast import NOW

    load_measures(by=OPERATOR, at=NOW)
    return load_wording(folder=Path(settings.HOME) / "wording", clinic=None, by=OPERATOR, at=NOW)


@pytest.fixture
def now_cast(worded):
    """The cast as of this minute: journeys run on the real clock. Ada reads every day."""
    from django.utils import timezone

    from tests.cast import cast_at, promise_hours

    cast = cast_at(timezone.now().replace(second=0, microsecond=0))
    promise_hours(cast.ada, cast.ben.added_at)
    return cast


@pytest.fixture
def asked(now_cast, reachable):
    """`asked()`: a form for a client of Ada's, and its link."""
    from shoshin.kit import clock
    from shoshin.kit.action import OPERATOR
    from shoshin.measures import queries as measures
    from shoshin.measures.actions import add_wording
    from tests.chaos.prepare import send_forms
    from tests.feedback.conftest import made_up_wording

    version = measures.measure_version("phq-9")
    if not measures.is_worded(version, "en"):
        facts = {"version": version, "wording": made_up_wording(version), "source_sha256": "0" * 64}
        add_wording(**facts, clinic=None, by=OPERATOR, at=clock.now())

    def ask() -> tuple[int, str]:
        ((pk, token),) = send_forms(cast=now_cast, count=1, by=OPERATOR, at=clock.now())
        return pk, f"/f/{token}/"

    return ask


@pytest.fixture
def link_to(now_cast, reachable):
    """`link_to("shoshin-check")`: a link to forms for Ben. With `whose="noa"` for Mia's client."""
    from django.utils import timezone

    from shoshin.feedback.actions.assignments import send_measure
    from shoshin.measures.queries import measure_version

    def send(*names: str, whose: str = "ben", language: str = "en") -> str:
        client, by = (now_cast.ben, now_cast.ada) if whose == "ben" else (now_cast.noa, now_cast.mia)
        asked = {"course": client.courses.get(), "versions": [measure_version(name) for name in names]}
        facts = {"language": language, "way": "link", "appointment": None, "by": by, "at": timezone.now()}
        return f"/f/{send_measure(**asked, **facts).token}/"

    return send


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in the way a person does."""
    page.goto("/accounts/login/")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


@pytest.fixture
def speaking(people, settings):
    """`speaking(PHONE)`: a person whose browser may use its microphone; with `allowed=False` it may not."""

    def someone(viewport=LAPTOP, *, allowed: bool = True):
        page = people(viewport)
        if allowed:
            page.context.grant_permissions(["microphone", "camera"])
        return page

    yield someone
    for folder in ("media", "arriving", "keys"):
        shutil.rmtree(Path(settings.HOME) / folder, ignore_errors=True)


def plays(page, label: str) -> float:
    """Whether a player on the page knows how long it lasts, and can be sought in. Returns the seconds."""
    player = page.get_by_label(label, exact=True)
    player.evaluate("it => { it.preload = 'auto'; it.load(); }")
    player.evaluate("it => new Promise(done => it.readyState ? done() : it.addEventListener('loadedmetadata', done))")
    lasts = player.evaluate("it => it.duration")
    player.evaluate(
        "it => new Promise(done => { it.addEventListener('seeked', done); it.currentTime = it.duration / 2; })"
    )
    assert player.evaluate("it => it.currentTime > 0 && it.error === null")
    return lasts
