"""The audit trail as a chain: each row carries the fingerprint of the row before it, one chain a clinic.

Rows are only ever added, in the transaction of what they tell of, under a lock on the end of the chain. Who changes or
removes a row, swaps two or slips one in breaks the chain at that place; who cuts off its end is found by an anchor, a
copy of the end kept outside the database. Somebody with the database and every anchor can still write a new history.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

FIRST = "0" * 64  # what the first row of a chain stands on
NOBODY = 0  # the chain of what belongs to no clinic


@dataclass(frozen=True)
class Entry:
    """One thing to remember: who did or read what, about whose record. Ids only, never content."""

    at: datetime
    actor_kind: str
    actor_id: str
    event: str
    clinic_id: int = NOBODY
    about: int | None = None
    subjects: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A place where the trail does not hold."""

    clinic_id: int
    seq: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """How many rows of how many chains were read, and where they do not hold."""

    rows: int
    chains: int
    anchors: int
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        return not self.problems


def append(entries: Sequence[Entry]) -> None:
    """Add rows to their chains. Call it inside the transaction that they tell of, at its end."""
    from shoshin.kit.models import AuditEvent, ChainHead

    for clinic_id in sorted({entry.clinic_id for entry in entries}):
        head = _locked_head(clinic_id)
        rows, seq, last = [], head.seq, head.hash
        for entry in (each for each in entries if each.clinic_id == clinic_id):
            seq += 1
            last = fingerprint(last, seq, entry)
            rows.append(AuditEvent(seq=seq, hash=last, **vars(entry)))
        AuditEvent.objects.bulk_create(rows)
        ChainHead.objects.filter(pk=clinic_id).update(seq=seq, hash=last)


def _locked_head(clinic_id: int) -> Any:
    from shoshin.kit.models import ChainHead

    heads = ChainHead.objects.select_for_update().filter(pk=clinic_id)
    head = next(iter(heads), None)
    if head is None:
        ChainHead.objects.bulk_create([ChainHead(pk=clinic_id, seq=0, hash=FIRST)], ignore_conflicts=True)
        head = heads.get()
    return head


def fingerprint(before: str, seq: int, entry: Entry) -> str:
    """What a row weighs: SHA-256 over the fingerprint before it and everything the row says."""
    said = [
        seq,
        entry.clinic_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        entry.actor_id,
        entry.event,
        entry.about,
        entry.subjects,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def verify(anchors: Path | None = None) -> Verdict:
    """Is every chain whole, does it end where its head says, and does it pass through every anchor?"""
    from shoshin.kit.models import AuditEvent, ChainHead

    told, kept = anchored(anchors), {head.pk: (head.seq, head.hash) for head in ChainHead.objects.all()}
    problems: list[Problem] = []
    ends: dict[int, tuple[int, str]] = {}
    rows = 0
    names = ("clinic_id", "seq", "hash", "at", "actor_kind", "actor_id", "event", "about", "subjects")
    for clinic_id, seq, found, *said in (
        AuditEvent.objects.order_by("clinic_id", "seq", "pk").values_list(*names).iterator(chunk_size=2000)
    ):
        rows += 1
        at, kind, actor, event, about, subjects = said
        last, before = ends.get(clinic_id, (0, FIRST))
        if seq != last + 1:
            problems.append(Problem(clinic_id, seq, f"row {last + 1} should stand here"))
        expected = fingerprint(before, seq, Entry(at, kind, actor, event, clinic_id, about, subjects))
        if found != expected:
            problems.append(Problem(clinic_id, seq, "this row, or the one before it, is not what was written"))
        if told.pop((clinic_id, seq), found) != found:
            problems.append(Problem(clinic_id, seq, "the anchor kept outside says otherwise"))
        ends[clinic_id] = (seq, found)
    problems += [Problem(clinic, seq, "an anchored row is missing") for clinic, seq in sorted(told)]
    problems += [
        Problem(clinic, ends.get(clinic, (0, FIRST))[0], "the chain does not end where its head says")
        for clinic in sorted(ends.keys() | kept.keys())
        if ends.get(clinic, (0, FIRST)) != kept.get(clinic, (0, FIRST))
    ]
    return Verdict(rows, len(ends), len(anchored(anchors)), tuple(problems))


def anchor(path: Path, at: datetime) -> int:
    """Write every chain's head to a file outside the database, one line each where it has moved. Says how many."""
    from shoshin.kit.models import ChainHead

    known = anchored(path)
    moved = [head for head in ChainHead.objects.order_by("pk") if head.seq and (head.pk, head.seq) not in known]
    with path.open("a", encoding="utf-8") as file:
        file.writelines(_lines(moved, at))
        file.flush()
    return len(moved)


def _lines(heads: Iterable[Any], at: datetime) -> Iterator[str]:
    for head in heads:
        line = {"at": at.isoformat(), "clinic": head.pk, "seq": head.seq, "hash": head.hash}
        yield json.dumps(line) + "\n"


def anchors_file() -> Path:
    """Where anchors are kept: beside the data, to be copied elsewhere with every backup."""
    home: Path = settings.HOME
    return home / "audit_anchors.jsonl"


def anchored(path: Path | None) -> dict[tuple[int, int], str]:
    """The anchors in a file: fingerprint by clinic and row. No file, no anchors; a torn line is passed over."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else ():
        try:
            told = json.loads(line)
            found[told["clinic"], told["seq"]] = told["hash"]
        except (ValueError, KeyError, TypeError):
            continue
    return found


def remember(entries: Sequence[Entry]) -> None:
    """Add rows that tell of a reading, in a transaction of their own. Where that fails, nothing may be shown."""
    with transaction.atomic():
        append(entries)
