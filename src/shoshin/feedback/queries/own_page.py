"""The client's own page: their points and words, what was changed, who reads. No band, no cut-off, no signal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.design.charts import Point, trajectory_pictures
from shoshin.feedback.models import Change, Response
from shoshin.feedback.queries.readers import ReadingLine, reading_line
from shoshin.feedback.queries.trajectories import Trajectory, trajectories_of

if TYPE_CHECKING:
    from shoshin.care.models import AskedToRecord, Client, Course
    from shoshin.care.queries import Look

LOOKS_SHOWN = 15


@dataclass(frozen=True)
class OwnLine:
    """One measure as the client sees it alone: a picture, a sentence, and the same figures as a table."""

    title: str
    words: str
    picture: SafeString
    rows: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class OwnChoice:
    """One of the three things asked, and the latest word on it."""

    purpose: str
    label: str
    agreed: bool | None

    @property
    def may_be_withdrawn(self) -> bool:
        return self.agreed is True and self.purpose != "care"


@dataclass(frozen=True)
class OwnPage:
    """Everything on the client's own page."""

    lines: tuple[OwnLine, ...]
    changes: tuple[Change, ...]
    reading: ReadingLine
    choices: tuple[OwnChoice, ...]
    recordings: tuple["AskedToRecord", ...]
    looks: tuple["Look", ...]


def own_page(client: "Client", at: datetime) -> OwnPage:
    """The page of the course the client is in, else of the last one."""
    course = care.open_course(client) or client.courses.order_by("-opened_on", "-pk").first()
    changes = Change.objects.filter(course=course).order_by("-made_at") if course else ()
    return OwnPage(
        lines=own_lines(course) if course else (),
        changes=tuple(changes),
        reading=reading_line(client, care.next_appointment(client, at), at),
        choices=own_choices(client),
        recordings=tuple(care.standing_yeses().filter(client=client).order_by("day", "pk")),
        looks=tuple(look for look in care.who_looked(client) if not look.is_client)[:LOOKS_SHOWN],
    )


def own_lines(course: "Course") -> tuple[OwnLine, ...]:
    """Each measure of a course with the client's own points, and nothing that reads them for the client."""
    standing = Response.objects.filter(course=course, corrected_by=None)
    answered = dict(standing.values_list("measure_id").annotate(times=Count("pk")))
    return tuple(_own_line(line, answered[line.measure_id]) for line in trajectories_of(course))


def _own_line(line: Trajectory, times: int) -> OwnLine:
    words = _words(line, times)
    figures = ", ".join(f"{point.value:g}" for point in line.points)
    picture = trajectory_pictures(
        points=[Point(line.place(point.occasion, point.day), point.value) for point in line.points],
        scale=(line.low, line.high),
        measure=line.short,
        description=f"{line.title}. {words} {figures}.",
        language=get_language() or "en",
    )
    return OwnLine(line.title, words, SafeString(picture), tuple((p.day, f"{p.value:g}") for p in line.points))


def _words(line: Trajectory, times: int) -> str:
    """How often the client answered, which of it the line shows, and how far the scale goes."""
    said = [ngettext("You answered once.", "You answered %(times)s times.", times) % {"times": in_words(times)}]
    if times > len(line.points):
        said.append(_("The line shows the forms in which enough was answered."))
    said.append(_("The scale goes from %(low)s to %(high)s.") % {"low": f"{line.low:g}", "high": f"{line.high:g}"})
    return " ".join(said)


def in_words(number: int) -> str:
    """Small numbers as words, as one says them."""
    small = [_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"), _("ten")]
    return small[number - 2] if 2 <= number <= 10 else str(number)


def own_choices(client: "Client") -> tuple[OwnChoice, ...]:
    """What was asked of the client, apart from one another, with the latest answer to each."""
    latest: dict[str, Any] = care.latest_choices(client)
    return tuple(
        OwnChoice(str(purpose.value), str(purpose.label), latest[purpose].agreed if purpose in latest else None)
        for purpose in care.purposes_asked(client)
    )
