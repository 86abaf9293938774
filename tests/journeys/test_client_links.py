"""A client's link in a real browser: looked at by machines, followed to elsewhere, opened on a small old phone."""

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from shoshin.care.actions import make_page_key
from shoshin.feedback.models import Response
from shoshin.kit.action import OPERATOR
from shoshin.kit.logs import QuietFormatter
from shoshin.measures import queries as measures
from shoshin.measures.actions import add_wording, confirm_licence
from shoshin.people.actions import invite_member
from tests.cast import promise_hours
from tests.feedback.conftest import made_up_wording
from tests.hostile.test_forgery import state
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.once]
SMALL = {"width": 320, "height": 568}
NAMED = {"button", "link", "radio", "checkbox", "textbox", "spinbutton", "slider", "combobox", "radiogroup"}


class Elsewhere:
    """Somebody else's site on another port: it keeps what browsers tell it, and shows one page of its own."""

    def __init__(self) -> None:
        self.page, self.heard = "<!doctype html><title>x</title><h1>Elsewhere</h1>", []
        site = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.heard.append((self.path, dict(self.headers)))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_said) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def referrers(self, path: str) -> list[str]:
        """What it was told of where one comes from, by those who came to this page."""
        return [said.get("Referer", "") for asked, said in self.heard if asked == path]


@pytest.fixture
def elsewhere():
    site = Elsewhere()
    yield site
    site.server.shutdown()
    site.server.server_close()


def answer_check(phone: Page, words: str = "") -> None:
    """The appointment check, from its link's page on: begin, and send it whole."""
    phone.get_by_role("button", name="Begin").click()
    if words:
        phone.locator("textarea").fill(words)
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.locator("#gaps")).to_be_visible()
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.locator("h1")).to_contain_text("Received, reference")


# --- machines that look at it -------------------------------------------------------------------------------------


def looked_at_by_machines(people, elsewhere, link: str) -> list[str]:
    """A scanner opens the link in a browser; a mailbox in another one prefetches and previews it. What was asked."""
    asked: list[str] = []
    scanner, mailbox = people(), people()
    for page in (scanner, mailbox):
        page.context.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    scanner.goto(link)
    scanner.reload()
    scanner.evaluate("async () => { for (const method of ['GET', 'HEAD']) await fetch(location.href, {method}) }")
    elsewhere.page = f"""<!doctype html><title>Mail</title><link rel="prefetch" href="{link}">
      <link rel="prerender" href="{link}"><link rel="preload" as="fetch" href="{link}"><img src="{link}" alt="">
      <iframe src="{link}"></iframe><a href="{link}">Your form</a>
      <script type="speculationrules">
        {{"prefetch": [{{"source": "list", "urls": ["{link}"], "eagerness": "immediate"}}]}}
      </script>
      <script>for (const method of ["GET", "HEAD"]) fetch("{link}", {{method, mode: "no-cors"}})</script>
      """
    mailbox.goto(elsewhere.address, wait_until="networkidle")
    mailbox.get_by_role("link").hover()
    return [each for each in asked if each.endswith(link)]


def test_a_link_that_machines_open_prefetch_and_preview_is_as_it_was(
    people, link_to, live_server, elsewhere, faults, capsys
):
    path = link_to("shoshin-check")
    link, before = live_server.url + path, state()
    asked = looked_at_by_machines(people, elsewhere, link)
    faults.found.clear()  # the mailbox's frame and pictures are refused, which is as it should be
    assert state() == before
    assert len(asked) >= 6 and not [each for each in asked if each.startswith("POST")]
    hasty = people()
    hasty.goto(path)
    hasty.get_by_role("button", name="Begin").click()  # some press every button too
    expect(hasty.locator("#sheet")).to_be_visible()
    assert state() != before, "a change is seen"
    ben = people(PHONE)
    ben.goto(path)
    answer_check(ben)
    assert Response.objects.get().source == "link"
    with capsys.disabled():
        print(f"\n{len(asked)} looks at a link by machines, {len(before)} tables: unchanged, and still to be answered")


def test_who_sends_before_the_script_is_there_presses_send_no_third_time(people, link_to, faults):
    """On a slow line the first press goes without the script; the page that answers it knows what was said."""
    ben = people(PHONE)
    ben.route("**/feedback/form*.js", lambda route: route.abort())
    ben.goto(link_to("shoshin-check"))
    ben.get_by_role("button", name="Begin").click()
    expect(ben.locator("#sheet")).to_be_visible()
    ben.unroute("**/feedback/form*.js")
    faults.found.clear()  # the script that did not come
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(ben.locator("#gaps")).to_be_visible()
    expect(ben.locator("#as-you-go")).to_be_visible()  # the script came with the second page
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(ben.locator("h1")).to_contain_text("Received, reference")


def test_a_link_that_is_used_up_by_looking_would_be_seen(people, link_to, live_server, elsewhere, faults, monkeypatch):
    from shoshin.feedback.views import client_form as views

    found = views.sheets.linked_form

    def begins(token, at):
        assignment = found(token, at)
        views.begin(assignment=assignment, by=views._client(assignment), at=at)
        return assignment

    path, before = link_to("shoshin-check"), state()
    monkeypatch.setattr(views.sheets, "linked_form", begins)
    looked_at_by_machines(people, elsewhere, live_server.url + path)
    faults.found.clear()
    assert state() != before


# --- what it tells others -----------------------------------------------------------------------------------------


def go_elsewhere(page: Page, elsewhere) -> None:
    """Follow a link that forgot to ask for silence, then the page's own way out, and come back."""
    here = page.url
    page.evaluate(
        """address => {
          const link = document.createElement("a");
          link.id = "forgetful"; link.href = address; link.textContent = "x";
          document.querySelector("main").append(link);
        }""",
        f"{elsewhere.address}/forgetful",
    )
    page.locator("#forgetful").click()
    page.wait_for_url(f"{elsewhere.address}/*")
    page.goto(here)
    out = page.locator("[data-quick-exit]")
    if out.count():
        out.evaluate("(link, address) => { link.href = address }", f"{elsewhere.address}/out")
        out.click()
        page.wait_for_url(f"{elsewhere.address}/out")
        page.goto(here)


def followed(people, now_cast, link_to, elsewhere) -> tuple[list[str], list[str]]:
    """Everywhere a secret stands in the address, and the pages behind it: the secrets, and what our server was told."""
    at, told = now_cast.ben.added_at, []
    form = link_to("shoshin-check")
    own = make_page_key(client=now_cast.ben, pin="7294", by=now_cast.ada, at=at).token
    invited = invite_member(name="Kim", email="kim@example.org", role="therapist", by=now_cast.ada, at=at).token
    ben, heard = people(PHONE), []
    ben.context.on("request", lambda request: heard.append(request))
    for path in (f"/join/{invited}/", f"/p/{own}/", "/f/" + "x" * 43 + "/", form):
        ben.goto(path)
        assert path.split("/")[2] not in ben.title()
        go_elsewhere(ben, elsewhere)
    ben.get_by_role("button", name="Begin").click()
    expect(ben.locator("#sheet")).to_be_visible()
    go_elsewhere(ben, elsewhere)
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(ben.locator("#gaps")).to_be_visible()
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(ben.locator("h1")).to_contain_text("Received, reference")
    go_elsewhere(ben, elsewhere)
    ben.goto(f"/p/{own}/")
    ben.locator("input[name=pin]").fill("7294")
    ben.get_by_role("button", name="Open").click()
    expect(ben.locator("input[name=pin]")).to_have_count(0)
    go_elsewhere(ben, elsewhere)
    for request in heard:
        said = request.all_headers()
        told += [f"{name}: {value} for {request.url}" for name, value in said.items() if name == "referer"]
    return [form.split("/")[2], own, invited, "x" * 43], told


def test_no_secret_of_an_address_reaches_another_site_a_later_request_or_a_log(
    people, now_cast, link_to, elsewhere, live_server, caplog, capsys, monkeypatch
):
    log = logging.getLogger("django.request")
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    with caplog.at_level(logging.DEBUG, logger="django.request"), caplog.at_level(logging.DEBUG):
        secrets, told = followed(people, now_cast, link_to, elsewhere)
    led, out = elsewhere.referrers("/forgetful"), elsewhere.referrers("/out")
    assert len(out) == 6 and set(out) == {""}, "the page's own way out tells nothing at all"
    assert len(led) == 7 and set(led) <= {"", f"{live_server.url}/"}, "nothing else tells more than the clinic's name"
    tellings = [*map(str, elsewhere.heard), *told]
    assert [each for each in tellings if any(secret in each.partition(" for ")[0] for secret in secrets)] == []
    as_made = "\n".join(record.getMessage() for record in caplog.records)
    logged = "\n".join(QuietFormatter().format(record) for record in caplog.records)
    assert secrets[-1] in as_made, "a log written as usual holds the address of a closed link"
    assert [secret for secret in secrets if secret in logged] == []
    with capsys.disabled():
        lines = len(caplog.records)
        print(
            f"\n{len(secrets)} secrets, {len(led + out)} ways out, {len(told)} referrers at home, {lines} lines: 0 hits"
        )


def test_a_policy_that_tells_the_whole_address_would_be_seen(
    people, now_cast, link_to, elsewhere, settings, monkeypatch
):
    from shoshin.kit.headers import QuietHeaders

    quiet = QuietHeaders.__call__

    def careless(self, request):
        response = quiet(self, request)
        if response.get("Content-Type", "").startswith("text/html"):
            for said in (b"same-origin", b"strict-origin"):
                response.content = response.content.replace(b'content="%s"' % said, b'content="unsafe-url"')
            response["Content-Length"] = len(response.content)
        return response

    monkeypatch.setattr(QuietHeaders, "__call__", careless)
    secrets, told = followed(people, now_cast, link_to, elsewhere)
    for whole in (" ".join(elsewhere.referrers("/forgetful")), " ".join(told)):
        assert secrets[0] in whole


# --- an old small phone -------------------------------------------------------------------------------------------


def unfit(page: Page) -> list[str]:
    """What is wider than the screen, and which controls and groups of them have no name for a screen reader."""
    expect(page.locator("main")).to_be_visible()  # the next page, not the blank between two
    page.wait_for_load_state("load")
    wide = page.evaluate(
        """() => {
          const isWide = (each) => each.getBoundingClientRect().right > innerWidth + 0.5;
          const wide = [...document.querySelectorAll("body *")].filter(isWide);
          return document.documentElement.scrollWidth <= innerWidth ? [] :
            ["wide: page", ...wide.map((each) => `wide: ${each.outerHTML.slice(0, 90)}`)];
        }"""
    )
    bare = page.locator("fieldset:not(:has(> legend:not(:empty)))").count()
    devtools = page.context.new_cdp_session(page)
    tree = devtools.send("Accessibility.getFullAXTree")["nodes"]
    devtools.detach()
    controls = [node for node in tree if not node["ignored"] and node["role"]["value"] in NAMED]
    assert controls, page.url
    nameless = [node["role"]["value"] for node in controls if not node.get("name", {}).get("value", "").strip()]
    page.looked = getattr(page, "looked", 0) + len(controls)
    return [
        f"{page.url} {each}"
        for each in (*wide, *(f"no name: {role}" for role in nameless), *["no name: fieldset"] * bare)
    ]


@pytest.fixture
def many_kinds(now_cast):
    """Measures with buttons, sliders, a long scale and words, each worded."""
    at, facts = now_cast.ben.added_at, {"clinic": None, "by": OPERATOR, "at": now_cast.ben.added_at}
    for name in ("phq-9", "core-10", "ors"):
        version = measures.measure_version(name)
        if measures.facts(version).licence.needs_confirmation:
            confirm_licence(version=version, statement="made up for the tests", **facts)
        if not measures.is_worded(version, "en"):
            add_wording(version=version, wording=made_up_wording(version), source_sha256="0" * 64, **facts)
    promise_hours(now_cast.ada, at)


def fill_in(page: Page) -> int:
    """Every question of the long form, as one does without JavaScript: the last answer on offer."""
    for question in page.locator(".question").all():
        if (picks := question.locator("input[type=radio]")).count():
            picks.last.check()
        for box in question.locator("input[type=number], textarea").all():
            box.fill("7")
    return page.locator(".question").count()


def sent_without_scripts(page: Page, link: str) -> list[str]:
    """All the forms behind a link, first sent empty, then filled; what did not fit on the way."""
    page.goto(link)
    found = unfit(page)
    page.locator("main form button").click()
    expect(page.locator("#sheet")).to_be_visible()
    while page.locator("#sheet").count():
        found += unfit(page)
        page.locator("[name=what][value=send]").click()
        page.locator("#gaps").wait_for()
        found += unfit(page)
        page.asked = getattr(page, "asked", 0) + fill_in(page)
        page.locator("[name=what][value=send]").click()
        expect(page.locator("#sheet")).to_have_count(0)
        found += unfit(page)
        if (further := page.locator("[name=what][value=next]")).count():
            further.click()
            expect(page.locator("#sheet")).to_be_visible()
    return found


@pytest.mark.parametrize("language", ["en", "de"])
def test_without_javascript_at_320_pixels_every_kind_of_form_is_whole_and_named(
    people, many_kinds, link_to, now_cast, language, capsys
):
    names = ["phq-9", "core-10", "ors", "shoshin-check"] if language == "en" else ["shoshin-check", "shoshin-wellbeing"]
    page = people(SMALL, scripts=False)
    found = sent_without_scripts(page, link_to(*names, language=language))
    assert sorted(each.version.measure_id for each in Response.objects.all()) == sorted(names)
    for leaving in ("[value=later]", "[formaction]"):
        page.goto(link_to("shoshin-check", language=language))
        page.locator("main form button").click()
        page.locator(f"[data-end] {leaving}").click()
        expect(page.locator("#sheet")).to_have_count(0)
        found += unfit(page)
    key = make_page_key(client=now_cast.ben, pin="7294", by=now_cast.ada, at=now_cast.ben.added_at)
    page.goto(f"/p/{key.token}/")
    found += unfit(page)
    page.locator("input[name=pin]").fill("7294")
    page.locator("main form button").click()
    expect(page.locator("input[name=pin]")).to_have_count(0)
    found += unfit(page)
    with capsys.disabled():
        print(
            f"\n{page.asked} questions in {len(names)} forms ({language}), {page.looked} controls: {len(found)} unfit"
        )
    assert page.looked > 100 and page.asked >= 6
    assert found == []


def test_with_javascript_at_320_pixels_every_question_fits_and_is_named(people, many_kinds, link_to):
    page = people(SMALL)
    page.goto(link_to("phq-9", "shoshin-check"))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Yes, begin").click()
    found, steps = unfit(page), 1
    while page.locator(".question:visible").count():
        page.locator(".question:visible label.pick").last.click()
        found += unfit(page)
        page.get_by_role("button", name="Next", exact=True).click()
        steps += 1
    found += unfit(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Received, reference")
    page.get_by_role("button", name="Go on to it").click()
    expect(page.locator("input[type=range]").first).to_be_visible()
    assert found + unfit(page) == []
    assert steps > 9


def test_a_page_that_is_too_wide_and_a_control_without_a_name_would_be_seen(people, link_to):
    page = people(SMALL, scripts=False)
    page.goto(link_to("shoshin-check"))
    assert unfit(page) == []
    page.evaluate(
        """() => {
          const main = document.querySelector("main");
          main.append(document.createElement("input"));
          main.append(document.createElement("fieldset"));
          main.append(document.createElement("hr"));
          main.lastChild.style.width = "400px";
        }"""
    )
    found = " ".join(unfit(page))
    assert all(each in found for each in ("wide: <hr", "no name: textbox", "no name: fieldset"))
