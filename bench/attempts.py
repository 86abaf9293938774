"""How many whole attempts a second does one server store, and how soon can one record in a round?

    python bench/attempts.py

A whole attempt is what a person sends for one statement: the answer, whether it met the criterion, and how it was.
Three requests, each a transaction with its audit row; 16 people send at once, behind granian, on SQLite and on a
private PostgreSQL, both syncing to disk. Beside it, in the same run and on the same database, a bare Django view that
inserts one row. Then the page of a round as a browser fetches it, and, in Chromium with a made-up microphone, the time
from opening it to the moment it records.
"""

import http.client
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from _machine import _found_on, database, heading, milliseconds, on_both, served, set_up, table
from form_weight import fetched
from submissions import CLIENTS, CSRF, _asked, bare_inserts, measured

ATTEMPTS, VISITS = 320, 9
BUDGET = 150 * 1024
LINKED = re.compile(r"""<(?:link|script|img|use)\b[^>]*?\b(?:href|src)=["']([^"'#]+)""")
INSIDE = re.compile(r"""(?:import\s+(?:[^"';]*?from\s+)?|url\()\s*["']?([^"')]+\.(?:js|css|woff2))""")
STEPS = ("answer", "rating", "reaction")


@dataclass(frozen=True)
class Piece:
    """One request of one person: the address, and what is sent to it."""

    path: str
    cookie: str
    body: str


def main() -> None:
    heading(f"Attempts, {CLIENTS} people at once")
    rows = []
    for found in on_both(__file__):
        bare = found["bare insert"]["rate"]
        for name in (*STEPS, "whole attempt", "bare insert"):
            each = found[name]
            cells = [f"{each['rate']:.0f}", milliseconds(each["p50"]), milliseconds(each["p95"]), str(each["errors"])]
            rows.append([f"{found['database']}: {name}", *cells, f"{each['rate'] / bare:.2f}"])
    table(["", "a second", "p50", "p95", "errors", "of bare"], rows)
    print("p50 and p95 of a whole attempt are those of its three requests added up.\n")
    with tempfile.TemporaryDirectory(prefix="shoshin-bench-") as home:
        found = _found_on("SQLite", __file__, home, ("--page",))[0]
    parts = [[each["path"], each["coding"], f"{each['bytes']:,}"] for each in found["parts"]]
    total = sum(each["bytes"] for each in found["parts"])
    table(["served", "coding", "bytes"], [*parts, ["together", "", f"{total:,}"]])
    fonts = sum(each["path"].endswith(".woff2") for each in found["parts"])
    elsewhere = len(found["elsewhere"])
    print(f"{total / 1024:.1f} KB of {BUDGET // 1024} KB; {fonts} font files, {elsewhere} from other hosts.\n")
    if times := found["first sound"]:
        cells = [milliseconds(statistics.median(each)) for each in zip(*times, strict=True)]
        worst = [milliseconds(max(each)) for each in zip(*times, strict=True)]
        head = ["", "page to button", "button to recording", "page to recording"]
        table(head, [["median", *cells], ["slowest", *worst]])
        print(f"Chromium with a made-up microphone, {len(times)} visits; the first with an empty cache.")


def here() -> None:
    """Measure on the database in the environment, and print what was found as one line of JSON."""
    set_up()
    people = make_people(CLIENTS)
    pieces = answers(people, ATTEMPTS)
    found: dict[str, Any] = {}
    with served("shoshin.wsgi:application") as port:
        found["answer"] = measured(port, pieces, send)
        found["rating"] = measured(port, on_attempts("rate_attempt", people, rating="2"), send)
        found["reaction"] = measured(port, on_attempts("record_reaction", people, reaction="good_challenge"), send)
    found["reaction"]["errors"] += ATTEMPTS - stored()
    whole = {name: sum(found[step][name] for step in STEPS) for name in ("p50", "p95", "errors")}
    found["whole attempt"] = whole | {"rate": 1 / sum(1 / found[step]["rate"] for step in STEPS)}
    found["bare insert"] = bare_inserts()
    print(json.dumps({"database": database(), **found}))


def page() -> None:
    """Fetch a round and record in it, and print what was found as one line of JSON."""
    set_up()
    ((_member, cookie),) = people = make_people(1)
    address = begun(people, VISITS)
    with served("shoshin.wsgi:application") as port:
        parts, elsewhere = weighed(port, address[0], cookie)
        times, asked = first_sounds(port, address, cookie)
    if asked:  # a browser takes only the faces of a font that the page uses
        parts = [each for each in parts if not each["path"].endswith(".woff2") or each["path"] in asked]
    print(json.dumps({"parts": parts, "elsewhere": elsewhere, "first sound": times}))


def make_people(count: int) -> list[tuple[Any, str]]:
    """So many therapists of a clinic with its packs, each with the cookie of a browser they are signed in with."""
    from django.test import Client as Browser

    from shoshin.desk.actions import fill_demo_clinic
    from shoshin.kit.action import OPERATOR, action
    from shoshin.kit.clock import now
    from shoshin.people.models import Clinic, Membership, Person, Role
    from shoshin.practice.actions import load_packs

    fill_demo_clinic(by=OPERATOR, at=now())
    load_packs(by=OPERATOR, at=now())

    @action("bench.add_people")
    def add_people(*, by: Any, at: Any) -> list[Any]:
        clinic, found = Clinic.objects.order_by("pk").first(), []
        for number in range(count):
            person = Person.objects.create_user(f"bench{number}@example.org", None, f"Person {number}")
            member = {"person": person, "clinic": clinic, "role": Role.THERAPIST, "began_at": at}
            found.append(Membership.objects.create(**member))
        return found

    return [(member, cookie_of(member, Browser())) for member in add_people(by=OPERATOR, at=now())]


def cookie_of(member: Any, browser: Any) -> str:
    """The cookie of a browser in which this person is signed in, with a factor of this minute."""
    browser.force_login(member.person)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(member.person.pk)
    session.save()
    name = next(name for name in browser.cookies if "session" in name)
    return f"{name}={browser.cookies[name].value}"


def rounds(people: list[tuple[Any, str]], count: int) -> list[tuple[Any, str]]:
    """So many rounds of the exercises that are practised aloud, shared out, each with its person's cookie."""
    from shoshin.kit.clock import now
    from shoshin.practice.actions import start_round
    from shoshin.practice.models import Exercise

    exercises = [each for each in Exercise.objects.order_by("pk") if not each.is_silent]
    found = []
    for number in range(count):
        member, cookie = people[number % len(people)]
        exercise = exercises[number % len(exercises)]
        found.append((start_round(exercise=exercise, key=uuid4(), by=member, at=now()), cookie))
    return found


def answers(people: list[tuple[Any, str]], count: int) -> list[Piece]:
    """A first answer in words for each of so many rounds."""
    from shoshin.practice.queries import next_statement

    pieces = []
    for round, cookie in rounds(people, count):
        said = {"key": uuid4(), "statement": next_statement(round).statement.pk, "kind": "typed"}
        said |= {"text": "It sounds as if there is more than one thing in this. " * 3, "csrfmiddlewaretoken": CSRF}
        pieces.append(Piece(f"/practice/rounds/{round.pk}/answer/", cookie, urlencode(said)))
    return pieces


def on_attempts(name: str, people: list[tuple[Any, str]], **said: str) -> list[Piece]:
    """The same sent about every attempt that was stored."""
    from django.urls import reverse

    from shoshin.practice.models import Attempt

    cookies = {member.pk: cookie for member, cookie in people}
    body = urlencode(said | {"csrfmiddlewaretoken": CSRF})
    rows = Attempt.objects.filter(member__in=cookies).order_by("pk").values_list("pk", "member")
    return [Piece(reverse(f"practice:{name}", args=[pk]), cookies[member], body) for pk, member in rows]


def send(connection: http.client.HTTPConnection, piece: Piece) -> None:
    _asked(connection, "POST", piece.path, 302, cookie=piece.cookie, body=piece.body)


def stored() -> int:
    """How many attempts are whole in the database: answered, rated and reacted to."""
    from shoshin.practice.models import Attempt

    return Attempt.objects.filter(member__person__email__startswith="bench", rating=2).exclude(reaction="").count()


def begun(people: list[tuple[Any, str]], count: int) -> list[str]:
    """The addresses of so many rounds that wait for an answer."""
    return [f"/practice/rounds/{round.pk}/" for round, _cookie in rounds(people, count)]


def weighed(port: int, address: str, cookie: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The round and everything it links to and its sheets and scripts load, as served."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    first, text = fetched(connection, address, cookie)
    parts, elsewhere, seen = [first | {"path": "the round"}], [], {address}
    waiting = [urljoin(address, link) for link in LINKED.findall(text)]
    while waiting:
        link = waiting.pop(0)
        if link in seen:
            continue
        seen.add(link)
        if not link.startswith("/") or link.startswith("//"):
            elsewhere.append(link)
        elif "." in link:
            part, inside = fetched(connection, link, cookie)
            parts.append(part)
            if link.endswith((".css", ".js")):
                waiting += [urljoin(link, each) for each in INSIDE.findall(inside)]
    return parts, elsewhere


def first_sounds(port: int, addresses: list[str], cookie: str) -> tuple[list[tuple[float, float, float]], set[str]]:
    """Seconds from opening a round to the button, from there to recording, and both; and what the browser asked for.

    Both are empty without Chromium.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium: not here, so the first sound was left out.", file=sys.stderr)
        return [], set()
    from playwright.sync_api import sync_playwright

    name, _, value = cookie.partition("=")
    quiet = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    times, asked = [], set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}", permissions=["microphone"])
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        for address in addresses:
            page = context.new_page()
            page.on("request", lambda request: asked.add(urlsplit(request.url).path))
            times.append(_first_sound(page, address))
        browser.close()
    return times, asked


def _first_sound(page: Any, address: str) -> tuple[float, float, float]:
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("#record").wait_for(state="visible")
    ready = time.perf_counter()
    if page.locator("#agree").count():
        page.locator("#agree").check()
    page.locator("#record").click()
    page.locator("#stop-recording").wait_for(state="visible")
    recording = time.perf_counter()
    page.close()
    return ready - start, recording - ready, recording - start


if __name__ == "__main__":
    page() if "--page" in sys.argv else here() if "--here" in sys.argv else main()
