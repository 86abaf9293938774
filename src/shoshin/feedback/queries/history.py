"""Bringing in history: the file that waits, what its columns may be, and how imported courses came out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.care import queries as care
from shoshin.feedback.models import ImportBatch, Response, ScoreRow, WaitingFile
from shoshin.feedback.queries.history_columns import ITEMS, TOTAL, Known
from shoshin.feedback.queries.history_rows import Target
from shoshin.kit.policy import Hat
from shoshin.measures import queries as measures
from shoshin.science.change import Change, judge_change

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.measures.queries import ReliableChangeFigure
    from shoshin.people.models import Clinic, Membership

KEPT_WAITING = timedelta(days=1)
CATEGORIES = ("recovered", "improved", "unchanged", "worse")


def waiting_file(member: "Membership", at: datetime) -> WaitingFile | None:
    """The file this person chose and has not brought in yet."""
    return WaitingFile.objects.filter(member=member, kept_at__gt=at - KEPT_WAITING).first()


def batches_of(member: "Membership") -> QuerySet[ImportBatch]:
    """The files of history brought in for this therapist, newest first."""
    return ImportBatch.objects.filter(therapist=member).order_by("-imported_at", "-pk")


def batches_for_others(member: "Membership") -> QuerySet[ImportBatch]:
    """What the clinic's owner brought in for colleagues, newest first; nothing for anybody else."""
    if not member.is_owner:
        return ImportBatch.objects.none()
    who = f"{member.actor.kind}:{member.actor.id}"
    found = ImportBatch.objects.filter(clinic_id=member.clinic_id, imported_by=who).exclude(therapist=member)
    return found.select_related("therapist__person").order_by("-imported_at", "-pk")


def known_measures(clinic: "Clinic") -> dict[str, "MeasureVersion"]:
    """The measures of clients that a file may hold, by id."""
    found = measures.current_measures(clinic)
    return {row.measure_id: row for row in found if measures.facts(row).respondent == "client"}


def as_known(versions: Mapping[str, "MeasureVersion"]) -> list[Known]:
    """The measures as matching columns sees them."""
    facts = [measures.facts(version) for version in versions.values()]
    return [
        Known(
            each.id,
            each.short,
            () if each.totals_only else tuple(item.id for item in each.items if item.counts),
        )
        for each in facts
    ]


def targets_of(roles: Iterable[str], versions: Mapping[str, "MeasureVersion"]) -> dict[str, Target]:
    """What the figures of each matched column are checked against, for measures known here."""
    found = {}
    for role in set(roles):
        kind, _colon, measure_id = role.partition(":")
        version = versions.get(measure_id)
        if version is None or f"{kind}:" not in (TOTAL, ITEMS):
            continue
        facts = measures.facts(version)
        items = tuple(item.id for item in facts.items if item.counts)
        misfits = _misfits(version) if f"{kind}:" == ITEMS else None
        found[role] = Target(facts.short, facts.primary.low, facts.primary.high, items, misfits)
    return found


def _misfits(version: "MeasureVersion"):  # type: ignore[no-untyped-def]
    def check(answers: Mapping[str, float]) -> list[str]:
        return [f"{each.item_id} {each.what}." for each in measures.answer_problems(version, answers)]

    return check


def batch_for(hat: Hat, pk: int) -> ImportBatch:
    """The import behind an address, or 404 where it was not brought in for this person."""
    batch = None
    if hat.member is not None and "own" in hat.relations:
        found = ImportBatch.objects.select_related("clinic")
        batch = found.filter(pk=pk, therapist=hat.member, clinic_id=hat.member.clinic_id).first()
    if batch is None:
        raise Http404("No import of yours has this address.")
    return batch


def batch_to_take_back(hat: Hat, pk: int) -> ImportBatch:
    """The import behind an address, for its therapist and for the clinic's owner, who sees no more of it than this."""
    if hat.member is not None and hat.member.is_owner:
        found = ImportBatch.objects.select_related("clinic").filter(pk=pk, clinic_id=hat.member.clinic_id).first()
        if found is not None:
            return found
    return batch_for(hat, pk)


@dataclass(frozen=True)
class CourseLine:
    """One imported course on one measure: where it began and ended, and what that is called."""

    client_id: int
    ref: str
    code: str
    times: int
    first: float
    last: float
    first_on: date
    last_on: date
    change: Change | None


@dataclass(frozen=True)
class ImportedMeasure:
    """How the courses of one import came out on one measure, as a group."""

    short: str
    version: "MeasureVersion"
    figure: "ReliableChangeFigure"
    cutoff: float | None
    lines: tuple[CourseLine, ...]

    @property
    def judged(self) -> tuple[CourseLine, ...]:
        """The courses with at least two scores, where reliable change is known."""
        return tuple(line for line in self.lines if line.change is not None)

    @property
    def once(self) -> int:
        """How many courses have one score only, so that nothing can be said of their change."""
        return sum(line.times < 2 for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """Recovered, improved, unchanged and worse: each judged course once."""
        found = Counter(line.change.category for line in self.judged if line.change)
        return {category: found[category] for category in CATEGORIES}  # type: ignore[index]

    @property
    def never_clinical(self) -> int:
        """How many judged courses began outside the clinical range; they cannot recover."""
        return sum(bool(line.change and line.change.non_clinical_at_start) for line in self.judged)


def imported_measures(hat: Hat, batch: ImportBatch) -> tuple[ImportedMeasure, ...]:
    """Each measure an import brought, with the courses it belongs to."""
    mine = Response.objects.filter(batch=batch, client__in=care.clients_of(hat))
    names = mine.order_by("measure_id").values_list("measure_id", flat=True).distinct()
    return tuple(_imported_measure(mine, name) for name in names)


def _imported_measure(mine: "QuerySet[Response]", measure_id: str) -> ImportedMeasure:
    of_measure = mine.filter(measure_id=measure_id)
    version = of_measure.select_related("version").latest("pk").version
    facts = measures.facts(version)
    figure = measures.reliable_change(version, facts.primary.id)
    line = measures.cutoff(version, facts.primary.id)
    cutoff = line.points if line else None
    rows = (
        ScoreRow.objects.filter(
            response__course__in=of_measure.values("course"),
            response__measure_id=measure_id,
            response__corrected_by=None,
            score_id=facts.primary.id,
            value__isnull=False,
        )
        .order_by("response__client__code_key", "response__course_id", "response__occasion", "response__received_at")
        .values_list(
            "response__course_id",
            "response__client_id",
            "response__client__ref",
            "response__client__code",
            "value",
            "response__answered_on",
        )
    )
    lines = []
    for (_course, client_id, ref, code), group in groupby(rows, key=lambda row: row[:4]):
        points = [(float(value or 0), day) for *_names, value, day in group]
        first, last = points[0], points[-1]
        change = _judged(points, figure, cutoff, facts.primary.higher_is_worse)
        lines.append(CourseLine(client_id, ref, code, len(points), first[0], last[0], first[1], last[1], change))
    return ImportedMeasure(facts.short, version, figure, cutoff, tuple(lines))


def _judged(
    points: list[tuple[float, date]],
    figure: "ReliableChangeFigure",
    cutoff: float | None,
    higher_is_worse: bool,
) -> Change | None:
    if figure.points is None or len(points) < 2:
        return None
    return judge_change(
        points[0][0],
        points[-1][0],
        reliable_points=figure.points,
        cutoff=cutoff,
        higher_is_worse=higher_is_worse,
        official=figure.is_official,
    )
