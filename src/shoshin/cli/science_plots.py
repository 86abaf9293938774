"""Pictures of the researchers' commands, as Vega-Lite specs; drawn where they are written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shoshin.design.charts.drawing import LIGHT

if TYPE_CHECKING:
    from shoshin.mart.fitting import FileFit
    from shoshin.mart.occasions import Judged

__all__ = ["MOST_COURSES", "coefficients_plot", "courses_plot"]

MOST_COURSES = 24
REACH = 1.959964  # standard errors each way: 95 % where groups are many
COLOURS = {"none": LIGHT["teal"], "watch": LIGHT["amber"], "signal": LIGHT["plum"]}
CONFIG = {
    "background": LIGHT["sheet"],
    "font": "Inter, sans-serif",
    "view": {"stroke": None},
    "axis": {"domainColor": LIGHT["line"], "gridColor": LIGHT["line"], "labelColor": LIGHT["ink"],
             "tickColor": LIGHT["line"], "titleColor": LIGHT["ink-soft"], "titleFontWeight": "normal",
             "labelFontSize": 12, "titleFontSize": 12},
    "title": {"anchor": "start", "color": LIGHT["ink"], "fontSize": 15,
              "subtitleColor": LIGHT["ink-soft"], "offset": 12},
    "header": {"labelColor": LIGHT["ink"], "labelFontSize": 12, "title": None},
    "legend": {"labelColor": LIGHT["ink"], "titleColor": LIGHT["ink-soft"]},
}  # fmt: skip


def coefficients_plot(found: "FileFit") -> dict[str, Any]:
    """Each fixed coefficient with an interval of 1.96 standard errors, in a row of its own scale."""
    import altair as alt

    rows = []
    for one in found.fixed:
        near, far = one.estimate - REACH * one.se, one.estimate + REACH * one.se
        values = [{"low": near, "high": far, "estimate": one.estimate}]
        x = alt.X(
            "low:Q", scale=alt.Scale(zero=one.name != "(Intercept)", nice=True), axis=alt.Axis(tickCount=6), title=None
        )
        base = alt.Chart(alt.Data(values=values))
        line = base.mark_rule(size=3, color=LIGHT["teal"]).encode(x=x, x2="high:Q")
        dot = base.mark_point(size=90, filled=True, opacity=1, color=LIGHT["teal"]).encode(x="estimate:Q")
        nought = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=LIGHT["ink-soft"], strokeDash=[3, 3])
        layers = [line, dot] if one.name == "(Intercept)" else [nought.encode(x="at:Q"), line, dot]
        title = alt.TitleParams(one.name, fontSize=12, fontWeight="normal", offset=4)
        rows.append(alt.layer(*layers).properties(width=420, height=34, title=title))
    what = f"{found.n:,} rows, {found.method}; dot and line: estimate ± 1.96 standard errors"
    title = alt.TitleParams(f"What goes with {found.outcome}", subtitle=what)
    return _spec(alt.vconcat(*rows, spacing=14).properties(title=title))


def courses_plot(found: Sequence["Judged"]) -> dict[str, Any]:
    """A small picture of each course, in the colour of what the rules found."""
    import altair as alt

    values = [
        {"course": f"{one.client}, {one.measure}", "appointment": number, "score": score, "found": one.level}
        for one in found
        for number, score in one.scores
        if score is not None
    ]
    colour = alt.Color("found:N", title="found", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]))
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("appointment:Q", axis=alt.Axis(tickMinStep=1, format="d"), title="appointment"),
        y=alt.Y("score:Q", title="score", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4)),
        color=colour,
    )
    both = alt.layer(base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=40, opacity=1))
    panels = both.properties(width=170, height=90).facet(alt.Facet("course:N", title=None), columns=4)
    return _spec(panels.resolve_scale(y="independent").properties(title="What the rules found"))


def _spec(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.properties(padding=16).to_dict()
    spec["config"] = CONFIG
    return spec
