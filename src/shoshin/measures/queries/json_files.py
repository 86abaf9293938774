"""JSON out of somebody's file: read within limits, and looked at without trusting what stands where."""

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from shoshin.measures.models.files import CannotReadMeasure, Problem

Node = dict[str, Any]
DEEPEST = 60
LARGEST = 1e15  # of any figure in a form; sums of thousands of these still add up exactly
MOST_PROBLEMS = 20
LONGEST_PATH = 80


class NotJson(CannotReadMeasure):
    """The file is no JSON at all."""


def json_in(file: str, content: bytes) -> Any:
    """What a JSON file holds; CannotReadMeasure names every part that nothing here could work with."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except RecursionError:
        todo = "Export the form again, without so many levels."
        raise CannotReadMeasure([Problem(file, "", "is nested too deeply to be read", todo)]) from None
    except ValueError as error:  # no UTF-8, no JSON, or a number of thousands of figures
        raise NotJson([Problem(file, "", f"is no JSON ({error})", "Export the form again as JSON.")]) from None
    problems = tuple(islice(_faults(file, found), MOST_PROBLEMS))
    if problems:
        raise CannotReadMeasure(problems)
    return found


def parts(node: Node, key: str) -> list[Node]:
    """The objects in the list under a key; what is no object or no list is passed over."""
    value = node.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def part(node: Node, key: str) -> Node:
    """The object under a key, or an empty one."""
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def figure_in(value: Any) -> float | None:
    """A number as JSON has it; true and false are none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def figure_written(text: Any) -> float | None:
    """The number that a text writes down; None where it is none that could be counted."""
    try:
        figure = float(str(text).strip())
    except ValueError:
        return None
    return figure if math.isfinite(figure) and abs(figure) <= LARGEST else None


def is_storable(text: str) -> bool:
    """Whether a text has neither NUL nor half a character, which no database and no page can take."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _faults(file: str, found: Any) -> Iterator[Problem]:
    waiting: list[tuple[str, int, Any]] = [("", 0, found)]
    while waiting:
        path, depth, value = waiting.pop()
        what, todo = _fault(value, depth)
        if what:
            yield Problem(file, path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}…", what, todo)
        elif isinstance(value, dict):
            inner = ((f"{path}.{key}".lstrip("."), depth + 1, each) for key, each in value.items())
            waiting += reversed([*inner, *((path, depth, key) for key in value if not is_storable(key))])
        elif isinstance(value, list):
            waiting += reversed([(f"{path}[{n}]", depth + 1, each) for n, each in enumerate(value)])


def _fault(value: Any, depth: int) -> tuple[str, str]:
    """What is wrong with one value, and what to do."""
    if isinstance(value, dict | list) and depth > DEEPEST:
        return f"lies more than {DEEPEST} levels deep", "Export the form again, without so many levels."
    figure = figure_in(value)
    if figure is not None and not -LARGEST <= figure <= LARGEST:
        return "is no number that can be counted", "Write an ordinary number."
    if isinstance(value, str) and not is_storable(value):
        return "holds signs that cannot be stored", "Remove the control signs from the text."
    return "", ""
