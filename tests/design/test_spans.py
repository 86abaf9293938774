"""Intervals as a picture: both ends, the dot, what is typical; every part checked against the Vega-Lite schema."""

import pytest

from shoshin.design.charts import Span, span_chart, span_pictures, svg

FACTS = {"typical": 0.8, "typical_label": "typical here", "axis": "more →", "description": "An interval."}


@pytest.mark.parametrize("width", [600, 310])
def test_a_span_is_drawn_with_both_ends_its_dot_and_the_dashed_line(width):
    chart = span_chart(spans=(Span("yours", 0.5, 0.9, 1.2),), width=width, **FACTS)
    spec = chart.to_dict()  # checked against the schema here
    drawn = [row for rows in spec["datasets"].values() for row in rows]
    assert {"at": 0.5, "end": 1.2} in drawn and {"at": 0.9} in drawn and {"at": 0.8} in drawn
    picture = svg(spec)
    assert "yours" in picture and "typical here" in picture and 'aria-label="An interval."' in picture


def test_without_a_typical_value_there_is_no_dashed_line():
    spec = span_chart(spans=(Span("a", 1, 2, 3), Span("b", 2, 2, 2)), width=600, **FACTS | {"typical": None}).to_dict()
    assert all("strokeDash" not in layer["mark"] for layer in spec["layer"]) and len(spec["layer"]) == 6


@pytest.mark.parametrize("ends", [(2, 1, 3), (1, 4, 3), (float("nan"), 1, 2)])
def test_an_estimate_outside_its_interval_is_refused(ends):
    with pytest.raises(ValueError, match="around its estimate"):
        Span("a", *ends)


def test_the_words_on_a_picture_are_escaped_and_both_widths_are_made():
    pictures = span_pictures(spans=(Span("<b>", 1, 2, 3),), **FACTS)
    assert "<b>" not in pictures and pictures.count("<svg") == 2
