"""How steady and how close: two lines, each read by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoshin.welfare.models import LinePoint
from shoshin.welfare.queries.days import day_of, own

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LINES = {"steadiness": gettext_lazy("How steady I felt"), "closeness": gettext_lazy("How close I felt to the person")}
LATELY = 4  # points that count as lately; our choice
EARLIER = 4  # how many earlier ones it takes before the two are compared; our choice
NOTABLE = 1.0  # points of ten by which the mean must have moved; our choice


@dataclass(frozen=True)
class Line:
    """One of the two lines: its name, and the last mark of each day, oldest first."""

    name: str
    title: str
    days: tuple[tuple[date, int], ...]

    @property
    def moved(self) -> float | None:
        """By how much the last four days differ from those before, in points; None where there are too few."""
        values = [value for _day, value in self.days]
        if len(values) < LATELY + EARLIER:
            return None
        return fmean(values[-LATELY:]) - fmean(values[:-LATELY])


def points_of(member: "Membership", at: datetime) -> QuerySet[LinePoint]:
    """The member's own marks up to a moment, oldest first."""
    found: QuerySet[LinePoint] = LinePoint.objects.filter(own(member), marked_at__lte=at)
    return found.order_by("marked_at", "pk")


def two_lines(member: "Membership", at: datetime) -> tuple[Line, Line]:
    """Steadiness and closeness, never put together."""
    points = list(points_of(member, at))
    steady, close = (_line(member, name, points) for name in LINES)
    return steady, close


def _line(member: "Membership", name: str, points: Sequence[LinePoint]) -> Line:
    marked = [(day_of(member.clinic, point.marked_at), getattr(point, name)) for point in points]
    days = {day: value for day, value in marked if value is not None}
    return Line(name, str(LINES[name]), tuple(days.items()))


def steadier_and_further(steady: Line, close: Line) -> str:
    """A sentence where steadiness has risen while closeness has fallen; else nothing. A question, not a finding."""
    up, down = steady.moved, close.moved
    if up is None or down is None or up < NOTABLE or down > -NOTABLE:
        return ""
    return _(
        "Lately you feel steadier and further away. It may be chance, or a good distance. "
        "It may also be armour: is there somebody you miss a little?"
    )
