"""What of a file is here already, and what contradicts what is here."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shoshin.feedback.models import ImportBatch, ScoreRow
from shoshin.feedback.queries.history_columns import Plan
from shoshin.feedback.queries.history_rows import Entry, Problem, Rows

if TYPE_CHECKING:
    from shoshin.people.models import Clinic

AT_A_TIME = 500
Place = tuple[str, str, Any]


def digest_of(content: bytes, plan: Plan) -> str:
    """The fingerprint of a file and of which of its columns come in."""
    kinds = sorted((column.index, column.role.partition(":")[0], column.time) for column in plan.columns if column.role)
    matched = [(index, kind if kind in ("client", "time") else "measure", time) for index, kind, time in kinds]
    return hashlib.sha256(content + repr(matched).encode()).hexdigest()


def imported_before(clinic: "Clinic", digest: str) -> ImportBatch | None:
    """An earlier import of the same file, read the same way, of which something is still here."""
    found = ImportBatch.objects.filter(clinic=clinic, digest=digest, responses__isnull=False)
    return found.order_by("imported_at").first()


def set_apart_known(rows: Rows, plan: Plan, clinic: "Clinic") -> Rows:
    """The rows without the entries that are here already; those that contradict one here are problems."""
    said = _said(rows.entries, plan, clinic)
    fresh = Rows([], list(rows.problems), rows.blanks, rows.repeated, rows.lines)
    for entry in rows.entries:
        values = said.get(_place(entry, plan))
        if values is None:
            fresh.entries.append(entry)
        elif _what(entry) in values:
            fresh.repeated += 1
        else:
            what = _("This client has another value here for this time. Correct that one, or leave this row out.")
            fresh.problems.append(Problem(entry.line, what))
    fresh.problems.sort(key=lambda problem: problem.line)
    return fresh


def _place(entry: Entry, plan: Plan) -> Place:
    when = entry.moment.day if plan.time_kind == "date" else entry.moment.occasion
    return entry.code_key, entry.role.partition(":")[2], when


def _what(entry: Entry) -> float | str:
    return entry.value if entry.value is not None else json.dumps(dict(entry.answers), sort_keys=True)


def _said(entries: Sequence[Entry], plan: Plan, clinic: "Clinic") -> dict[Place, set[float | str | None]]:
    """The values that stand here, by client, measure and time: each score, and the answers as a whole."""
    found: dict[Place, set[float | str | None]] = {}
    for part in in_parts(list({entry.code_key for entry in entries})):
        rows = ScoreRow.objects.filter(
            response__clinic=clinic, response__client__code_key__in=part, response__corrected_by=None
        )
        if plan.time_kind != "date":
            rows = rows.filter(response__course__imported=True)
        for key, measure_id, day, occasion, answers, value in rows.values_list(
            "response__client__code_key",
            "response__measure_id",
            "response__answered_on",
            "response__occasion",
            "response__answers",
            "value",
        ):
            place = (key, measure_id, day if plan.time_kind == "date" else occasion)
            found.setdefault(place, set()).update((value, json.dumps(answers, sort_keys=True)))
    return found


def in_parts(whole: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A long list, some at a time."""
    for begin in range(0, len(whole), AT_A_TIME):
        yield whole[begin : begin + AT_A_TIME]
