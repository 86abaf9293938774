"""Charts: what a page with a strict content policy, a screen reader and a printer each need of them."""

from datetime import date
from xml.etree import ElementTree as Xml

import pytest

from shoshin.design.charts import (
    LIGHT,
    NARROW,
    WIDE,
    Band,
    Cutoff,
    Event,
    Expected,
    Mark,
    Point,
    literal,
    svg,
    trajectory_chart,
    trajectory_pictures,
)
from shoshin.design.charts.placing import Spot, free_spot

SENTENCE = "About the same as at the start: 16 at intake, 17 now."
SCORES = (16, 15, 16, 14, 16, 15, 17)


def facts(**changed):
    return {
        "points": [Point(at, score, signalled=at == 6, imported=at < 2) for at, score in enumerate(SCORES)],
        "scale": (0, 27),
        "measure": "PHQ-9",
        "description": SENTENCE,
        "band": Band(10, 22, "cannot be told from the first"),
        "cutoff": Cutoff(10, "cut-off"),
        "events": [Event(3, "goal chosen: staying with anger"), Event(3.5, "walks again")],
        "marks": [Mark(4)],
        **changed,
    }


def drawn(**changed):
    return Xml.fromstring(svg(trajectory_chart(**facts(**changed)).to_dict()))


def parts(root, name):
    return list(root.iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def words(root):
    return [text.text for text in parts(root, "text")]


def filled(root, colour):
    return [path for path in parts(root, "path") if path.get("fill") == colour]


def test_it_carries_no_inline_style_and_no_script():
    root = drawn()
    assert len(list(root.iter())) > 30
    for element in root.iter():
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)
        assert element.tag.rpartition("}")[2] not in {"style", "script", "foreignObject"}


def test_it_is_one_image_with_a_sentence_for_a_screen_reader():
    root = drawn()
    assert root.get("role") == "img"
    assert root.get("aria-label") == SENTENCE
    assert [element for element in root.iter() if "aria-label" in element.attrib] == [root]


def test_it_refuses_a_chart_without_a_sentence():
    with pytest.raises(ValueError, match="description"):
        svg({"mark": "point", "data": {"values": [{"x": 1}]}, "encoding": {}})


def test_the_same_facts_draw_the_same_picture_to_the_letter():
    from shoshin.design.charts import trajectory

    first = trajectory_pictures(**facts())
    trajectory._picture.cache_clear()
    assert trajectory_pictures(**facts()) == first


def test_two_charts_on_one_page_share_no_id():
    clipped = {
        "mark": {"type": "line", "clip": True},
        "data": {"values": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]},
        "encoding": {
            "x": {"field": "x", "type": "quantitative"},
            "y": {"field": "y", "type": "quantitative"},
        },
    }
    ids = [
        {element.get("id") for element in Xml.fromstring(svg({**clipped, "description": text})).iter()} - {None}
        for text in ("one", "another")
    ]
    assert ids[0] and ids[1]
    assert not ids[0] & ids[1]


def test_on_paper_no_colour_is_left_to_a_token():
    picture = svg(trajectory_chart(**facts()).to_dict())
    assert "var(--ink)" in picture
    on_paper = literal(picture)
    assert "var(" not in on_paper
    assert LIGHT["ink"] in on_paper


def test_paper_refuses_a_token_it_has_no_colour_for():
    with pytest.raises(KeyError):
        literal('<path fill="var(--unheard-of)"/>')


def test_a_signalled_point_is_an_amber_diamond_and_an_imported_one_is_hollow():
    root = drawn(marks=[])
    assert len(filled(root, "var(--amber)")) == 1
    assert len(filled(root, "var(--ink)")) == 4
    assert len(filled(root, "var(--sheet)")) == 2


def test_the_whole_range_of_the_measure_is_shown():
    spec = trajectory_chart(**facts(scale=(21, 105), band=None, cutoff=None)).to_dict()
    domains = [layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"] if "y" in layer["encoding"]]
    assert domains and all(domain == [21, 105] for domain in domains)


def test_the_band_stops_where_the_measure_stops_and_claims_no_edge_there():
    spec = trajectory_chart(**facts(band=Band(-3, 9), cutoff=None)).to_dict()
    values = list(spec["datasets"].values())
    assert [{"score": 0, "upper": 9}] in values
    assert [{"score": 9}] in values


def test_words_of_events_stand_on_rows_of_their_own():
    root = drawn()
    heights = {
        text.text: text.get("transform").partition(",")[2]
        for text in parts(root, "text")
        if text.text in {"goal chosen: staying with anger", "walks again"}
    }
    assert len(heights) == len(set(heights.values())) == 2


def test_the_first_and_the_last_score_are_written_out():
    assert {"16", "17"} <= set(words(drawn(scale=(0, 100), band=None)))


def test_intake_is_named_and_the_name_can_be_translated():
    assert "Beginn" in words(drawn(intake="Beginn"))


def test_a_long_course_names_round_appointments_and_none_before_intake():
    points = [Point(at, 20) for at in range(40)]
    named = words(drawn(points=points, scale=(0, 27), events=[], marks=[], band=None))
    assert {"intake", "5", "10", "35"} <= set(named)
    assert not any(word.startswith(("-", "−")) for word in named)


def test_dates_are_written_in_the_language_of_the_page():
    points = [Point(date(2026, 3, 2), 12), Point(date(2026, 5, 4), 9), Point(date(2026, 7, 6), 7)]
    spec = trajectory_chart(**facts(points=points, events=[], marks=[])).to_dict()
    assert "Mai" in svg(spec, language="de")
    assert "May" in svg(spec, language="en")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_single_point_is_a_chart_already(size):
    root = drawn(points=[Point(0, 16)], events=[], marks=[], size=size)
    assert len(filled(root, "var(--ink)")) == 1


def test_words_on_the_band_give_way_to_the_line():
    falling = [Point(at, score) for at, score in enumerate((16, 16, 16, 16, 21, 21, 21, 21))]
    rightmost, moved = (
        next(text for text in parts(drawn(points=points, events=[], marks=[]), "text") if "told" in text.text)
        for points in ([Point(at, 16) for at in range(8)], falling)
    )
    assert rightmost.get("text-anchor") == "end"
    assert moved.get("text-anchor") != "end"


WEDGE = Expected(tuple((at, 16 - at, 16 + at / 2) for at in range(7)), "8 in 10 such courses")


def test_what_is_expected_is_two_dashed_lines_that_are_named_where_there_is_room():
    without, wide, narrow = (
        drawn(expected=expected, size=size) for expected, size in ((None, WIDE), (WEDGE, WIDE), (WEDGE, NARROW))
    )
    dashed = [
        [path for path in parts(root, "path") if path.get("stroke-dasharray") == "6,4"]
        for root in (without, wide, narrow)
    ]
    assert [len(found) for found in dashed] == [0, 2, 2]
    named = [WEDGE.label in words(root) for root in (without, wide, narrow)]
    assert named == [False, True, False]


def test_words_rather_lie_on_what_is_expected_than_on_the_line():
    flat = [((0.0, 50.0), (600.0, 50.0))]
    spots = [Spot(6, 53, "left", "bottom"), Spot(6, 100, "left", "top"), Spot(6, 150, "left", "top")]
    curve, line = [((0.0, 105.0), (600.0, 105.0))], [((0.0, 155.0), (600.0, 155.0))]
    assert free_spot("words", spots, flat, WIDE, curve) == spots[2]
    assert free_spot("words", spots, [*flat, *line], WIDE, curve) == spots[1]


def test_it_refuses_to_mix_dates_and_appointment_numbers():
    with pytest.raises(ValueError, match="never in both"):
        trajectory_chart(**facts(events=[Event(date(2026, 3, 2), "walks again")]))


def test_it_refuses_a_trajectory_of_nothing():
    with pytest.raises(ValueError, match="at least one point"):
        trajectory_chart(**facts(points=[]))


def test_a_label_with_markup_in_it_stays_text():
    picture = svg(trajectory_chart(**facts(events=[Event(3, '<script>"x"</script>')])).to_dict())
    assert "<script" not in picture
    assert '<script>"x"</script>' in words(Xml.fromstring(picture))
