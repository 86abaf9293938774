"""How long do the therapist's pages take, and does a large clinic slow them down?

    python bench/pages.py            300 clients, then 12,500 clients with over 200,000 filled forms
    python bench/pages.py --small    only the first

Today, the client page and the glance, asked in-process through the whole stack, on SQLite and PostgreSQL.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

from _machine import database, heading, milliseconds, on_both, set_up, share, table

SMALL, LARGE, THERAPIST = 300, 12_500, 37.5  # clients, clients, clients a therapist
ROUNDS = 60


def main() -> None:
    heading("The therapist's pages")
    sizes = [SMALL] if "--small" in sys.argv else [SMALL, LARGE]
    found = [each for size in sizes for each in on_both(__file__, str(size))]
    rows = []
    for each in found:
        for page, seen in each["pages"].items():
            size = f"{each['database']}, {each['clients']:,} clients, {each['responses']:,} forms: {page}"
            rows.append([size, milliseconds(seen["p50"]), milliseconds(seen["p95"]), _range(seen["queries"])])
    table(["", "p50", "p95", "queries"], rows)
    for name in dict.fromkeys(each["database"] for each in found) if len(sizes) > 1 else ():
        small, large = (each["pages"] for each in found if each["database"] == name)
        words = [f"{page} {_compared(small[page], large[page])}" for page in small]
        print(f"{name}, queries at the larger size: {', '.join(words)}.")


def _compared(small: dict[str, Any], large: dict[str, Any]) -> str:
    """The same therapist has the same clients at both sizes, so that each page is compared with itself."""
    if small["queries"] == large["queries"]:
        return "the same on every page"
    return f"{sum(large['queries']) - sum(small['queries']):+d} over {len(small['queries'])} pages"


def _range(counts: list[int]) -> str:
    return f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"


def here(clients: int) -> None:
    """Measure on the database in the environment, and print what was found as one line of JSON."""
    set_up()
    from shoshin.desk.actions import fill_demo_clinic
    from shoshin.kit.action import OPERATOR
    from shoshin.kit.clock import now

    therapists = round(clients / THERAPIST)
    filled = fill_demo_clinic(clients=clients, therapists=therapists, by=OPERATOR, at=now() - timedelta(minutes=1))
    _analyze()
    browser = _signed_in(filled.owner)
    browser.get("/accounts/password/change/")  # the first page of a process loads what all pages need
    paths = _paths(filled.owner)
    pages = {
        "Today": _seen(browser, paths["Today"] * ROUNDS),
        "client page": _seen(browser, paths["client page"] * 2),
        "its first chart, drawn": _seen(browser, paths["chart"]),
        "its first chart, again": _seen(browser, paths["chart"]),
        "glance": _seen(browser, paths["glance"] * 2),
    }
    found = {"database": database(), "clients": clients, "responses": filled.responses, "pages": pages}
    print(json.dumps(found))


def _analyze() -> None:
    """What both databases do by themselves in time: look at how the rows are spread."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _signed_in(member: Any) -> Any:
    from django.test import Client

    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(member.person)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(member.person.pk)
    session.save()
    return browser


def _paths(member: Any) -> dict[str, list[str]]:
    from django.urls import reverse

    from shoshin.care.models import Appointment, Client
    from shoshin.feedback.models import Response

    refs = Client.objects.filter(therapist=member).order_by("pk").values_list("ref", flat=True)
    lines = Response.objects.filter(client__therapist=member, measure_id="phq-9", course__ended_on=None)
    lines = lines.order_by("course_id").values_list("client__ref", "course_id").distinct()
    planned = Appointment.objects.filter(therapist=member, state="planned").order_by("-course__client_id", "starts_at")
    return {
        "Today": [reverse("desk:today")],
        "client page": [reverse("desk:client", args=[ref]) for ref in refs],
        "chart": [reverse("desk:line_picture", args=[*line, "phq-9", "for-wide"]) for line in lines],
        "glance": [reverse("desk:glance", args=[pk]) for pk in planned.values_list("pk", flat=True)[:10]],
    }


def _seen(browser: Any, paths: list[str]) -> dict[str, Any]:
    """Times and numbers of queries. A chart is drawn when it is first looked at, then kept by the process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, counts = [], []
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            start = time.perf_counter()
            answer = browser.get(path)
            times.append(time.perf_counter() - start)
        if answer.status_code not in (200, 404):
            raise SystemExit(f"{path} answered {answer.status_code}")
        counts.append(len(asked))
    return {"p50": share(times, 0.5), "p95": share(times, 0.95), "queries": counts}


if __name__ == "__main__":
    here(int(sys.argv[sys.argv.index("--here") + 1])) if "--here" in sys.argv else main()
