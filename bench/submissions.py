"""How many filled forms a second does one server take, from 16 clients at once?

    python bench/submissions.py

The client's real form behind granian, on SQLite and on a private PostgreSQL, both syncing to disk. A submission is
the sending of nine answers: filed with score, alerts and signals in one transaction. A whole visit is four requests:
the door, its button, the sheet, the sending. Beside it, in the same run and on the same database, a bare Django view
that inserts one row.
"""

import http.client
import itertools
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from _machine import ROOT, WORKERS, database, heading, milliseconds, on_both, served, set_up, share, table

CLIENTS = 16
SUBMISSIONS, VISITS, ROWS = 2000, 400, 4000
CSRF = "k" * 32
Step = Callable[[http.client.HTTPConnection, Any], None]


def main() -> None:
    heading(f"Response submissions, {CLIENTS} clients at once, {WORKERS} server processes")
    rows = []
    for found in on_both(__file__):
        bare = found["rows a second"]
        for name in ("submission", "whole visit", "bare insert"):
            each = found[name]
            share_of_bare = f"{each['rate'] / bare:.2f}" if name != "bare insert" else "1"
            cells = [f"{each['rate']:.0f}", milliseconds(each["p50"]), milliseconds(each["p95"])]
            rows.append([f"{found['database']}: {name}", *cells, str(each["errors"]), share_of_bare])
    table(["", "a second", "p50", "p95", "errors", "of bare"], rows)
    print("p50 and p95 of a whole visit are for all four requests together.")


def here() -> None:
    """Measure on the database in the environment, and print what was found as one line of JSON."""
    set_up()
    tokens = make_forms(SUBMISSIONS + VISITS)
    name = database()
    with served("shoshin.wsgi:application") as port:
        begun = [begin(_connect(port), token) for token in tokens[:SUBMISSIONS]]
        found = {"submission": measured(port, begun, submit)}
        found["whole visit"] = measured(port, tokens[SUBMISSIONS:], visit)
    found["submission"]["errors"] += SUBMISSIONS + VISITS - filed()
    found["bare insert"] = bare_inserts()
    print(json.dumps({"database": name, "rows a second": found["bare insert"]["rate"], **found}))


def make_forms(count: int) -> list[str]:
    """A demo clinic, and so many open PHQ-9 forms of its clients. What is returned are their links."""
    from shoshin.desk.actions import fill_demo_clinic
    from shoshin.desk.actions.demo_rows import Rows
    from shoshin.feedback.queries.forms import fingerprint
    from shoshin.kit.action import OPERATOR, action
    from shoshin.kit.clock import now
    from shoshin.measures.queries import measure_version

    at = now()
    fill_demo_clinic(by=OPERATOR, at=at)
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]

    @action("bench.send_forms")
    def send_forms(*, by: Any, at: Any) -> None:
        from shoshin.care.models import Course

        rows, version = Rows(), measure_version("phq-9")
        courses = list(Course.objects.filter(ended_on=None).select_related("client", "therapist", "clinic"))
        for place, (token, course) in enumerate(zip(tokens, itertools.cycle(courses), strict=False)):
            rows.add(
                "feedback.Assignment",
                clinic=course.clinic,
                client=course.client,
                course=course,
                version=version,
                language="en",
                way="link",
                token_hash=fingerprint(token),
                sent_at=at - timedelta(seconds=place + 1),
                sent_by=course.therapist,
                expires_at=at + timedelta(days=1),
            )
        rows.write()

    send_forms(by=OPERATOR, at=at)
    from django.db import connections

    connections.close_all()
    return tokens


def filed() -> int:
    """How many of the forms were filed."""
    from shoshin.feedback.models import Response

    return Response.objects.filter(assignment__appointment=None, assignment__isnull=False).count()


def measured(port: int, work: Sequence[Any], step: Step) -> dict[str, Any]:
    """The work shared out to all clients at once: rate, median, 95th percentile, errors."""
    waiting, times, errors = iter(list(work)), [], []
    taking = threading.Lock()

    def one_client() -> None:
        connection = _connect(port)
        while True:
            with taking:
                piece = next(waiting, None)
            if piece is None:
                return
            start = time.perf_counter()
            try:
                step(connection, piece)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                errors.append(problem)
                connection = _connect(port)
            times.append(time.perf_counter() - start)

    clients = [threading.Thread(target=one_client) for _ in range(CLIENTS)]
    start = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = time.perf_counter() - start
    for problem in errors[:3]:
        print(f"  {problem!r}", file=sys.stderr)
    p50, p95 = share(times, 0.5), share(times, 0.95)
    return {"rate": len(work) / took, "p50": p50, "p95": p95, "errors": len(errors)}


def _connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, expected: int, cookie: str = "", body: str = ""
) -> http.client.HTTPResponse:
    headers = {"Cookie": f"csrf={CSRF}; {cookie}", "Accept-Encoding": "gzip"}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body=body or None, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != expected:
        raise ValueError(f"{method} {path[:4]} answered {answer.status}")
    return answer


def begin(connection: http.client.HTTPConnection, token: str) -> str:
    """Press the button behind the link; the cookie of the form."""
    body = urlencode({"csrfmiddlewaretoken": CSRF})
    answer = _asked(connection, "POST", f"/f/{token}/", 303, body=body)
    cookies = answer.headers.get_all("Set-Cookie") or []
    return next(cookie.partition(";")[0] for cookie in cookies if cookie.startswith("form="))


def submit(connection: http.client.HTTPConnection, cookie: str) -> None:
    """Send nine answers, the safety question not marked in most."""
    answers = {f"q-{item}": str(secrets.randbelow(4)) for item in range(1, 9)}
    answers["q-9"] = "1" if secrets.randbelow(6) == 0 else "0"
    answers |= {"csrfmiddlewaretoken": CSRF, "gaps-seen": "1"}
    _asked(connection, "POST", "/f/now/", 303, cookie=cookie, body=urlencode(answers))


def visit(connection: http.client.HTTPConnection, token: str) -> None:
    """Everything a client does: look, begin, read the sheet, send."""
    _asked(connection, "GET", f"/f/{token}/", 200)
    cookie = begin(connection, token)
    _asked(connection, "GET", "/f/now/", 200, cookie=cookie)
    submit(connection, cookie)


def bare_inserts() -> dict[str, Any]:
    """The yardstick, on the same database and the same number of server processes."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bare.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    with served("bare.wsgi:application") as port:
        return measured(port, range(ROWS), insert)


def insert(connection: http.client.HTTPConnection, _: Any) -> None:
    _asked(connection, "POST", "/", 200, body="nine answers " * 10)


if __name__ == "__main__":
    here() if "--here" in sys.argv else main()
