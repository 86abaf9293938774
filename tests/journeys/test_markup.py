"""What people write is shown as they wrote it: markup in any field runs in no browser."""

from uuid import uuid4

import pytest

from shoshin.care.actions import note_strength, write_summary
from shoshin.feedback.actions import record_response
from shoshin.kit.action import OPERATOR, Actor, action
from shoshin.measures import queries as measures
from tests.cast import PASSWORD
from tests.journeys.conftest import LAPTOP, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.once]

RUN = "alert(1)"
ON = (
    "onerror",
    "onload",
    "onfocus autofocus",
    "ontoggle open",
    "onmouseover",
    "onanimationstart",
    "onpointerrawupdate",
)
TAGS = ("img src=x", "svg", "body", "details", "input", "video src=x", "iframe", "marquee", "object data=x", "a href=x")
PAYLOADS = [f"<{tag} {on.split()[0]}={RUN} {on.partition(' ')[2]}>" for tag in TAGS for on in ON[:5]]
PAYLOADS += [f"<script>{RUN}</script>", f"</textarea><script>{RUN}</script>", f"</title><script>{RUN}</script>"]
PAYLOADS += [
    f'"><script>{RUN}</script>',
    f"'-{RUN}-'",
    f'" onfocus="{RUN}" autofocus="',
    f"javascript:{RUN}",
    f"${{{RUN}}}",
]
PAYLOADS += [f"</style><svg/onload={RUN}>", "<style>@import 'x'</style>", "<base href=//x><script src=y></script>"]
PAYLOADS += [f"<math><mtext><img src=x onerror={RUN}>", f"&lt;script&gt;{RUN}&lt;/script&gt;", "{{7*7}}", "{% debug %}"]
PAYLOADS += [f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"\u003cscript\u003e{RUN}", f"<img/src=`x`onerror={RUN}>"]


@action("tests.rename_everybody")
def rename_everybody(*, cast, payload, by, at):
    cast.ben.code, cast.clinic.name, cast.ada.person.name = payload[:40], payload[:80], payload[:80]
    cast.ben.save(), cast.clinic.save(), cast.ada.person.save()


def write_everywhere(cast, payload, at) -> None:
    """This payload in every short text of ben's record, and all of them in every long one."""
    whole = "\n".join(PAYLOADS)
    rename_everybody(cast=cast, payload=payload, by=OPERATOR, at=at)
    note_strength(client=cast.ben, text=payload[:200], by=cast.ada, at=at)
    kept = cast.course.appointments.filter(state="kept").order_by("-starts_at").first()
    words = {"talked_about": payload, "agreed": whole[:900], "until_next_time": whole[900:1800]}
    write_summary(appointment=kept, by=cast.ada, at=at, **words)
    version = measures.measure_version("shoshin-check")
    record_response(
        course=cast.course,
        version=version,
        answers={"understood": 3, "amiss-note": whole[:1900]},
        key=uuid4(),
        source="link",
        answered_on=at.date(),
        by=Actor("client", "form"),
        at=at,
    )


PAGES = ["/", "/clients/", "/clients/benbenbe/", "/clients/benbenbe/together/", "/clients/benbenbe/send/"]


def look(people, cast) -> list[str]:
    """Go through the pages as ada; what the browser reported: dialogs, and what the content policy refused."""
    page, reported = people(LAPTOP), []
    page.on("dialog", lambda dialog: (reported.append(f"dialog on {page.url}"), dialog.dismiss()))
    page.on("console", lambda line: "Content Security Policy" in line.text and reported.append(line.text[:120]))
    sign_in(page, "ada@example.org", PASSWORD)
    today = f"/appointments/{cast.ben_today.pk}"
    for path in (*PAGES, f"{today}/before/", f"{today}/after/"):
        page.goto(path)
    return reported


def test_no_payload_runs_on_any_page(people, now_cast, reachable, capsys):
    assert len(set(PAYLOADS)) > 60
    reported, rounds = [], PAYLOADS[3::20]
    for payload in rounds:
        write_everywhere(now_cast, payload, now_cast.ben.added_at)
        reported += look(people, now_cast)
    with capsys.disabled():
        print(f"\n{len(set(PAYLOADS))} payloads, {len(PAGES) + 2} pages, {len(rounds)} rounds: {len(reported)} reports")
    assert reported == []


def test_a_page_that_forgets_to_escape_would_be_seen(people, now_cast, reachable, monkeypatch, faults):
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    write_everywhere(now_cast, "<img src=x onerror=alert(1)>", now_cast.ben.added_at)
    assert look(people, now_cast)
    faults.found.clear()
