"""Charts: one grammar (Vega-Lite, written with Altair), drawn on the server for page, print and mail.

Colours are the names of the page's tokens (`var(--teal)`), so one drawing serves light and dark; `literal`
puts fixed colours in for PDF and mail. Nothing here knows Django: words arrive translated.
"""

from shoshin.design.charts.drawing import LIGHT, literal, svg
from shoshin.design.charts.placing import NARROW, WIDE, Size
from shoshin.design.charts.spans import Span, span_chart, span_pictures
from shoshin.design.charts.trajectory import (
    Band,
    Cutoff,
    Event,
    Expected,
    Mark,
    Point,
    trajectory_chart,
    trajectory_picture,
    trajectory_pictures,
)

__all__ = [
    "LIGHT",
    "NARROW",
    "WIDE",
    "Band",
    "Cutoff",
    "Event",
    "Expected",
    "Mark",
    "Point",
    "Size",
    "Span",
    "literal",
    "span_chart",
    "span_pictures",
    "svg",
    "trajectory_chart",
    "trajectory_picture",
    "trajectory_pictures",
]
