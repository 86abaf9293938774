"""Taking a question to colleagues, and bringing back what came of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care.models import Consultation, Course
from shoshin.care.queries.calendar import EARLIEST_DAY, OUT_OF_REACH, day_of
from shoshin.kit.action import Actor, action

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotCloseConsultation(ValueError):
    """What the record of a consultation still lacks, by the question it answers."""

    def __init__(self, missing: dict[str, str]):
        self.missing = missing
        super().__init__(" ".join(missing.values()))


@action("care.open_consultation")
def open_consultation(
    *,
    course: Course,
    by: "Actor | Membership",
    at: datetime,
    question: str = "",
    opened_by_itself: bool = False,
) -> Consultation:
    """Put a course on the list for consultation."""
    return Consultation.objects.create(
        clinic_id=course.clinic_id,
        course=course,
        question=question.strip(),
        opened_by_itself=opened_by_itself,
        opened_at=at,
    )


@action("care.close_consultation")
def close_consultation(
    *, consultation: Consultation, held_on: date, outcome: str, by: "Membership", at: datetime
) -> Consultation:
    """Say when it was held and what came of it."""
    found: Consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    missing = {}
    if found.closed_at is not None:
        missing["outcome"] = _("This consultation is closed, and its outcome stands as written.")
    elif not outcome.strip():
        missing["outcome"] = _("Say in a few words what came of it.")
    if held_on < EARLIEST_DAY:
        missing["held_on"] = str(OUT_OF_REACH)
    if held_on > day_of(found.clinic, at):
        missing["held_on"] = _("This day is still to come. Close the consultation once it was held.")
    if missing:
        raise CannotCloseConsultation(missing)
    found.held_on, found.outcome = held_on, outcome.strip()
    found.closed_at, found.closed_by = at, by
    found.save()
    return found
