"""Opening and ending courses of therapy. An ended course stays ended; coming back is a new course."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shoshin.care.models import Appointment, Client, Course, Ending
from shoshin.care.models.appointments import AppointmentState, Side
from shoshin.care.models.courses import Decider, Ground
from shoshin.care.queries.calendar import EARLIEST_DAY, OUT_OF_REACH, day_of, start_of_day
from shoshin.kit.action import Actor, action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

FURTHEST_AHEAD = timedelta(days=366)


class CannotOpenCourse(ValueError):
    """The client is in a course already, or the day cannot be right."""


class CannotEndCourse(ValueError):
    """What an ending still lacks: one sentence each, by the question it answers."""

    def __init__(self, missing: dict[str, str]):
        self.missing = missing
        super().__init__(" ".join(missing.values()))


@dataclass(frozen=True)
class EndingWords:
    """How a course ends, as client or therapist would say it."""

    ended_on: date
    ending: str
    decided_by: str
    grounds: Collection[str] = field(default=())
    ground_words: str = ""
    consulted: str = ""
    held_meanwhile_by: str = ""
    referred_to: str = ""


@action("care.open_course")
def open_course(
    *,
    client: Client,
    opened_on: date,
    by: "Actor | Membership",
    at: datetime,
    imported: bool = False,
) -> Course:
    """Open a course for a client who is in none."""
    Client.objects.select_for_update().get(pk=client.pk)
    if client.courses.filter(ended_on=None).exists():
        raise CannotOpenCourse(_("This client is in a course already. End that one first."))
    if opened_on < EARLIEST_DAY:
        raise CannotOpenCourse(str(OUT_OF_REACH))
    if opened_on > day_of(client.clinic, at) + FURTHEST_AHEAD:
        raise CannotOpenCourse(_("This day is more than a year away. Check the year."))
    ended_on = client.courses.aggregate(last=Max("ended_on"))["last"]
    if ended_on is not None and opened_on < ended_on:
        day = date_format(ended_on, _("j F Y"))
        raise CannotOpenCourse(_("The last course ended on %(day)s. A new one begins then or later.") % {"day": day})
    return Course.objects.create(
        clinic_id=client.clinic_id,
        client=client,
        therapist_id=client.therapist_id,
        opened_on=opened_on,
        imported=imported,
    )


@action("care.end_course")
def end_course(
    *,
    course: Course,
    ended_on: date,
    ending: str,
    decided_by: str,
    by: "Actor | Membership",
    at: datetime,
    grounds: Collection[str] = (),
    ground_words: str = "",
    consulted: str = "",
    held_meanwhile_by: str = "",
    referred_to: str = "",
) -> Course:
    """End a course and call off what was planned after its last day."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    words = EndingWords(
        ended_on,
        ending,
        decided_by,
        tuple(grounds),
        ground_words.strip(),
        consulted.strip(),
        held_meanwhile_by.strip(),
        referred_to.strip(),
    )
    missing = missing_from_ending(course, words, day_of(course.clinic, at))
    if missing:
        raise CannotEndCourse(missing)
    for name in EndingWords.__dataclass_fields__:
        setattr(course, name, list(words.grounds) if name == "grounds" else getattr(words, name))
    course.save()
    _call_off_later_appointments(course, at)
    return course


def missing_from_ending(course: Course, words: EndingWords, today: date) -> dict[str, str]:
    """What this ending still lacks, a sentence for each question."""
    missing = _wrong_day(course, words.ended_on, today)
    if course.ended_on is not None:
        missing["ended_on"] = _("This course has ended already. If the client comes back, open a new one.")
    if words.ending not in Ending.values:
        missing["ending"] = _("Say how the course ended.")
    if words.decided_by not in Decider.values:
        missing["decided_by"] = _("Say who decided.")
    if not set(words.grounds) <= set(Ground.values):
        missing["grounds"] = _("Choose among the grounds listed.")
    if words.decided_by in (Decider.THERAPIST, Decider.CLINIC):
        missing |= _missing_from_ones_own_decision(words)
    if words.ending == Ending.REFERRED:
        missing |= _missing_from_referral(words)
    return missing


def _wrong_day(course: Course, ended_on: date, today: date) -> dict[str, str]:
    if ended_on > today:
        return {"ended_on": _("This day is still to come. End the course on its last day, or after it.")}
    if ended_on < course.opened_on:
        day = date_format(course.opened_on, _("j F Y"))
        return {"ended_on": _("The course was opened on %(day)s. It ends then or later.") % {"day": day}}
    if _after(course, ended_on).filter(state=AppointmentState.KEPT).exists():
        return {"ended_on": _("You met after this day. Choose the day of the last appointment, or a later one.")}
    return {}


def _missing_from_ones_own_decision(words: EndingWords) -> dict[str, str]:
    missing = {}
    if not words.grounds:
        missing["grounds"] = _("Say on what ground: choose at least one.")
    elif set(words.grounds) == {Ground.SCORES}:
        missing["grounds"] = _("Scores or a signal are no ground by themselves. Choose what else, or wait.")
    if not words.ground_words:
        missing["ground_words"] = _("Say in a few words why, so that the client could read it.")
    if not words.consulted:
        missing["consulted"] = _("Say with whom you consulted before deciding.")
    if not words.held_meanwhile_by:
        missing["held_meanwhile_by"] = _("Say who holds the client until the next one has been met.")
    return missing


def _missing_from_referral(words: EndingWords) -> dict[str, str]:
    missing = {}
    if not words.referred_to:
        missing["referred_to"] = _("Say to whom the client is referred.")
    if not words.held_meanwhile_by:
        missing["held_meanwhile_by"] = _("Say who holds the client until the next one has been met.")
    return missing


def _after(course: Course, day: date) -> QuerySet[Appointment]:
    return course.appointments.filter(starts_at__gte=start_of_day(course.clinic, day + timedelta(days=1)))


def _call_off_later_appointments(course: Course, at: datetime) -> None:
    assert course.ended_on is not None
    side = Side.CLINIC if course.decided_by == Decider.CLINIC else Side.THERAPIST
    later = _after(course, course.ended_on).filter(state=AppointmentState.PLANNED)
    later.update(state=AppointmentState.CANCELLED, state_at=at, changed_by_side=side)
