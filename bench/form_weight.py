"""How heavy is the client's form, over the wire, on a first visit?

    python bench/form_weight.py

A form of the length of the PHQ-9 (with stand-in sentences of our own, as long as such items usually are), fetched from
granian the way a browser does, with everything it links to from the same host. Heads and bodies both count.
"""

import http.client
import json
import re
import sys
import tempfile
from typing import Any
from urllib.parse import urljoin

from _machine import _found_on, database, heading, served, set_up, table
from submissions import CSRF, begin, make_forms

BUDGET = 50 * 1024
LINKED = re.compile(r"""<(?:link|script|img|use)\b[^>]*?\b(?:href|src)=["']([^"'#]+)""")
SENTENCE = (
    "Question {} stands here in words of our own, about as long as a question of this kind usually is, and a bit more"
)
CHOICE = "Answer {}, in four words"


def main() -> None:
    heading("Weight of the client's form, PHQ-9 length, first visit")
    with tempfile.TemporaryDirectory(prefix="shoshin-bench-") as home:
        found = _found_on("SQLite", __file__, home, ())[0]
    rows = [[each["path"], each["coding"], f"{each['bytes']:,}"] for each in found["parts"]]
    total = sum(each["bytes"] for each in found["parts"])
    table(["served", "coding", "bytes"], [*rows, ["together", "", f"{total:,}"]])
    print(f"{total / 1024:.1f} KB of the {BUDGET // 1024} KB allowed; {len(found['elsewhere'])} from other hosts.")


def here() -> None:
    """Fetch the form, and print its parts as one line of JSON."""
    set_up()
    add_sentences()
    token = make_forms(1)[0]
    with served("shoshin.wsgi:application") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        door, page = fetched(connection, f"/f/{token}/", "")
        cookie = begin(connection, token)
        sheet, sheet_page = fetched(connection, "/f/now/", cookie)
        links = sorted({urljoin("/f/now/", link) for link in LINKED.findall(page + sheet_page)})
        own = [link for link in links if link.startswith("/") and not link.startswith("//")]
        linked = [fetched(connection, link, cookie)[0] for link in own if "." in link]
    parts = [door | {"path": "the door"}, sheet | {"path": "the sheet"}, *linked]
    print(json.dumps({"parts": parts, "elsewhere": [x for x in links if x not in own], "on": database()}))


def add_sentences() -> None:
    """A stand-in wording, so that the weight does not hang on what has been fetched."""
    from shoshin.kit.action import OPERATOR
    from shoshin.kit.clock import now
    from shoshin.measures import queries as measures
    from shoshin.measures.actions import add_wording
    from shoshin.measures.models.wording import Wording

    version = measures.measure_version("phq-9")
    facts = measures.facts(version)
    wording = Wording(
        measure=facts.id,
        version=facts.version,
        licence="our own",
        language="en",
        title=facts.title["en"],
        stem=SENTENCE.format("one to nine"),
        items={item.id: SENTENCE.format(item.id) for item in facts.items},
        anchors={
            name: {f"{value:g}": CHOICE.format(f"{value:g}") for value in scale.values}
            for name, scale in facts.scales.items()
        },
        source="stand-in sentences of the measurement",
    )
    add_wording(version=version, wording=wording, source_sha256="0" * 64, clinic=None, by=OPERATOR, at=now())


def fetched(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[dict[str, Any], str]:
    """What one address weighs as served, and its text where it came uncompressed or can be unpacked."""
    headers = {"Accept-Encoding": "br, gzip", "Cookie": f"csrftoken={CSRF}; {cookie}"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 17
    coding = answer.getheader("Content-Encoding") or "none"
    return {"path": path, "coding": coding, "bytes": head + len(body)}, unpacked(body, coding)


def unpacked(body: bytes, coding: str) -> str:
    """The text of a page, however it was packed."""
    import gzip

    if coding == "br":
        raise SystemExit("Pages came as Brotli, which this measurement cannot look into; ask for gzip.")
    return (gzip.decompress(body) if coding == "gzip" else body).decode(errors="replace")


if __name__ == "__main__":
    here() if "--here" in sys.argv else main()
