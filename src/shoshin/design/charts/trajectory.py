"""One measure over one course of therapy, as a chart that says its message at a glance."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from shoshin.design.charts.drawing import svg

INK, SOFT, LINE, SHEET = "var(--ink)", "var(--ink-soft)", "var(--line)", "var(--sheet)"
TEAL, TEAL_WASH, AMBER = "var(--teal)", "var(--teal-wash)", "var(--amber)"
LETTER = 0.52  # the usual width of a letter of Inter, in ems


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


@dataclass(frozen=True)
class Size:
    """How large a chart is drawn, and how many names its axis carries."""

    width: int
    height: int
    names: int
    text: int = 12


WIDE = Size(width=600, height=230, names=9)
NARROW = Size(width=310, height=210, names=5)


def trajectory_pictures(*, language: str = "en", **facts: Any) -> str:
    """A trajectory twice, for a laptop and for a phone; the style sheet shows the one that fits."""
    fits = {"for-wide": WIDE, "for-narrow": NARROW}
    drawings = {fit: trajectory_chart(size=size, **facts).to_dict() for fit, size in fits.items()}
    return "".join(svg(spec, fit=fit, language=language) for fit, spec in drawings.items())


def trajectory_chart(
    *,
    points: Sequence[Point],
    scale: tuple[float, float],
    measure: str,
    description: str,
    intake: str = "intake",
    band: Band | None = None,
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
    x = _across([point.at for point in points] + [event.at for event in events], size, intake)
    y = _upward(scale, measure)
    shown = [{"at": place(point.at), "score": point.score} for point in points]
    layers = [
        *_band_layers(band, scale, y),
        *_band_words(band, scale, [_pixels(event.at, x, size) for event in events], y, size),
        *_cutoff_layers(cutoff, y, size),
        *_event_layers(events, _rows(events, x, size, measure), x, size),
        _layer(shown, alt.MarkDef(type="line", color=INK, strokeWidth=2.25, strokeJoin="round"), x=x, y=y),
        *_point_layers(points, x, y),
        *_end_layers(shown, scale, x, y, size),
        *_mark_layers(marks, x, size),
    ]
    chart = alt.LayerChart(layer=layers, width=size.width, height=size.height, description=description)
    configured: alt.LayerChart = chart.configure(**_config(size))
    return configured


def place(at: float | date) -> float | str:
    """A position as Vega reads it."""
    return at.isoformat() if isinstance(at, date) else at


def _across(ats: Sequence[float | date], size: Size, intake: str) -> alt.X:
    """The horizontal axis: dates, or appointment numbers with intake at nought."""
    if isinstance(ats[0], date):
        days = [at.toordinal() for at in ats if isinstance(at, date)]
        rim = max(3, (max(days) - min(days)) // 30)
        ends = [date.fromordinal(day).isoformat() for day in (min(days) - rim, max(days) + rim)]
        axis = alt.Axis(title=None, grid=False, tickCount=size.names - 2, labelFlush=False, labelOverlap=True)
        return alt.X("at:T", scale=alt.Scale(type="utc", domain=ends, nice=False), axis=axis)
    numbers = [float(at) for at in ats if not isinstance(at, date)]
    first, last = min(numbers), max(max(numbers), min(numbers) + 3)
    step = max(1, -(-int(last - first) // size.names))
    named = [first + step * k for k in range(int((last - first) // step) + 1)]
    axis = alt.Axis(
        title=None,
        grid=False,
        values=named,
        labelFlush=False,
        labelExpr=f"datum.value == 0 ? {json.dumps(intake)} : format(datum.value, 'd')",
    )
    edge = (last - first) * 0.05
    return alt.X("at:Q", scale=alt.Scale(domain=[first - edge, last + edge], nice=False), axis=axis)


def _upward(scale: tuple[float, float], measure: str) -> alt.Y:
    """The vertical axis: the whole range of the measure, named at its upper end."""
    axis = alt.Axis(
        title=measure,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-26,
        titleY=-6,
        titleBaseline="bottom",
        tickCount=5,
        grid=True,
    )
    return alt.Y("score:Q", scale=alt.Scale(domain=list(scale), nice=False, zero=False), axis=axis)


def _layer(values: list[dict[str, Any]], mark: alt.MarkDef, **encodings: Any) -> alt.Chart:
    chart = alt.Chart(alt.InlineData(values=values))
    chart.mark = mark
    return chart.encode(**encodings)


def _band_layers(band: Band | None, scale: tuple[float, float], y: alt.Y) -> list[alt.Chart]:
    """The band as far as the measure reaches, with a dotted edge only where it really ends."""
    if band is None:
        return []
    area = alt.MarkDef(type="rect", color=TEAL_WASH)
    edge = alt.MarkDef(type="rule", color=TEAL, strokeWidth=1, strokeDash=[1, 4], strokeCap="round")
    inside = [{"score": max(band.low, scale[0]), "upper": min(band.high, scale[1])}]
    edges = [{"score": value} for value in (band.low, band.high) if scale[0] < value < scale[1]]
    return [_layer(inside, area, y=y, y2="upper:Q"), _layer(edges, edge, y=y)]


def _band_words(
    band: Band | None, scale: tuple[float, float], lines: Sequence[float], y: alt.Y, size: Size
) -> list[alt.Chart]:
    """What the band is, on its upper right; on the left where an event's line would cross the words."""
    if band is None or not band.label:
        return []
    leftmost = size.width - len(band.label) * size.text * LETTER - 12
    right = not any(line > leftmost for line in lines)
    words = alt.MarkDef(
        type="text",
        align="right" if right else "left",
        baseline="top",
        color=TEAL,
        x=size.width - 6 if right else 6,
        dy=5,
    )
    top = min(band.high, scale[1])
    return [_layer([{"score": top, "words": band.label}], words, y=y, text="words:N")]


def _cutoff_layers(cutoff: Cutoff | None, y: alt.Y, size: Size) -> list[alt.Chart]:
    if cutoff is None:
        return []
    values = [{"score": cutoff.score, "words": cutoff.label}]
    words = alt.MarkDef(
        type="text", align="left", baseline="top", color=SOFT, dx=5, dy=4, x=0, fontSize=size.text - 1
    )
    rule = alt.MarkDef(type="rule", color=SOFT, strokeWidth=1)
    return [_layer(values, rule, y=y), _layer(values, words, y=y, text="words:N")]


def _event_layers(
    events: Sequence[Event], rows: Sequence[tuple[int, bool]], x: alt.X, size: Size
) -> list[alt.Chart]:
    """Dashed lines, their words above the chart, on as many rows as keep them apart."""
    line = alt.MarkDef(type="rule", color=TEAL, strokeWidth=1, strokeDash=[3, 4])
    layers = []
    for event, (row, leftward) in zip(events, rows, strict=True):
        values = [{"at": place(event.at), "words": event.label}]
        words = alt.MarkDef(
            type="text",
            align="right" if leftward else "left",
            baseline="bottom",
            color=TEAL,
            dx=4 if leftward else -4,
            y=-6 - row * (size.text + 3),
            fontSize=size.text - 1,
        )
        layers += [_layer(values, line, x=x), _layer(values, words, x=x, text="words:N")]
    return layers


def _rows(events: Sequence[Event], x: alt.X, size: Size, measure: str) -> list[tuple[int, bool]]:
    """For each event, the row of its words above the chart, and whether they run to the left of its line."""
    taken: list[list[tuple[float, float]]] = [[(-26, len(measure) * size.text * LETTER - 20)]]
    placed = []
    for event in events:
        start, width = _pixels(event.at, x, size), len(event.label) * size.text * LETTER
        leftward = start + width > size.width
        reach = (start - width, start) if leftward else (start, start + width)
        free = (row for row, spans in enumerate(taken) if all(_apart(reach, span) for span in spans))
        row = next(free, len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append(reach)
        placed.append((row, leftward))
    return placed


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] + 8 < other[0] or other[1] + 8 < one[0]


def _pixels(at: float | date, x: alt.X, size: Size) -> float:
    domain = x["scale"].domain
    first, last = (date.fromisoformat(end).toordinal() if isinstance(end, str) else end for end in domain)
    value = at.toordinal() if isinstance(at, date) else at
    return float((value - first) / (last - first) * size.width)


def _point_layers(points: Iterable[Point], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A filled circle, hollow where it was imported, an amber diamond where a signal was raised."""
    looks: list[tuple[alt.MarkDef, Callable[[Point], bool]]] = [
        (
            alt.MarkDef(
                type="point", shape="circle", size=52, fill=INK, stroke=SHEET, strokeWidth=1.5, opacity=1
            ),
            lambda point: not point.signalled and not point.imported,
        ),
        (
            alt.MarkDef(
                type="point", shape="circle", size=52, fill=SHEET, stroke=INK, strokeWidth=1.75, opacity=1
            ),
            lambda point: point.imported and not point.signalled,
        ),
        (
            alt.MarkDef(
                type="point", shape="diamond", size=150, fill=AMBER, stroke=SHEET, strokeWidth=1.5, opacity=1
            ),
            lambda point: point.signalled,
        ),
    ]
    layers = []
    for mark, chosen in looks:
        values = [{"at": place(point.at), "score": point.score} for point in points if chosen(point)]
        if values:
            layers.append(_layer(values, mark, x=x, y=y))
    return layers


def _end_layers(
    shown: list[dict[str, Any]], scale: tuple[float, float], x: alt.X, y: alt.Y, size: Size
) -> list[alt.Chart]:
    """The first and the last score as numbers, on the side where the line does not run."""
    ends = {0: shown[0], len(shown) - 1: shown[-1]}
    layers = []
    for index, end in ends.items():
        neighbour = shown[1 if index == 0 else index - 1] if len(shown) > 1 else end
        room_above = (scale[1] - end["score"]) / (scale[1] - scale[0]) > 0.08
        above = end["score"] >= neighbour["score"] and room_above
        words = alt.MarkDef(
            type="text",
            baseline="bottom" if above else "top",
            dy=-9 if above else 9,
            color=INK,
            fontWeight=600,
            fontSize=size.text,
        )
        layers.append(_layer([{**end, "words": f"{end['score']:g}"}], words, x=x, y=y, text="words:N"))
    return layers


def _mark_layers(marks: Sequence[Mark], x: alt.X, size: Size) -> list[alt.Chart]:
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
        y=size.height - 7,
    )
    return [_layer([{"at": place(mark.at)} for mark in marks], shape, x=x)]


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
