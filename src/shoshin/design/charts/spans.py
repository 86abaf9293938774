"""Intervals side by side: a dot, how far it may be from it, and a dashed line for what is typical."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from shoshin.design.charts.drawing import svg
from shoshin.design.charts.trajectory import FITS, INK, SHEET, SOFT, TEAL, _config, _layer

ROW, ABOVE = 46, 26  # pixels for each interval, and for the word over the dashed line


@dataclass(frozen=True)
class Span:
    """An interval with the estimate inside it. There is none without both ends."""

    name: str
    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.middle <= self.high:
            raise ValueError("An interval goes from low to high around its estimate.")


def span_pictures(*, language: str = "en", **facts: Any) -> str:
    """Intervals twice, for a laptop and for a phone; the style sheet shows the one that fits."""
    return "".join(_picture(fit, language, tuple(sorted(facts.items()))) for fit in FITS)


@lru_cache(maxsize=256)
def _picture(fit: str, language: str, facts: tuple[tuple[str, Any], ...]) -> str:
    chart = span_chart(width=FITS[fit].width, **dict(facts))
    return svg(chart.to_dict(validate=False), fit=fit, language=language)


def span_chart(
    *, spans: Sequence[Span], typical: float | None, typical_label: str, axis: str, description: str, width: int
) -> alt.LayerChart:
    """Each interval on a row of its own, in the order given. Rows are severities of one clinic, never people."""
    values = [end for span in spans for end in (span.low, span.high)] + ([] if typical is None else [typical])
    rim = 0.18 * (max(values) - min(values) or 1.0)
    domain = [min(values) - rim, max(values) + rim]
    height = ROW * len(spans) + ABOVE
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=domain, nice=False, zero=False),
        axis=alt.Axis(title=axis, titleAnchor="end", grid=True, tickCount=5),
    )
    layers: list[alt.Chart] = []
    if typical is not None:
        dashed = alt.MarkDef(type="rule", color=SOFT, strokeWidth=1.25, strokeDash=[6, 4])
        past_middle = typical > sum(domain) / 2
        words = alt.MarkDef(
            type="text", text=typical_label, y=8, color=SOFT, align="right" if past_middle else "left",
            dx=-5 if past_middle else 5,
        )  # fmt: skip
        layers += [_layer([{"at": typical}], dashed, x=x), _layer([{"at": typical}], words, x=x)]
    for place, span in enumerate(spans):
        y = ABOVE + ROW * place + ROW / 2
        bar = alt.MarkDef(type="rule", color=TEAL, strokeWidth=3, strokeCap="round", y=y)
        dot = alt.MarkDef(
            type="point", shape="circle", size=70, fill=INK, stroke=SHEET, strokeWidth=1.5, opacity=1, y=y
        )
        name = alt.MarkDef(type="text", text=span.name, y=y - 14, color=INK, align="left", x=6)
        layers += [
            _layer([{"at": span.low, "end": span.high}], bar, x=x, x2="end:Q"),
            _layer([{"at": span.middle}], dot, x=x),
            _layer([{}], name),
        ]
    chart = alt.layer(*layers).properties(width=width, height=height, description=description)
    return chart.configure(**_config(FITS["for-wide"] if width > 400 else FITS["for-narrow"]))
