"""One measure over one course of therapy, as a chart that says its message at a glance."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

import altair as alt
from altair.utils import schemapi

from shoshin.design.charts.drawing import svg
from shoshin.design.charts.placing import (
    NARROW,
    WIDE,
    Ground,
    Size,
    Spot,
    Stroke,
    free_spot,
    ground_under,
    rows_above,
    spots_along,
)

# Altair checks every part against the whole Vega-Lite schema as it is made: most of a page's time. Tests do it instead.
schemapi.disable_debug_mode()

INK, SOFT, LINE, SHEET = "var(--ink)", "var(--ink-soft)", "var(--line)", "var(--sheet)"
TEAL, TEAL_WASH, AMBER = "var(--teal)", "var(--teal-wash)", "var(--amber)"
FITS = {"for-wide": WIDE, "for-narrow": NARROW}
ROW = 15  # from one row of words above the chart to the next
MANY = 16  # from here on, points are drawn smaller
STEPS = (1, 2, 5, 10, 20, 50)  # appointments from one named one to the next
SHORT = 120  # days: up to here, an axis of dates names days; beyond, months


@dataclass(frozen=True)
class Point:
    """One score. `at` is an appointment number (0 is intake) or a date: the same for all of a chart."""

    at: float | date
    score: float
    signalled: bool = False
    imported: bool = False


@dataclass(frozen=True)
class Band:
    """Scores that cannot be told from the first one."""

    low: float
    high: float
    label: str = ""


@dataclass(frozen=True)
class Expected:
    """Between which scores most courses that began so lie: (at, low, high) from one appointment to the next."""

    steps: tuple[tuple[float, float, float], ...]
    label: str


@dataclass(frozen=True)
class Cutoff:
    """A score above or below which the measure speaks of a likely problem."""

    score: float
    label: str


@dataclass(frozen=True)
class Event:
    """Something that happened, as a dashed line with a few words above it."""

    at: float | date
    label: str


@dataclass(frozen=True)
class Mark:
    """Something small to look at, on the lower edge of the chart; never a signal."""

    at: float | date


def trajectory_pictures(*, language: str = "en", **facts: Any) -> str:
    """A trajectory twice, for a laptop and for a phone; the style sheet shows the one that fits."""
    return "".join(trajectory_picture(fit, language=language, **facts) for fit in FITS)


def trajectory_picture(fit: str, *, language: str = "en", **facts: Any) -> str:
    """A trajectory drawn for one width: `for-wide` or `for-narrow`."""
    held = tuple((name, tuple(fact) if isinstance(fact, list) else fact) for name, fact in sorted(facts.items()))
    return _picture(fit, language, held)


@lru_cache(maxsize=1024)
def _picture(fit: str, language: str, facts: tuple[tuple[str, Any], ...]) -> str:
    """The same facts make the same picture, so it is drawn once; tests check the specs, not every page."""
    chart = trajectory_chart(size=FITS[fit], **dict(facts))
    return svg(chart.to_dict(validate=False), fit=fit, language=language)


def trajectory_chart(
    *,
    points: Sequence[Point],
    scale: tuple[float, float],
    measure: str,
    description: str,
    intake: str = "intake",
    band: Band | None = None,
    expected: Expected | None = None,
    cutoff: Cutoff | None = None,
    events: Sequence[Event] = (),
    marks: Sequence[Mark] = (),
    size: Size = WIDE,
) -> alt.LayerChart:
    """One measure over one course: the scores, what is noise, the cut-off, and what happened in between.

    `scale` is the measure's whole range, so the same change always looks the same. Not for comparing people.
    """
    if not points:
        raise ValueError("A trajectory needs at least one point.")
    ats = [point.at for point in points] + [event.at for event in events] + [mark.at for mark in marks]
    ground = ground_under(ats, scale, size)
    x, y = _across(ground, intake), _upward(ground, measure)
    strokes, curves = _strokes(points, events, ground), _expected_strokes(expected, ground)
    roomy = expected is not None and size.width >= WIDE.width  # on a phone the sentence beside the chart names them
    named = _expected_spot(expected, band, cutoff, ground, [*strokes, *curves]) if expected and roomy else None
    if expected and named:
        left, top, right, bottom = named.box(expected.label, size)
        strokes += [((left, (top + bottom) / 2), (right, (top + bottom) / 2))]
    line = alt.MarkDef(type="line", color=INK, strokeWidth=2.25, strokeJoin="round")
    layers = [
        *_band_layers(band, ground, strokes, curves, y),
        *_expected_layers(expected, named, x, y),
        *_cutoff_layers(cutoff, ground, strokes, curves, y),
        *_event_layers(events, measure, ground, x),
        _layer([_row(point) for point in points], line, x=x, y=y),
        *_point_layers(points, x, y),
        *_end_layers(points, ground),
        *_mark_layers(marks, ground, x),
    ]
    chart = alt.LayerChart(layer=layers, width=size.width, height=size.height, description=description)
    configured: alt.LayerChart = chart.configure(**_config(size))
    return configured


def _row(point: Point) -> dict[str, Any]:
    return {"at": _written(point.at), "score": point.score}


def _written(at: float | date) -> float | str:
    """A position as Vega reads it."""
    return at.isoformat() if isinstance(at, date) else at


def _strokes(points: Sequence[Point], events: Sequence[Event], ground: Ground) -> list[Stroke]:
    """What words should not cover: the line between the scores, and the lines of events."""
    dots = [(ground.across(point.at), ground.down(point.score)) for point in points]
    line = list(pairwise(dots)) or [(dots[0], dots[0])]
    return line + [((ground.across(event.at), 0.0), (ground.across(event.at), ground.size.height)) for event in events]


def _across(ground: Ground, intake: str) -> alt.X:
    """The horizontal axis: dates, or appointment numbers with intake at nought."""
    if ground.dated:
        ends = [date.fromordinal(round(day)).isoformat() for day in ground.edges]
        dates = alt.Axis(
            title=None,
            grid=False,
            tickCount=ground.size.names - 1,
            format="%-d %b" if ground.last - ground.first < SHORT else "%b %Y",
            labelOverlap=True,
            labelFlush=False,
        )
        return alt.X("at:T", scale=alt.Scale(type="utc", domain=ends, nice=False), axis=dates)
    span = ground.last - ground.first
    step = next(step for step in (*STEPS, span) if span / step <= ground.size.names)
    numbers = alt.Axis(
        title=None,
        grid=False,
        values=[ground.first + step * k for k in range(int(span // step) + 1)],
        labelFlush=False,
        labelExpr=f"datum.value == 0 ? {json.dumps(intake)} : format(datum.value, 'd')",
    )
    return alt.X("at:Q", scale=alt.Scale(domain=list(ground.edges), nice=False), axis=numbers)


def _upward(ground: Ground, measure: str) -> alt.Y:
    """The vertical axis: the whole range of the measure, named at its upper end."""
    axis = alt.Axis(
        title=measure,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-26,
        titleY=-12,
        titleBaseline="bottom",
        tickCount=5,
        grid=True,
    )
    return alt.Y("score:Q", scale=alt.Scale(domain=[ground.low, ground.high], nice=False, zero=False), axis=axis)


def _layer(values: list[dict[str, Any]], mark: alt.MarkDef, **encodings: Any) -> alt.Chart:
    chart = alt.Chart(alt.InlineData(values=values))
    chart.mark = mark
    return chart.encode(**encodings)


def _words(words: str, spot: Spot, colour: str, **changes: Any) -> alt.Chart:
    """A few words at a place of the chart that no data moves."""
    look = {"align": spot.align, "baseline": spot.baseline, "color": colour, **changes}
    return _layer([{}], alt.MarkDef(type="text", text=words, x=spot.x, y=spot.y, **look))


def _band_layers(
    band: Band | None, ground: Ground, strokes: Sequence[Stroke], curves: Sequence[Stroke], y: alt.Y
) -> list[alt.Chart]:
    """The band as far as the measure reaches, with a dotted edge only where it really ends."""
    if band is None:
        return []
    area = alt.MarkDef(type="rect", color=TEAL_WASH)
    edge = alt.MarkDef(type="rule", color=TEAL, strokeWidth=1, strokeDash=[1, 4], strokeCap="round")
    low, high = max(band.low, ground.low), min(band.high, ground.high)
    edges = [{"score": value} for value in (band.low, band.high) if ground.low < value < ground.high]
    layers = [_layer([{"score": low, "upper": high}], area, y=y, y2="upper:Q"), _layer(edges, edge, y=y)]
    if band.label:
        inside = ((ground.down(high), True), (ground.down(low), False))
        spots = [spot for level, below in inside for spot in spots_along(band.label, level, ground.size, below=below)]
        layers.append(_words(band.label, free_spot(band.label, spots, strokes, ground.size, curves), TEAL))
    return layers


def _expected_strokes(expected: Expected | None, ground: Ground) -> list[Stroke]:
    """The two lines of what is expected, so that no words lie on them."""
    if expected is None:
        return []
    edges = [[(ground.across(at), ground.down(step[side])) for at, *step in expected.steps] for side in (0, 1)]
    return [stroke for edge in edges for stroke in pairwise(edge)]


def _expected_spot(
    expected: Expected, band: Band | None, cutoff: Cutoff | None, ground: Ground, strokes: Sequence[Stroke]
) -> Spot:
    """Where the two lines are named: near their end, off every line of the chart."""
    at, low, high = expected.steps[-1]
    levels = [value for value in ((band.low, band.high) if band else ()) if ground.low < value < ground.high]
    levels += [cutoff.score] if cutoff else []
    level_lines: list[Stroke] = [((0.0, ground.down(v)), (float(ground.size.width), ground.down(v))) for v in levels]
    beside = [(ground.down(score), below) for score in (high, low) for below in (False, True)]
    spots = [
        Spot(ground.across(at) - back, down + (6 if below else -5), "right", "top" if below else "bottom")
        for down, below in beside
        for back in range(0, 200, 20)
    ]
    inside = [spot for spot in spots if _lies_inside(spot.box(expected.label, ground.size), ground.size)]
    inside += spots_along(expected.label, ground.down(low), ground.size, below=False)
    return free_spot(expected.label, inside, [*strokes, *level_lines], ground.size)


def _lies_inside(box: tuple[float, float, float, float], size: Size) -> bool:
    left, top, right, bottom = box
    return left >= 0 and right <= size.width and top >= 2 and bottom <= size.height - 2


def _expected_layers(expected: Expected | None, spot: Spot | None, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Two thin dashed lines that open from the first score, with their name where there is room."""
    if expected is None:
        return []
    mark = alt.MarkDef(type="line", color=SOFT, strokeWidth=1.25, strokeDash=[6, 4])
    edges = [[{"at": step[0], "score": step[side]} for step in expected.steps] for side in (1, 2)]
    name = [_words(expected.label, spot, SOFT)] if spot else []
    return [*(_layer(edge, mark, x=x, y=y) for edge in edges), *name]


def _cutoff_layers(
    cutoff: Cutoff | None, ground: Ground, strokes: Sequence[Stroke], curves: Sequence[Stroke], y: alt.Y
) -> list[alt.Chart]:
    if cutoff is None:
        return []
    level = ground.down(cutoff.score)
    sides = [spots_along(cutoff.label, level, ground.size, below=below) for below in (True, False)]
    spots = [spot for right, left, *others in sides for spot in (left, right, *others)]
    rule = alt.MarkDef(type="rule", color=SOFT, strokeWidth=1)
    spot = free_spot(cutoff.label, spots, strokes, ground.size, curves)
    return [_layer([{"score": cutoff.score}], rule, y=y), _words(cutoff.label, spot, SOFT)]


def _event_layers(events: Sequence[Event], measure: str, ground: Ground, x: alt.X) -> list[alt.Chart]:
    """Dashed lines, their words above the chart, on as many rows as keep them apart."""
    rule = alt.MarkDef(type="rule", color=TEAL, strokeWidth=1, strokeDash=[3, 4])
    layers = [_layer([{"at": _written(event.at)} for event in events], rule, x=x)] if events else []
    places = [(ground.across(event.at), event.label) for event in events]
    for (across, label), row in zip(places, rows_above(places, measure, ground.size), strict=True):
        spot = Spot(across + (4 if row.leftward else -4), -12 - row.number * ROW, "right", "bottom")
        layers.append(_words(label, spot, TEAL, align="right" if row.leftward else "left"))
    return layers


def _point_layers(points: Sequence[Point], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A filled circle, hollow where it was imported, an amber diamond where a signal was raised."""
    small = len(points) > MANY
    circle: dict[str, Any] = {"type": "point", "shape": "circle", "size": 26 if small else 52, "opacity": 1}
    rim = 1 if small else 1.5
    looks: list[tuple[alt.MarkDef, Callable[[Point], bool]]] = [
        (
            alt.MarkDef(**circle, fill=INK, stroke=SHEET, strokeWidth=rim),
            lambda point: not point.signalled and not point.imported,
        ),
        (
            alt.MarkDef(**circle, fill=SHEET, stroke=INK, strokeWidth=rim + 0.25),
            lambda point: point.imported and not point.signalled,
        ),
        (
            alt.MarkDef(type="point", shape="diamond", size=150, fill=AMBER, stroke=SHEET, strokeWidth=1.5, opacity=1),
            lambda point: point.signalled,
        ),
    ]
    chosen = [(mark, [_row(point) for point in points if wanted(point)]) for mark, wanted in looks]
    return [_layer(rows, mark, x=x, y=y) for mark, rows in chosen if rows]


def _end_layers(points: Sequence[Point], ground: Ground) -> list[alt.Chart]:
    """The first and the last score as numbers, outside the line, so that nothing runs through them."""
    strong: dict[str, Any] = {"baseline": "middle", "fontWeight": 600, "fontSize": ground.size.text}
    first, last = points[0], points[-1]
    last_spot = Spot(ground.across(last.at) + 9, ground.down(last.score), "left", "top")
    layers = [_words(f"{last.score:g}", last_spot, INK, **strong)]
    if len(points) > 1:
        first_spot = Spot(ground.across(first.at) - 8, ground.down(first.score), "right", "top")
        layers.append(_words(f"{first.score:g}", first_spot, INK, **strong))
    return layers


def _mark_layers(marks: Sequence[Mark], ground: Ground, x: alt.X) -> list[alt.Chart]:
    """Small open triangles on the lower edge."""
    if not marks:
        return []
    shape = alt.MarkDef(
        type="point",
        shape="triangle-up",
        size=60,
        fill=SHEET,
        stroke=AMBER,
        strokeWidth=1.5,
        opacity=1,
        y=ground.size.height - 7,
    )
    return [_layer([{"at": _written(mark.at)} for mark in marks], shape, x=x)]


def _config(size: Size) -> dict[str, Any]:
    """Quiet: no frame, no ticks, thin lines to read by."""
    axis = alt.AxisConfig(
        domain=False,
        ticks=False,
        gridColor=LINE,
        gridWidth=1,
        labelColor=SOFT,
        labelFontSize=size.text,
        labelPadding=8,
        titleColor=SOFT,
        titleFontSize=size.text,
        titleFontWeight=500,
    )
    return {
        "background": "transparent",
        "font": "var(--sans)",
        "padding": {"left": 4, "top": 6, "right": 8, "bottom": 4},
        "view": alt.ViewConfig(stroke=None),
        "axis": axis,
        "text": alt.MarkConfig(fontSize=size.text - 1, fontWeight=500),
    }
