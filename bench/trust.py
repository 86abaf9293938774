"""How much can be asked of it at once, and what the fault runs found: writes bench/trust.md.

    make chaos                  # the fault runs on both databases, then this
    python bench/trust.py       # this alone, with what was found last
    python bench/trust.py --forms 400      # smaller, to try it

Load is measured with everything a real request passes through: the door's policy, the transaction, the audit row.
"""

import argparse
import contextlib
import http.client
import io
import json
import random
import subprocess
import sys
import threading
import time
from typing import Any

import submissions
from _machine import ROOT, WORKERS, database, heading, milliseconds, on_both, served, set_up, share, table

AT_ONCE, THINKERS, THINK = 50, 200, 5.0  # clients; clients who think; seconds they think
ROUNDS = 4  # forms each thinker sends
PAGE, FIGURES = ROOT / "bench" / "trust.md", ROOT / "var" / "chaos.jsonl"
AIMS = {"PostgreSQL": (100, 0.5, 0.15), "SQLite": (100, 0.8, 0.15)}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--forms", type=int, default=3000)
    asked.add_argument("--here", action="store_true")
    given = asked.parse_args()
    if given.here:
        return here(given.forms)
    words = io.StringIO()
    with contextlib.redirect_stdout(Both(words)):
        report(given.forms)
    PAGE.write_text(page(words.getvalue()))
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return None


class Both(io.TextIOBase):
    """What is printed goes to the terminal and into the page."""

    def __init__(self, kept: io.StringIO) -> None:
        self.kept = kept

    def write(self, text: str) -> int:
        sys.__stdout__.write(text)  # type: ignore[union-attr]
        return self.kept.write(text)


def report(forms: int) -> None:
    heading(f"Under load, {WORKERS} server processes, clients on the same machine")
    rows = []
    for found in on_both(__file__, "--forms", str(forms)):
        name, aims = found["database"], AIMS[found["database"].split()[0]]
        for key, who, aim in (
            ("at once", f"{AT_ONCE} clients at once", f"≥ {aims[0]}/s, p95 < {1000 * aims[1]:.0f} ms"),
            ("thinking", f"{THINKERS} clients thinking {THINK:.0f} s", f"p95 < {1000 * aims[2]:.0f} ms"),
        ):
            each = found[key]
            cells = [f"{each['rate']:.0f}", *(milliseconds(each[part]) for part in ("p50", "p95", "most"))]
            rows.append([f"{name}: {who}", str(each["forms"]), *cells, str(each["errors"]), aim])
    table(["", "forms", "a second", "p50", "p95", "longest", "errors", "aim"], rows)


def here(forms: int) -> None:
    """Measure on the database in the environment, and print what was found as one line of JSON."""
    set_up()
    tokens = submissions.make_forms(forms + THINKERS * ROUNDS)
    name = database()
    with served("shoshin.wsgi:application") as port:
        begun = [submissions.begin(submissions._connect(port), token) for token in tokens]
        found = {"at once": at_once(port, begun[:forms]), "thinking": thinking(port, begun[forms:])}
    found["at once"]["errors"] += len(tokens) - submissions.filed()
    print(json.dumps({"database": name, **found}))


def at_once(port: int, begun: list[str]) -> dict[str, Any]:
    return crowd(port, [begun[place::AT_ONCE] for place in range(AT_ONCE)], think=0)


def thinking(port: int, begun: list[str]) -> dict[str, Any]:
    return crowd(port, [begun[place::THINKERS] for place in range(THINKERS)], think=THINK)


def crowd(port: int, shares: list[list[str]], think: float) -> dict[str, Any]:
    """Each client sends the forms of their share, and thinks before each."""
    times: list[float] = []
    errors: list[BaseException] = []

    def one_client(share_of_forms: list[str]) -> None:
        connection = submissions._connect(port)
        for cookie in share_of_forms:
            time.sleep(random.uniform(0, 2 * think))
            start = time.perf_counter()
            try:
                submissions.submit(connection, cookie)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                errors.append(problem)
                connection = submissions._connect(port)
            times.append(time.perf_counter() - start)

    clients = [threading.Thread(target=one_client, args=(each,)) for each in shares]
    start = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = time.perf_counter() - start
    for problem in errors[:3]:
        print(f"  {problem!r}", file=sys.stderr)
    facts = {"p50": share(times, 0.5), "p95": share(times, 0.95), "most": max(times)}
    return {"rate": len(times) / took, "forms": len(times), "errors": len(errors), **facts}


def page(load: str) -> str:
    """The page: the load just measured, and the last result of each fault run on this machine."""
    found = last_of_each()
    runs = "\n".join(f"| {test} | {kind} | {words} | {at} |" for (test, kind, _), (words, at) in sorted(found.items()))
    commands = (
        "`make chaos` runs all of it; `make test` runs the short form of each. `python bench/trust.py` writes this."
    )
    return f"""# What trust rests on, measured

Written {time.strftime("%Y-%m-%d %H:%M", time.gmtime())} UTC, commit {commit()}, by `python bench/trust.py`. {commands}
Nothing here is typed by hand. The machine is named below; other work may have run on it at the same time.

## Load

```
{load.rstrip()}
```

## Fault runs

Each run first proves that it can fail: a defect is sown, and must be seen. "Wrong" counts what an independent judge
found in the rows: answers lost, doubled or changed, scores, alerts, audit rows.

| run | database | found | when (UTC) |
|---|---|---|---|
{runs or "| none yet on this machine: `make chaos` | | | |"}
"""


def last_of_each() -> dict[tuple[str, str, str], tuple[str, str]]:
    """What each run found last; a run that says several things is told by how its line begins."""
    found = {}
    for line in FIGURES.read_text().splitlines() if FIGURES.exists() else []:
        each = json.loads(line)
        begins = each["found"].partition(":")[0] if ":" in each["found"] else ""
        found[each["test"], each["database"], begins] = (each["found"].replace("|", "/"), each["at"])
    return found


def commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
