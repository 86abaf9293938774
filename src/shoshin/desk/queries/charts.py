"""A trajectory as a picture: the same facts for the page, the client's own view and the printed sheet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.design.charts import Band, Cutoff, Event, Mark, Point, trajectory_pictures

if TYPE_CHECKING:
    from shoshin.feedback.models import Change
    from shoshin.feedback.queries import Trajectory


def trajectory_picture(line: "Trajectory", changes: "Sequence[Change]" = (), watched: Sequence[int] = ()) -> str:
    """The chart a therapist sees: points, what cannot be told from the first, the cut-off, and what was changed."""
    return trajectory_pictures(language=get_language() or "en", **chart_facts(line, changes, watched))


def chart_facts(line: "Trajectory", changes: "Sequence[Change]" = (), watched: Sequence[int] = ()) -> dict[str, Any]:
    """What the chart builder needs, from a trajectory and its events."""
    band = None
    if line.band is not None:
        label = _("not more than measurement error")
        band = Band(max(line.low, line.band[0]), min(line.high, line.band[1]), label)
    return {
        "points": [Point(p.occasion, p.value, signalled=p.signalled, imported=p.imported) for p in line.points],
        "scale": (line.low, line.high),
        "measure": line.short,
        "description": f"{line.title}. {line.message} {line.details}",
        "band": band,
        "cutoff": Cutoff(line.cutoff.points, _("cut-off")) if line.cutoff else None,
        "events": [
            Event(change.occasion, _("changed: %(what)s") % {"what": _shortened(change.i_changed)})
            for change in changes
        ],
        "marks": [Mark(occasion) for occasion in watched],
    }


def _shortened(words: str, most: int = 32) -> str:
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
