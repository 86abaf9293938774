"""From a Vega-Lite spec to SVG that a page with a strict content policy may hold, and that paper may too."""

import json
import re
from collections.abc import Mapping
from hashlib import blake2s
from typing import Any, Literal
from xml.etree import ElementTree as Xml

import vl_convert
from defusedxml.ElementTree import fromstring

# The light half of tokens.css, for paper; a test keeps the two the same.
LIGHT: Mapping[str, str] = {
    "paper": "#f9f6f0",
    "sheet": "#fffdfa",
    "wash": "#f0ebe1",
    "line": "#e3dccf",
    "ink": "#20282a",
    "ink-soft": "#566063",
    "teal": "#0e5a61",
    "teal-wash": "#dcebe9",
    "amber": "#7d5000",
    "amber-wash": "#f9ecd1",
    "plum": "#762b4a",
    "plum-wash": "#f6e4ea",
    "sans": "Inter Variable, Inter, sans-serif",
}

LOCALES: Mapping[str, Literal["de-DE"]] = {"de": "de-DE"}  # how dates on an axis are written; English needs none


def svg(spec: dict[str, Any], *, fit: str = "", language: str = "en") -> str:
    """The picture of a Vega-Lite spec, as inline SVG. Its `description` is what a screen reader says."""
    if not spec.get("description"):
        raise ValueError("A chart needs a description: one sentence that says what it shows.")
    return _svg(json.dumps(spec, sort_keys=True), fit, LOCALES.get(language))


def _svg(spec: str, fit: str, locale: Literal["de-DE"] | None) -> str:
    drawn = vl_convert.vegalite_to_svg(json.loads(spec), time_format_locale=locale, format_locale=locale)
    root: Xml.Element = fromstring(drawn)
    prefix = blake2s(f"{spec}{fit}".encode(), digest_size=4).hexdigest()
    for element in root.iter():
        _clean(element, prefix)
    _drop_empty(root)
    label = json.loads(spec)["description"]
    root.attrib.update(
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"plot {fit}".strip(),
            "role": "img",
            "aria-label": label,
        }
    )
    return Xml.tostring(root, encoding="unicode")


DROPPED = ("style", "class", "role", "pointer-events", "aria-")


def _clean(element: Xml.Element, prefix: str) -> None:
    """Leave what draws: inline style breaks the page's policy, a bare id meets that of the next chart."""
    element.tag = element.tag.rpartition("}")[2]
    for name, value in list(element.attrib.items()):
        if name.startswith(("{", *DROPPED)):
            del element.attrib[name]
        elif name == "id":
            element.set(name, f"{prefix}-{value}")
        else:
            element.set(name, _shorter(value.replace("url(#", f"url(#{prefix}-")))


def _shorter(value: str) -> str:
    """Coordinates to a hundredth: 30.00000000000003 is 30."""
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)


def _drop_empty(element: Xml.Element) -> None:
    """Vega writes invisible rectangles and empty groups; a page need not carry them."""
    for child in list(element):
        _drop_empty(child)
        invisible = child.get("display") == "none" or child.get("opacity") == "0"
        unpainted = child.tag == "path" and not {"fill", "stroke"} & set(child.attrib)
        if invisible or unpainted or (child.tag == "g" and not len(child)):
            element.remove(child)


def literal(picture: str, theme: Mapping[str, str] = LIGHT) -> str:
    """The same picture with fixed colours, for what knows no tokens: PDF, mail, a saved file."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: theme[found[1]], picture)
