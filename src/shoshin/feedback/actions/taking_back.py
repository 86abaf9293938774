"""Taking an import back: what it alone brought goes, so that the same file can come in again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from shoshin.care import actions as care_actions
from shoshin.feedback.actions.history import number_days
from shoshin.feedback.models import Assignment, ImportBatch, Response, Schedule
from shoshin.feedback.models.responses import TimeKind
from shoshin.feedback.queries.history_before import in_parts
from shoshin.kit.action import Actor, action
from shoshin.measures import actions as measures_actions
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Membership


class CannotTakeBackImport(ValueError):
    """The import stays as it is; the sentence says what stands in the way."""


@action("feedback.take_back_import")
def take_back_import(*, batch: ImportBatch, by: "Membership | Actor", at: datetime) -> int:
    """Delete what one import brought: its scores, and courses, clients and measures that nothing else holds.

    Refused as a whole where something was added since. Returns how many scores went.
    """
    mine = Response.objects.filter(batch=batch)
    courses = sorted(set(mine.values_list("course_id", flat=True)))
    versions = _totals_versions(batch)
    _refuse_if_worked_on(batch, courses)
    before = _days(courses)
    number = mine.count()
    mine.delete()
    left = _days(courses)
    try:
        care_actions.remove_imported_courses(
            emptied=[pk for pk in courses if pk not in left],
            narrowed={pk: care_actions.DaysLeft(*days, before[pk][1]) for pk, days in left.items()},
            by=by,
            at=at,
        )
    except care_actions.CannotRemoveImportedCourses as refusal:
        raise CannotTakeBackImport(str(refusal)) from None
    if batch.time_kind == TimeKind.DATE:
        number_days(left)
    _forget_unused(versions, batch, by, at)
    # By queryset, so that the instance keeps its number for the audit row.
    ImportBatch.objects.filter(pk=batch.pk).delete()
    return number


def _refuse_if_worked_on(batch: ImportBatch, courses: Sequence[int]) -> None:
    corrected = Response.objects.filter(batch=batch, corrected_by__isnull=False)
    codes = list(corrected.order_by("client__code").values_list("client__code", flat=True).distinct()[:10])
    if codes:
        raise CannotTakeBackImport(
            _("Scores of this import were corrected since: %(codes)s. Nothing was taken back.")
            % {"codes": ", ".join(codes)}
        )
    for part in in_parts(courses):
        new = Response.objects.filter(course_id__in=part, batch=None, corrects=None)
        codes = list(new.order_by("client__code").values_list("client__code", flat=True).distinct()[:10])
        if codes:
            raise CannotTakeBackImport(
                _("There are new answers in courses of this import: %(codes)s. Nothing was taken back.")
                % {"codes": ", ".join(codes)}
            )


def _days(courses: Sequence[int]) -> dict[int, tuple[date, date]]:
    """The first and last day of each course that has any."""
    found: dict[int, tuple[date, date]] = {}
    for part in in_parts(courses):
        rows = Response.objects.filter(course_id__in=part).order_by().values("course_id")
        ends = rows.annotate(first=Min("answered_on"), last=Max("answered_on"))
        found |= {pk: (first, last) for pk, first, last in ends.values_list("course_id", "first", "last")}
    return found


def _totals_versions(batch: ImportBatch) -> "list[MeasureVersion]":
    keys = Response.objects.filter(batch=batch).order_by().values_list("version_id", flat=True).distinct()
    return [row for row in map(measures.measure_version, keys) if measures.facts(row).totals_only]


def _forget_unused(
    versions: "list[MeasureVersion]", batch: ImportBatch, by: "Membership | Actor", at: datetime
) -> None:
    """A measure this import described goes too, so that its figures can be given anew."""
    for version in versions:
        bound = (
            Response.objects.filter(version=version).exists()
            or Assignment.objects.filter(version=version).exists()
            or Schedule.objects.filter(measure_id=version.measure_id, course__clinic_id=batch.clinic_id).exists()
        )
        if version.clinic_id == batch.clinic_id and not bound:
            measures_actions.forget_totals_measure(version=version, by=by, at=at)
