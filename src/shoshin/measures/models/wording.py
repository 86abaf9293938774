"""A wording pack: the sentences of one measure version in one language, apart from its facts. Django-free."""

from pydantic import Field

from shoshin.measures.models.definitions import Measure
from shoshin.measures.models.facts import Facts, Slug


class Wording(Facts):
    """Title, lead-in, one text per item, and the words at the answers of each scale (or of one item)."""

    measure: Slug
    version: str
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", max_length=16)
    title: str = Field(min_length=1)
    stem: str = ""
    items: dict[str, str]
    anchors: dict[str, dict[str, str]] = {}
    item_anchors: dict[str, dict[str, str]] = {}
    source: str = Field(min_length=1)
    licence: str = Field(min_length=1)


def key_of(value: float) -> str:
    """How a value is written as a key: 3, not 3.0."""
    return f"{value:g}"


def mismatches(measure: Measure, wording: Wording) -> list[str]:
    """Why this wording is not the wording of these facts: items and anchors are counted and named."""
    found = []
    if (wording.measure, wording.version) != (measure.id, measure.version):
        found.append(f"is for {wording.measure} {wording.version}, not for {measure.id} {measure.version}")
    ids = [item.id for item in measure.items]
    found += [f"item {item_id} has no text" for item_id in ids if not wording.items.get(item_id, "").strip()]
    found += [
        f"text for {item_id}, which is no item of {measure.id}" for item_id in wording.items if item_id not in ids
    ]
    for item_id in ids:
        found += _anchor_mismatches(measure, wording, item_id)
    return list(dict.fromkeys(found))


def _anchor_mismatches(measure: Measure, wording: Wording, item_id: str) -> list[str]:
    scale_id = measure.item(item_id).scale
    scale = measure.scales[scale_id]
    anchors = wording.item_anchors.get(item_id, wording.anchors.get(scale_id, {}))
    where = f"item {item_id}" if item_id in wording.item_anchors else f"scale {scale_id}"
    offered = {key_of(value) for value in scale.values or scale.ends}
    found = [f"{where} has a word for {key}, which it does not offer" for key in anchors if key not in offered]
    if len(anchors) != scale.anchors:
        found.append(f"{where} has {len(anchors)} anchors, the facts say {scale.anchors}")
    return found
