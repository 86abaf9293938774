"""Wording from the XML files of the package camcops-server, read as data and counted against the facts."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse
from django.conf import settings

from shoshin.measures.models.definitions import Measure
from shoshin.measures.models.files import CannotReadMeasure, Problem
from shoshin.measures.models.wording import Wording, key_of, mismatches

PACKAGE = "camcops-server 2.4.24"
MEND = "Install the pinned package again with `shoshin measures wording`."
NUMBER = re.compile(r"^\d+\.\s*")


@dataclass(frozen=True)
class Layout:
    """Where a measure's sentences stand in its XML file: names of strings, `{}` for a number."""

    file: str
    task: str
    title: str | None
    stem: tuple[str, ...]
    item: str
    count: int
    anchors: tuple[tuple[str, str, int], ...]  # scale id, name with {}, the first number
    others: tuple[tuple[str, str], ...] = ()  # item id, name
    in_file: int = 0  # how many numbered items the file has, where it has more than the measure


LAYOUTS = {
    "phq-9": Layout(
        "phq9.xml",
        "phq9",
        "title_main",
        ("stem",),
        "q{}",
        9,
        (("frequency", "a{}", 0), ("difficulty", "fa{}", 0)),
        (("difficulty", "finalq"),),
    ),
    "phq-8": Layout(
        "phq9.xml",
        "phq9",
        None,
        ("stem",),
        "q{}",
        8,
        (("frequency", "a{}", 0), ("difficulty", "fa{}", 0)),
        (("difficulty", "finalq"),),
        in_file=9,
    ),
    "gad-7": Layout("gad7.xml", "gad7", None, ("stem",), "q{}", 7, (("frequency", "a{}", 0),)),
    "pcl-5": Layout("pcl5.xml", "pcl5", "title", ("instructions", "stem"), "q{}", 20, (("bother", "a{}", 0),)),
    "core-10": Layout("core10.xml", "core10", None, ("instruction_2", "stem"), "q{}", 10, (("frequency", "a{}", 0),)),
    "swemwbs": Layout(
        "wemwbs.xml", "wemwbs", None, ("wemwbs_prompt",), "swemwbs_q{}", 7, (("frequency", "wemwbs_a{}", 1),)
    ),
}


def read_camcops_xml(path: Path, measure: Measure) -> Wording:
    """The English wording of a measure from its XML file; CannotReadMeasure names all that does not fit."""
    layout = LAYOUTS.get(measure.id)
    if layout is None:
        raise CannotReadMeasure([Problem(path.name, "", f"has no wording for {measure.id}", "Import a form instead.")])
    strings = _strings(path, layout.task)
    wording = _wording(measure, layout, strings)
    problems = [*_count_problems(layout, strings), *mismatches(measure, wording)]
    if problems:
        raise CannotReadMeasure(Problem(path.name, measure.id, what, MEND) for what in problems)
    return wording


def is_fetchable(measure: Measure) -> bool:
    """Whether `shoshin measures wording` brings its wording without anybody's confirmation."""
    return measure.licence.kind == "PD" and measure.id in LAYOUTS


def wording_folder() -> Path:
    """Where the files of an installed wording package lie."""
    return Path(settings.HOME) / "wording"


def file_sha256(path: Path) -> str:
    """The fingerprint of a source file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _strings(path: Path, task: str) -> dict[str, str]:
    try:
        root = parse(path).getroot()
    except OSError:
        raise CannotReadMeasure([Problem(path.name, "", "is not there", MEND)]) from None
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise CannotReadMeasure([Problem(path.name, "", f"is no readable XML ({error})", MEND)]) from None
    tasks = root.iter("task") if root is not None else ()
    found = [element for element in tasks if element.get("name") == task]
    if not found:
        raise CannotReadMeasure([Problem(path.name, f"task {task}", "is not there", MEND)])
    return {str(string.get("name")): _text(string) for string in found[0].iter("string")}


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _wording(measure: Measure, layout: Layout, strings: dict[str, str]) -> Wording:
    numbered = {str(n): strings.get(layout.item.format(n), "") for n in range(1, layout.count + 1)}
    items = numbered | {item: strings.get(name, "") for item, name in layout.others}
    return Wording(
        measure=measure.id,
        version=measure.version,
        language="en",
        title=strings.get(layout.title or "") or measure.short,
        stem=" ".join(strings[name] for name in layout.stem if strings.get(name)),
        items={item: NUMBER.sub("", text) for item, text in items.items()},
        anchors={scale: _anchors(measure, scale, name, first, strings) for scale, name, first in layout.anchors},
        source=PACKAGE,
        licence=measure.licence.credit["en"] or measure.licence.kind,
    )


def _anchors(measure: Measure, scale: str, name: str, first: int, strings: dict[str, str]) -> dict[str, str]:
    values = sorted(measure.scales[scale].values)
    named = {key_of(value): strings.get(name.format(first + n), "") for n, value in enumerate(values)}
    return {key: text for key, text in named.items() if text}


def _count_problems(layout: Layout, strings: dict[str, str]) -> list[str]:
    """A file with more items or anchors than the facts know is not the form we think it is."""
    expected = [(layout.item, layout.in_file or layout.count, "items")]
    found = [(_count(strings, name), count, what) for name, count, what in expected]
    return [f"the file has {has} numbered {what}, the facts say {wants}" for has, wants, what in found if has != wants]


def _count(strings: dict[str, str], name: str) -> int:
    pattern = re.compile(re.escape(name).replace(r"\{\}", r"\d+"))
    return sum(1 for each in strings if pattern.fullmatch(each))
