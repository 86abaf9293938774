"""Contrast of each pair of colours that carries words (WCAG 2.2, 1.4.3 and 1.4.6) or a control's edge."""

import re
from pathlib import Path

import pytest

import shoshin.design
from shoshin.design.charts import LIGHT

STYLES = Path(shoshin.design.__file__).parent / "static/design"
ON_PAGE = ("paper", "sheet", "wash")
WORDS = [(ink, ground) for ink in ("ink", "ink-soft", "teal", "teal-deep", "amber", "plum") for ground in ON_PAGE]
WORDS += [(name, f"{name}-wash") for name in ("teal", "amber", "plum")]
WORDS += [("ink", f"{name}-wash") for name in ("teal", "amber", "plum")]
WORDS += [
    ("teal-deep", "teal-wash"),
    ("ink-soft", "teal-wash"),
    ("on-teal", "teal"),
    ("on-teal", "teal-deep"),
]
CLIENT_WORDS = [pair for pair in WORDS if "teal-deep" not in pair] + [("ink-soft", "plum-wash")]


def staff_colours(dark):
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", sheet("tokens.css"))
    return {name: colours[dark] for name, *colours in pairs}


def client_colours(dark):
    light, _, rest = sheet("client.css").partition("@media (prefers-color-scheme: dark)")
    dark_part = rest.partition("}\n}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark_part if dark else light))


def sheet(name):
    return (STYLES / name).read_text(encoding="utf-8")


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def too_faint(colours, pairs, least):
    ratios = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    return {pair: ratio for pair, ratio in ratios.items() if ratio < least}


def test_the_measuring_itself_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # a published borderline grey


@pytest.mark.parametrize("dark", [False, True])
def test_words_on_staff_pages_keep_four_and_a_half_to_one(dark):
    assert too_faint(staff_colours(dark), WORDS, 4.5) == {}


@pytest.mark.parametrize("dark", [False, True])
def test_words_on_client_pages_keep_seven_to_one(dark):
    assert too_faint(client_colours(dark), CLIENT_WORDS, 7) == {}


@pytest.mark.parametrize("colours", [staff_colours, client_colours])
@pytest.mark.parametrize("dark", [False, True])
def test_edges_of_controls_keep_three_to_one(colours, dark):
    assert too_faint(colours(dark), [("edge", "paper"), ("edge", "sheet")], 3) == {}


def test_paper_uses_the_light_colours_of_the_pages():
    light = staff_colours(False)
    assert {name: colour for name, colour in LIGHT.items() if name != "sans"} == {
        name: light[name] for name in LIGHT if name != "sans"
    }


def test_the_client_pages_load_one_small_sheet():
    assert len(sheet("client.css").encode()) < 12_000
    assert "@import" not in sheet("client.css")
    assert "url(" not in sheet("client.css")


@pytest.mark.parametrize("name", ["tokens.css", "app.css", "client.css"])
def test_every_token_in_use_is_defined(name):
    known = set(re.findall(r"(--[a-z0-9-]+):", sheet(name if name == "client.css" else "tokens.css")))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", sheet(name))) - known == set()
