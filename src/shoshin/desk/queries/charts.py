"""A trajectory as a picture: the same facts for the page, the client's own view and the printed sheet."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.design.charts import Band, Cutoff, Event, Mark, Point, trajectory_pictures

if TYPE_CHECKING:
    from shoshin.feedback.models import Change
    from shoshin.feedback.queries import Trajectory


def trajectory_picture(
    line: "Trajectory", changes: "Sequence[Change]" = (), watched: Collection[int] = ()
) -> SafeString:
    """The chart a therapist sees: points, what cannot be told from the first, the cut-off, and what was changed."""
    label = _("not more than measurement error")
    return _drawn(line, label, changes, [point.response_id in watched for point in line.points], signals=True)


def shared_picture(line: "Trajectory", changes: "Sequence[Change]" = ()) -> SafeString:
    """The chart both look at, on screen or paper: with its band, and without any mark of the therapist's practice."""
    label = _("cannot be told from the first answer")
    return _drawn(line, label, changes, [False] * len(line.points), signals=False)


def _drawn(
    line: "Trajectory", label: str, changes: "Sequence[Change]", watched: Sequence[bool], *, signals: bool
) -> SafeString:
    at = [line.place(point.occasion, point.day) for point in line.points]
    band = None
    if line.band is not None:
        band = Band(max(line.low, line.band[0]), min(line.high, line.band[1]), label)
    facts: dict[str, Any] = {
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
    # Our own drawing, cleaned element by element in design/charts: nothing a person typed enters it unescaped.
    return SafeString(trajectory_pictures(language=get_language() or "en", **facts))


def _shortened(words: str, most: int = 32) -> str:
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
