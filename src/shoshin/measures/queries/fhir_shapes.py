"""Whether the parts of a FHIR Questionnaire are of the kind they must be: texts, objects, lists of objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shoshin.measures.models.files import Problem
from shoshin.measures.queries.json_files import Node

MEND = "Mend it, or export the form again."


@dataclass(frozen=True)
class Shape:
    """What stands under the keys of a node: texts, one object, or a list of objects, these by their own shape."""

    texts: tuple[str, ...] = ()
    objects: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)


WITH_EXTENSION = {"extension": "extension"}
SHAPES = {
    "questionnaire": Shape(
        ("id", "url", "version", "name", "title", "language", "description", "copyright"),
        lists={
            **WITH_EXTENSION,
            "identifier": "identifier",
            "code": "coding",
            "contained": "contained",
            "item": "item",
        },
    ),
    "item": Shape(
        ("linkId", "text", "type", "answerValueSet"),
        lists={**WITH_EXTENSION, "code": "coding", "answerOption": "option", "item": "item"},
    ),
    "option": Shape(("valueString", "valueInteger"), {"valueCoding": "coding"}, WITH_EXTENSION),
    "coding": Shape(("system", "code", "display"), lists=WITH_EXTENSION),
    "identifier": Shape(("system", "value")),
    "extension": Shape(
        ("url", "valueString", "valueCode", "valueDecimal", "valueInteger"),
        {"valueExpression": "expression", "valueRange": "range"},
    ),
    "expression": Shape(("name", "expression", "language")),
    "range": Shape(objects={"low": "quantity", "high": "quantity"}),
    "quantity": Shape(("value",)),
    "contained": Shape(
        ("resourceType", "id"),
        {"compose": "compose", "expansion": "expansion"},
        {"concept": "coding"},
    ),
    "compose": Shape(lists={"include": "include"}),
    "include": Shape(("system",), lists={"concept": "coding"}),
    "expansion": Shape(lists={"contains": "coding"}),
}
READ_INSIDE = ("ValueSet", "CodeSystem")


def shape_problems(file: str, node: Node, shape: str = "questionnaire", path: str = "") -> Iterator[Problem]:
    """Every part of a node that is of another kind than it must be, with its path."""
    wanted = SHAPES[shape]
    if shape == "contained" and node.get("resourceType") not in READ_INSIDE:
        return
    for key in wanted.texts:
        if isinstance(node.get(key), dict | list):
            yield Problem(file, path + key, "is no text", MEND)
    for key, inner in wanted.objects.items():
        value = node.get(key)
        if isinstance(value, dict):
            yield from shape_problems(file, value, inner, f"{path}{key}.")
        elif value is not None:
            yield Problem(file, path + key, "is no object", MEND)
    for key, inner in wanted.lists.items():
        yield from _list_problems(file, node.get(key), inner, path + key)


def _list_problems(file: str, value: object, inner: str, path: str) -> Iterator[Problem]:
    if value is not None and not isinstance(value, list):
        yield Problem(file, path, "is no list", MEND)
    for n, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, dict):
            yield from shape_problems(file, each, inner, f"{path}[{n}].")
        else:
            yield Problem(file, f"{path}[{n}]", "is no object", MEND)
