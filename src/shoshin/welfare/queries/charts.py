"""Lines from 0 to 10 as pictures, with their twins as tables.

The pictures are our own drawings, cleaned element by element in design/charts: nothing that a person typed enters them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.design.charts import Band, Point, trajectory_pictures
from shoshin.science import load
from shoshin.welfare.models.capacity import HIGHEST
from shoshin.welfare.queries.capacity import CapacityDay
from shoshin.welfare.queries.lines import Line


@dataclass(frozen=True)
class DrawnLine:
    """A line with the sentence above it, its picture, and the same as a table. No picture where there is nothing."""

    name: str
    title: str
    message: str
    picture: SafeString | str
    head: tuple[str, ...]
    rows: tuple[tuple[str, int], ...]


def capacity_line(days: Sequence[CapacityDay], shown: Sequence[CapacityDay]) -> DrawnLine:
    """The last weeks against one's own usual, which is made from one's first checks."""
    title, values = _("The last weeks"), [(each.day, each.capacity) for each in shown]
    usual = load.shrunken_baseline([float(HIGHEST - each.capacity) for each in days[: load.BASELINE_CHECKS]])
    low, high = (round(HIGHEST - usual.mean + way * usual.sd) for way in (-1, 1))
    low, high = max(0, low), min(HIGHEST, high)
    if not values:
        message, band = (
            _("No check yet. From the first one on, a quiet line stands here, compared with yourself alone."),
            None,
        )
    elif usual.own < load.BASELINE_CHECKS:
        message = _("Your own usual shows after %(needed)s days with a check; there are %(days)s so far.") % {
            "needed": load.BASELINE_CHECKS,
            "days": usual.own,
        }
        band = None
    else:
        message = _("Your usual lies between %(low)s and %(high)s. It is made from your first %(days)s days.") % {
            "low": low,
            "high": high,
            "days": usual.own,
        }
        band = Band(low, high, _("my usual"))
    return _drawn("capacity", title, message, values, band)


def drawn(line: Line) -> DrawnLine:
    """One of the two lines, by itself."""
    if not line.days:
        message = _("Nothing marked yet.")
    else:
        day = date_format(line.days[-1][0], _("j F"))
        message = _("Last marked on %(day)s: %(value)s of 10.") % {"day": day, "value": line.days[-1][1]}
    return _drawn(line.name, line.title, message, list(line.days), None)


def _drawn(name: str, title: str, message: str, values: list[tuple[date, int]], band: Band | None) -> DrawnLine:
    picture: SafeString | str = ""
    if values:
        points = [Point(day, value) for day, value in values]
        facts = {"points": points, "scale": (0, HIGHEST), "measure": "0–10", "band": band}
        facts |= {"description": f"{title}. {message}"}
        picture = SafeString(trajectory_pictures(language=get_language() or "en", **facts))
    rows = tuple((date_format(day, _("j F Y")), value) for day, value in reversed(values))
    return DrawnLine(name, title, message, picture, (_("Day"), "0–10"), rows)
