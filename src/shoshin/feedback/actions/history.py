"""Bringing in history: all of a file or nothing of it, never twice, and never a signal or an alert."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shoshin.care import actions as care_actions
from shoshin.care import queries as care
from shoshin.feedback.actions.responses import REFERENCE_ALPHABET, score_rows
from shoshin.feedback.models import ImportBatch, Response, ScoreRow, WaitingFile
from shoshin.feedback.models.responses import Source
from shoshin.feedback.queries.history import KEPT_WAITING, known_measures, targets_of
from shoshin.feedback.queries.history_before import digest_of, imported_before, in_parts, set_apart_known
from shoshin.feedback.queries.history_columns import NEW, Plan
from shoshin.feedback.queries.history_files import read_table
from shoshin.feedback.queries.history_rows import Entry, Rows, Target, plan_problems, read_rows
from shoshin.kit.action import Actor, action
from shoshin.measures import actions as measures_actions
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Course
    from shoshin.measures.actions import TotalsFigures
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Membership

AT_A_TIME = 500


class CannotImportOutcomes(ValueError):
    """Nothing of the file was brought in. `rows` holds what there is to mend, where rows were read."""

    def __init__(self, what: str, rows: Rows | None = None):
        super().__init__(what)
        self.rows = rows


@dataclass(frozen=True)
class Imported:
    """What an import brought in, and what it left out."""

    batch: ImportBatch
    added: int
    already_here: int
    left_out: int
    blanks: int
    clients: int


@action("feedback.keep_waiting_file")
def keep_waiting_file(*, name: str, content: bytes, by: "Membership", at: datetime) -> WaitingFile:
    """Keep a chosen file until its columns are matched. An unreadable one is refused, and earlier ones go."""
    read_table(name, content)
    WaitingFile.objects.filter(kept_at__lte=at - KEPT_WAITING).delete()
    WaitingFile.objects.filter(member=by).delete()
    return WaitingFile.objects.create(member=by, file_name=name[-200:], content=content, kept_at=at)


@action("feedback.dismiss_waiting_file")
def dismiss_waiting_file(*, by: "Membership", at: datetime) -> None:
    """The file is not brought in, and goes."""
    WaitingFile.objects.filter(member=by).delete()


@action("feedback.import_outcomes")
def import_outcomes(
    *,
    therapist: "Membership",
    file_name: str,
    content: bytes,
    plan: Plan,
    new_measures: "Mapping[str, TotalsFigures]",
    ending: str,
    leave_out_bad_rows: bool,
    by: "Membership | Actor",
    at: datetime,
    written: Callable[[int], None] | None = None,
) -> Imported:
    """Bring in a file by a plan: clients, imported courses, responses and scores, in one transaction.

    `written` is told of each part that is written, for somebody who waits at a terminal.
    """
    digest = digest_of(content, plan)
    earlier = imported_before(therapist.clinic, digest)
    if earlier is not None:
        raise CannotImportOutcomes(same_file_sentence(earlier))
    versions = known_measures(therapist.clinic) | _defined(plan, new_measures, therapist, at)
    plan = _with_new_measures(plan, versions)
    rows = checked_rows(file_name, content, plan, targets_of((c.role for c in plan.measured), versions), therapist, at)
    rows = set_apart_known(rows, plan, therapist.clinic)
    if rows.problems and not leave_out_bad_rows:
        raise CannotImportOutcomes(
            _("Some rows cannot come in, so nothing was brought in. Mend them, or leave them out."),
            rows,
        )
    entries = rows.entries
    if not entries:
        raise CannotImportOutcomes(_("Nothing new is in this file: nothing was added."), rows)
    batch = ImportBatch.objects.create(
        clinic_id=therapist.clinic_id,
        therapist=therapist,
        file_name=file_name[-200:],
        digest=digest,
        rows_added=len(entries),
        time_kind=plan.time_kind,
        dates_known=plan.time_kind == "date" or plan.start is not None,
        imported_at=at,
        imported_by=_who(by),
    )
    courses = _courses(entries, therapist, ending, by, at)
    _add_responses(entries, courses, versions, batch, at, written)
    if plan.time_kind == "date":
        number_days(course.pk for course in courses.values())
    WaitingFile.objects.filter(member=therapist if isinstance(by, Actor) else by).delete()
    clients = len({entry.code_key for entry in entries})
    return Imported(batch, len(entries), rows.repeated, rows.bad_lines, rows.blanks, clients)


def same_file_sentence(batch: ImportBatch) -> str:
    """That this file was brought in before."""
    return _("This file was brought in before, on %(day)s. Nothing was added.") % {
        "day": date_format(batch.imported_at)
    }


def checked_rows(
    file_name: str,
    content: bytes,
    plan: Plan,
    targets: Mapping[str, Target],
    therapist: "Membership",
    at: datetime,
) -> Rows:
    """The rows of a file, or a sentence why this plan reads none."""
    problems = plan_problems(plan)
    if problems:
        raise CannotImportOutcomes(" ".join(problems))
    return read_rows(read_table(file_name, content), plan, targets, care.day_of(therapist.clinic, at))


def _defined(
    plan: Plan, new_measures: "Mapping[str, TotalsFigures]", therapist: "Membership", at: datetime
) -> dict[str, "MeasureVersion"]:
    """The measures this file brings with it, stored as totals only, under the name the plan gives them."""
    missing = [name for name in plan.new_names if name not in new_measures]
    if missing:
        raise CannotImportOutcomes(_("Say what %(names)s measures, or leave it out.") % {"names": ", ".join(missing)})
    try:
        return {
            f"{NEW}{name}": measures_actions.define_totals_measure(
                figures=new_measures[name], clinic=therapist.clinic, by=therapist, at=at
            )
            for name in plan.new_names
        }
    except measures_actions.CannotDefineTotalsMeasure as refusal:
        raise CannotImportOutcomes(str(refusal)) from None


def _with_new_measures(plan: Plan, versions: dict[str, "MeasureVersion"]) -> Plan:
    """The plan with each new measure under the id it has been given."""
    named = {role: version.measure_id for role, version in versions.items() if role.startswith(NEW)}
    versions |= {version.measure_id: version for role, version in versions.items() if role in named}
    columns = tuple(
        replace(column, role=f"total:{named[column.role]}") if column.role in named else column
        for column in plan.columns
    )
    return replace(plan, columns=columns)


def _courses(
    entries: Sequence[Entry], therapist: "Membership", ending: str, by: "Membership | Actor", at: datetime
) -> dict[str, "Course"]:
    """The imported course of each client."""
    days: dict[str, list[date]] = {}
    codes: dict[str, str] = {}
    for entry in entries:
        days.setdefault(entry.code_key, []).append(entry.moment.day)
        codes.setdefault(entry.code_key, entry.code)
    told = [care_actions.ImportedCourse(codes[key], min(of), max(of)) for key, of in days.items()]
    try:
        return care_actions.add_imported_courses(therapist=therapist, courses=told, ending=ending, by=by, at=at)
    except care_actions.CannotAddImportedCourses as refusal:
        raise CannotImportOutcomes(str(refusal)) from None


def _add_responses(
    entries: Sequence[Entry],
    courses: Mapping[str, "Course"],
    versions: Mapping[str, "MeasureVersion"],
    batch: ImportBatch,
    at: datetime,
    written: Callable[[int], None] | None,
) -> None:
    """Responses and their scores, and nothing that follows from a response a client has just given."""
    for part in in_parts(entries):
        made = [_response(entry, courses[entry.code_key], versions, batch, at) for entry in part]
        Response.objects.bulk_create(made, batch_size=AT_A_TIME)
        scores = [row for response in made for row in score_rows(response)]
        ScoreRow.objects.bulk_create(scores, batch_size=AT_A_TIME)
        if written:
            written(len(made))


def _response(
    entry: Entry, course: "Course", versions: Mapping[str, "MeasureVersion"], batch: ImportBatch, at: datetime
) -> Response:
    version = versions[entry.role.partition(":")[2]]
    totals = {} if entry.value is None else {measures.facts(version).primary.id: entry.value}
    answers = dict(entry.answers)
    text = json.dumps([version.pk, answers, totals], sort_keys=True)
    return Response(
        clinic_id=course.clinic_id,
        client_id=course.client_id,
        course=course,
        version=version,
        measure_id=version.measure_id,
        answers=answers,
        totals=totals,
        answered_on=entry.moment.day,
        occasion=entry.moment.occasion,
        source=Source.IMPORT,
        received_at=at,
        # Longer than a form's reference: a hundred thousand drawn at once must not meet.
        reference="".join(secrets.choice(REFERENCE_ALPHABET) for _place in range(12)),
        key=uuid4(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        batch=batch,
    )


def number_days(ids: Iterable[int]) -> None:
    """A second file may bring days between those of a first: each course's days are numbered anew."""
    for part in in_parts(list(ids)):
        rows = list(
            Response.objects.filter(course_id__in=part)
            .order_by("course_id", "answered_on")
            .only("course_id", "answered_on", "occasion")
        )
        days: dict[int, dict[date, int]] = {}
        changed = []
        for row in rows:
            order = days.setdefault(row.course_id, {})
            place = order.setdefault(row.answered_on, len(order) + 1)
            if row.occasion != place:
                row.occasion = place
                changed.append(row)
        Response.objects.bulk_update(changed, ["occasion"], batch_size=AT_A_TIME)


def _who(by: "Membership | Actor") -> str:
    actor = by if isinstance(by, Actor) else by.actor
    return f"{actor.kind}:{actor.id}" if actor.id else actor.kind


@action("feedback.forget_empty_imports")
def forget_empty_imports(*, therapist: "Membership", by: "Membership | Actor", at: datetime) -> None:
    """After a deletion: files that wait, and imports of which nothing is left, must not keep a client's code."""
    WaitingFile.objects.filter(member=therapist).delete()
    ImportBatch.objects.filter(therapist=therapist, responses=None).delete()
