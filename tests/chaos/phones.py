"""Clients who do not give up: each answers a form by its link, and tries again until a page says "Received"."""

import contextlib
import http.client
import json
import random
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

CSRF = "k" * 32
REFERENCE = re.compile(r"Received, reference ([2-9A-Z]{8})<")
ITEMS = [str(number) for number in range(1, 10)]
GIVE_UP_AFTER = 240  # seconds without any form getting through
TOO_STRANGE = 50  # answers that are neither success nor "come back later": no run recovers from them


@dataclass
class Answered:
    """One form: what its client gave, and the reference they were shown. Nothing shown is `""`."""

    assignment: int
    token: str
    answers: dict[str, int]
    draft: dict[str, int] | None
    reference: str = ""
    cookie: str = ""
    page: str = field(default_factory=lambda: secrets.token_urlsafe(24))  # the door's, pressed until it opens


def made_up(assignment: int, token: str, dice: random.Random) -> Answered:
    """Answers at random: some left open, some marking the safety question, some saved on the way first."""
    answers = {item: dice.randint(0, 3) for item in ITEMS[:8] if dice.random() > 0.08}
    answers["9"] = dice.choice([0, 0, 0, 1, 2, 3])
    draft = {"1": dice.randint(0, 3), "9": dice.choice([0, 0, 1])} if dice.random() < 0.25 else None
    return Answered(assignment, token, answers, draft)


@dataclass
class Crowd:
    """Several clients at once on one list of forms. `gate` says how many forms may be begun by now."""

    port: int
    forms: list[Answered]
    gate: Callable[[], int]
    clients: int = 8
    timeout: float = 10
    retries: int = 0
    cut: int = 0  # requests that were under way when the line broke
    again: int = 0  # forms sent once more after their receipt
    other_references: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    over: bool = False
    last: float = 0.0

    def __post_init__(self) -> None:
        self._taking, self._taken = threading.Lock(), 0
        self._threads = [threading.Thread(target=self._live, args=(place,)) for place in range(self.clients)]
        self.received: list[Answered] = []

    def begin(self) -> None:
        self.last = time.monotonic()
        for thread in self._threads:
            thread.start()

    @property
    def all_received(self) -> bool:
        return len(self.received) == len(self.forms)

    def end(self) -> None:
        self.over = True
        for thread in self._threads:
            thread.join(60)

    def check_hope(self) -> None:
        if len(self.strange) > TOO_STRANGE:
            raise AssertionError(f"{len(self.strange)} strange answers: {self.strange[0]} … {self.strange[-1]}")
        if time.monotonic() - self.last > GIVE_UP_AFTER:
            raise AssertionError(f"Nothing came through for {GIVE_UP_AFTER} s; answers so far: {self.statuses}")

    def _live(self, place: int) -> None:
        phone, dice = Phone(self), random.Random(place)
        while not self.over:
            mine = self._next()
            if mine is not None:
                phone.fill_in(mine)
                if mine.reference:
                    with self._taking:
                        self.received.append(mine)
                        self.last = time.monotonic()
            elif self.received:
                self._once_more(phone, dice.choice(self.received))
            time.sleep(dice.uniform(0, 0.03))
        phone.hang_up()

    def _next(self) -> Answered | None:
        with self._taking:
            if self._taken >= min(self.gate(), len(self.forms)):
                return None
            self._taken += 1
            return self.forms[self._taken - 1]

    def _once_more(self, phone: "Phone", sent: Answered) -> None:
        """A form already received, sent again: the receipt bears the same reference."""
        shown = phone.try_to_send(sent)
        if shown:
            self.again += 1
            if shown != sent.reference:
                self.other_references.append(f"{sent.assignment}: {sent.reference}, later {shown}")

    def note(self, status: int) -> None:
        with self._taking:
            self.statuses[status] = self.statuses.get(status, 0) + 1


class Phone:
    """One client's connection, made anew whenever it breaks."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.connection: http.client.HTTPConnection | None = None
        self.asked = ""

    def fill_in(self, form: Answered) -> None:
        """Begin, save a draft where there is one, send, and read the receipt; each until it works."""
        steps = [self._begin, self._save] if form.draft is not None else [self._begin]
        for step in [*steps, self._send]:
            while not self.crowd.over and not step(form):
                self.crowd.retries += 1
                time.sleep(0.05)

    def try_to_send(self, form: Answered) -> str:
        """The reference that a form shows when it is sent once more; nothing where it did not get through."""
        shown = Answered(form.assignment, "", form.answers, None, cookie=form.cookie)
        if not self._send(shown):
            self.crowd.retries += 1
        return shown.reference

    def _begin(self, form: Answered) -> bool:
        pressed = urlencode({"csrfmiddlewaretoken": CSRF, "page": form.page})
        status, page, headers = self._ask("POST", f"/f/{form.token}/", "", pressed)
        cookies = (headers.get_all("Set-Cookie") or []) if headers else []
        form.cookie = next((each.partition(";")[0] for each in cookies if each.startswith("form=")), "")
        return self._as_wanted(status, (303,), page) and bool(form.cookie)

    def _save(self, form: Answered) -> bool:
        given = {f"q-{item}": str(value) for item, value in (form.draft or {}).items()}
        body = json.dumps({"seq": 1, "answers": given})
        status, page, _ = self._ask("POST", "/f/now/draft/", form.cookie, body, "application/json")
        return self._as_wanted(status, (200,), page)

    def _send(self, form: Answered) -> bool:
        given = {f"q-{item}": str(value) for item, value in form.answers.items()}
        body = urlencode(given | {"csrfmiddlewaretoken": CSRF, "gaps-seen": "1"})
        status, page, _ = self._ask("POST", "/f/now/", form.cookie, body)
        if not self._as_wanted(status, (303,), page):
            return False
        status, page, _ = self._ask("GET", "/f/received/", form.cookie)
        if not self._as_wanted(status, (200,), page):
            return False
        found = REFERENCE.search(page)
        form.reference = found[1] if found else ""
        return bool(found)

    def _as_wanted(self, status: int, wanted: tuple[int, ...], page: str) -> bool:
        """A refusal that is neither success nor "come back later" is strange, and is kept for the report."""
        if status and status not in (*wanted, 503):
            self.crowd.strange.append(f"{self.asked}: {status}, {' '.join(page.split())[:120]}")
        return status in wanted

    def _ask(self, method: str, path: str, cookie: str, body: str = "", kind: str = ""):
        # What was asked, without the secret in it, and whose cookie, by its last letters: for the report.
        self.asked = f"{method} {path if '/now' in path or '/received' in path else path[:6]} …{cookie[-6:]}"
        headers = {"Cookie": f"csrf={CSRF}; {cookie}", "X-CSRFToken": CSRF}
        if method == "POST":
            headers["Content-Type"] = kind or "application/x-www-form-urlencoded"
        answer = None
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.crowd.port, timeout=self.crowd.timeout)
            self.connection.request(method, path, body=body or None, headers=headers)
            answer = self.connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException) as problem:
            self.crowd.cut += not isinstance(problem, ConnectionRefusedError)
            if answer is not None:
                answer.close()
            self.hang_up()
            return 0, "", None
        self.crowd.note(answer.status)
        return answer.status, page, answer.headers

    def hang_up(self) -> None:
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.close()
        self.connection = None
