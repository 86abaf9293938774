"""A trajectory as a picture: the same facts for the page, the client's own view and the printed sheet.

The pictures are our own drawings, cleaned element by element in design/charts: nothing that a person typed enters them
unescaped, so a template may take them as they are.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.design.charts import (
    Band,
    Cutoff,
    Event,
    Expected,
    Mark,
    Point,
    trajectory_picture,
    trajectory_pictures,
)

if TYPE_CHECKING:
    from shoshin.feedback.models import Change
    from shoshin.feedback.queries import Trajectory
    from shoshin.growth.queries import RoomMark


def therapists_picture(
    line: "Trajectory",
    fit: str,
    changes: "Sequence[Change]" = (),
    watched: Collection[int] = (),
    tried: "Sequence[RoomMark]" = (),
) -> SafeString:
    """The chart a therapist sees: points, what cannot be told from the first, what is expected, the cut-off, what was
    changed, where a check stood out, and where this person met a moment differently (`tried`: their own marks, never
    anybody else's).
    """
    label = _("not more than measurement error")
    marked = [point.response_id in watched for point in line.points]
    facts = _facts(line, label, changes, marked, signals=True)
    stood_out = {"rupture": _("far below usual"), "repaired": _("back to usual")}
    facts["events"] += [
        Event(line.place(point.occasion, point.day), stood_out[point.check_mark])
        for point in line.points
        if point.check_mark
    ]
    facts["expected"] = _expected(line)
    facts["events"] += [Event(line.place(each.occasion, each.day), _("tried it")) for each in tried]
    return SafeString(trajectory_picture(fit, language=get_language() or "en", **facts))


def shared_picture(line: "Trajectory", changes: "Sequence[Change]" = ()) -> SafeString:
    """The chart both look at, on screen or paper: with its band, and without any mark of the therapist's practice."""
    label = _("cannot be told from the first answer")
    facts = _facts(line, label, changes, [False] * len(line.points), signals=False)
    return SafeString(trajectory_pictures(language=get_language() or "en", **facts))


def _facts(
    line: "Trajectory", label: str, changes: "Sequence[Change]", watched: Sequence[bool], *, signals: bool
) -> dict[str, Any]:
    at = [line.place(point.occasion, point.day) for point in line.points]
    band = None
    if line.band is not None:
        band = Band(max(line.low, line.band[0]), min(line.high, line.band[1]), label)
    return {
        "points": [
            Point(place, point.value, signalled=signals and point.signalled, imported=point.imported)
            for place, point in zip(at, line.points, strict=True)
        ],
        "scale": (line.low, line.high),
        "measure": line.short,
        "description": f"{line.title}. {line.message} {line.details if signals else line.plain_details}",
        "band": band,
        "cutoff": Cutoff(line.cutoff.points, _("cut-off")) if line.cutoff else None,
        "events": [
            Event(
                line.place(change.occasion, change.made_at.date()),
                _("changed: %(what)s") % {"what": _shortened(change.i_changed)},
            )
            for change in changes
        ],
        "marks": [Mark(place) for place, marked in zip(at, watched, strict=True) if marked],
    }


def _expected(line: "Trajectory") -> Expected | None:
    course = line.expected
    if course is None:
        return None
    return Expected(
        tuple((step.occasion, step.low, step.high) for step in course.steps),
        _("%(n)s in 10 such courses") % {"n": course.in_ten},
    )


def _shortened(words: str, most: int = 32) -> str:
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
