"""Was the disk told before the client was? Read from what the server asked of the kernel.

One client sends one form after another, so that between "POST /f/now/" arriving and "303" leaving there is one
commit. In that time the write-ahead log (or the rollback journal and the database) must have been synced.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

CALL = re.compile(r"^\s*(?P<pid>\d+)\s+(?P<time>\d+\.\d+) (?P<name>\w+)\((?P<rest>.*)$")
RESUMED = re.compile(r"^\s*(?P<pid>\d+)\s+(?P<time>\d+\.\d+) <\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
READS, WRITES = ("read", "recvfrom", "readv", "recvmsg"), ("write", "sendto", "writev", "sendmsg")
SYNCS = ("fsync", "fdatasync")
ASKED, ANSWERED = "POST /f/now/ HTTP", "HTTP/1.1 303"
LOGS = re.compile(r"shoshin\.sqlite3(-wal|-journal)?>|/pg_wal/")


@dataclass(frozen=True)
class Told:
    """How many sendings were answered, and how many of them before any sync."""

    answered: int
    unsynced: int
    syncs: int

    def __str__(self) -> str:
        return f"{self.answered} answered, {self.syncs} syncs, {self.unsynced} answered without one"


def events(lines: Iterable[str]) -> list[tuple[float, str]]:
    """What matters, in order: `asked`, `synced`, `answered`. A call counts from when it returned."""
    found, begun = [], {}
    for line in lines:
        call, resumed = CALL.match(line), RESUMED.match(line)
        if call and "<unfinished ...>" in line:
            begun[call["pid"], call["name"]] = call["rest"]
            if call["name"] in WRITES and ANSWERED in call["rest"]:
                found.append((float(call["time"]), "answered"))
            continue
        match = resumed or call
        if match is None:
            continue
        rest = (begun.pop((match["pid"], match["name"]), "") if resumed else "") + match["rest"]
        if match["name"] in SYNCS and LOGS.search(rest) and rest.rstrip().endswith("= 0"):
            found.append((float(match["time"]), "synced"))
        elif match["name"] in READS and ASKED in rest:
            found.append((float(match["time"]), "asked"))
        elif call and match["name"] in WRITES and ANSWERED in rest:
            found.append((float(match["time"]), "answered"))
    return sorted(found)


def judged(found: list[tuple[float, str]]) -> Told:
    """Of the sendings answered, how many were answered before a sync."""
    answered = unsynced = syncs = 0
    asked, since = False, 0
    for _, what in found:
        if what == "asked":
            asked, since = True, 0
        elif what == "synced":
            since, syncs = since + 1, syncs + 1
        elif asked:
            answered, unsynced, asked = answered + 1, unsynced + (since == 0), False
    return Told(answered, unsynced, syncs)
