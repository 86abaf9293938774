"""A ReproSchema activity in: its schema, its item files, and scores that are plain sums."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from shoshin.measures.models.files import CannotReadMeasure, Problem
from shoshin.measures.queries.drafts import Choices, Draft, DraftItem, DraftOption, DraftScore, Proposal
from shoshin.measures.queries.json_files import MOST_PROBLEMS, Node, NotJson, figure_in, json_in, part
from shoshin.measures.queries.proposals import proposal_for, slug, weight_questions, with_weights

SUM = re.compile(r"^\s*[A-Za-z_]\w*(\s*\+\s*[A-Za-z_]\w*)+\s*$")
MEND = "Mend it, or make the folder again."
NUMBERS = {"slider", "number", "float", "integer"}
Files = Mapping[str, bytes]


def reproschema_proposal(name: str, files: Files, choices: Choices, language: str = "en") -> Proposal:
    """What the folder of one activity would bring in. `files` are its files by relative path."""
    read, problems = _read(name, files)
    schemas = [path for path, node in read.items() if _is_activity(node)]
    if len(schemas) != 1:
        what = f"holds {len(schemas)} activity schemas" if schemas else "holds no activity schema"
        found = Problem(name, "", what, "Choose the folder of one activity.")
        return Proposal(name, None, None, (*problems, found))
    schema, notes = read[schemas[0]], [*_languages(read[schemas[0]], language)]
    items = tuple(_items(name, schemas[0], schema, read, problems, language))
    asked = weight_questions(items) if not problems else ()
    items = with_weights(items, choices)
    scores = tuple(_scores(name, schemas[0], schema, items, problems))
    title = _said(schema.get("prefLabel"), language) or str(schema.get("id") or schema.get("@id") or "Imported form")
    draft = Draft(
        file=name,
        id=slug(str(schema.get("id") or schema.get("@id") or title).removesuffix("_schema").lower(), "imported"),
        version=str(schema.get("version") or "1")[:32],
        title=title.removesuffix("_schema"),
        items=items,
        scores=scores,
        stem=_said(schema.get("preamble"), language),
        language=language,
        notes=tuple(notes),
        problems=tuple(problems),
        named=bool(_said(schema.get("prefLabel"), language)),
    )
    if not items and not problems:
        draft = replace(draft, problems=(Problem(name, "ui.order", "there are no questions", "Check ui.order."),))
    return proposal_for(draft, choices, asked=asked)


def _read(name: str, files: Files) -> tuple[dict[str, Node], list[Problem]]:
    """Every JSON file of the folder. ReproSchema files mostly have no suffix, so all are tried."""
    read: dict[str, Node] = {}
    problems: list[Problem] = []
    for path, content in files.items():
        try:
            node = json_in(f"{name}/{path}", content)
        except NotJson as refusal:
            if PurePosixPath(path).name.endswith(("_schema", ".jsonld")):
                problems += refusal.problems
            continue
        except CannotReadMeasure as refusal:
            problems += refusal.problems
            continue
        if isinstance(node, dict):
            read[path] = node
    return read, problems


def _is_activity(node: Node) -> bool:
    kind = str(node.get("category") or node.get("@type") or "")
    return "Activity" in kind and isinstance(node.get("ui"), dict)


def _languages(schema: Node, language: str) -> list[str]:
    label = schema.get("prefLabel")
    others = sorted(set(label) - {language}) if isinstance(label, dict) else []
    return [f"The folder also has {', '.join(others)}; {language} was read."] if others else []


def _items(
    name: str, schema_path: str, schema: Node, read: dict[str, Node], problems: list[Problem], language: str
) -> list[DraftItem]:
    found = []
    for n, reference in enumerate(_entries(name, schema["ui"], "order", "ui.order", problems), 1):
        node = _resolved(schema_path, str(reference), read)
        path = f"ui.order[{n - 1}]"
        if node is None:
            problems.append(Problem(name, path, f"{reference} is not in this folder", "Add the item file."))
            continue
        item = _item(name, n, str(reference), node, schema_path, read, problems, language)
        found.append(item)
    return found


def _item(
    name: str,
    n: int,
    reference: str,
    node: Node,
    schema_path: str,
    read: dict[str, Node],
    problems: list[Problem],
    language: str,
) -> DraftItem:
    item_name = str(node.get("id") or node.get("@id") or PurePosixPath(reference).name)
    text = _said(node.get("question") or node.get("prefLabel"), language)
    found = DraftItem(slug(item_name, f"item-{n}"), item_name, text, reference, "text")
    answers = node.get("responseOptions")
    if isinstance(answers, str):
        resolved = _resolved(str(PurePosixPath(schema_path).parent / reference), answers, read)
        resolved = resolved or _resolved(schema_path, answers, read)
        if resolved is None:
            problems.append(Problem(name, reference, f"its answers {answers} are not in this folder", "Add the file."))
        answers = resolved
    if not isinstance(answers, dict):
        return found
    if not isinstance(node.get("ui") or {}, dict):
        problems.append(Problem(name, f"{reference}, ui", "is no object", MEND))
    kind = str(part(node, "ui").get("inputType") or "")
    options = _options(name, reference, answers, problems, language)
    if options:
        return replace(found, kind="choice", options=options)
    low, high = figure_in(answers.get("minValue")), figure_in(answers.get("maxValue"))
    if kind in NUMBERS and low is not None and high is not None and low < high:
        return replace(found, kind="number", low=low, high=high)
    return found


def _options(
    name: str, reference: str, answers: Node, problems: list[Problem], language: str
) -> tuple[DraftOption, ...]:
    found = []
    if isinstance(answers.get("choices"), str):  # a list kept elsewhere, which cannot be looked up
        return ()
    for each in _entries(name, answers, "choices", f"{reference}, choices", problems, of_objects=True):
        weight = figure_in(each.get("value"))
        found.append(DraftOption(_said(each.get("name") or each.get("schema:name"), language), weight, weight))
    return tuple(found)


def _scores(
    name: str, schema_path: str, schema: Node, items: tuple[DraftItem, ...], problems: list[Problem]
) -> list[DraftScore]:
    by_name = {re.sub(r"\W", "_", item.link): item for item in items}
    found = []
    where = f"{schema_path}, compute"
    for n, each in enumerate(_entries(name, schema, "compute", where, problems, of_objects=True)):
        path, text = f"{schema_path}, compute[{n}]", str(each.get("jsExpression") or "")
        title = str(each.get("variableName") or "total")
        names = [part.strip() for part in text.split("+")] if SUM.match(text) else []
        unknown = [part for part in names if part not in by_name]
        if not names:
            todo = "Only sums are read. Remove it and choose the items that count."
            problems.append(Problem(name, path, f"{text[:60]!r} is no plain sum", todo))
        elif unknown:
            todo = "Check the names in jsExpression."
            problems.append(Problem(name, path, f"counts {', '.join(unknown)}, which is no item here", todo))
        else:
            label = title.replace("_", " ").strip()
            found.append(DraftScore(slug(title, "total"), label, tuple(by_name[part].id for part in names)))
    return found


def _entries(
    name: str, node: Node, key: str, path: str, problems: list[Problem], *, of_objects: bool = False
) -> list[Any]:
    """The list under a key; one problem for each part of it that is of another kind."""
    value = node.get(key)
    if value is not None and not isinstance(value, list):
        problems.append(Problem(name, path, "is no list", MEND))
        return []
    wrong = [n for n, each in enumerate(value or ()) if isinstance(each, dict) != of_objects]
    what = "is no object" if of_objects else "names no file"
    problems += [Problem(name, f"{path}[{n}]", what, MEND) for n in wrong[:MOST_PROBLEMS]]
    return [] if wrong else value or []


def _resolved(origin: str, reference: str, read: dict[str, Node]) -> Node | None:
    steps: list[str] = []
    for step in (PurePosixPath(origin).parent / reference).parts:
        if step == ".." and steps:
            steps.pop()
        elif step not in (".", ".."):
            steps.append(step)
    wanted = "/".join(steps)
    return read.get(wanted) or read.get(f"{wanted}.jsonld") or read.get(f"{wanted}.json")


def _said(words: Any, language: str) -> str:
    if isinstance(words, dict):
        words = words.get(language) or words.get("en") or next(iter(words.values()), "")
    return " ".join(re.sub(r"<[^>]*>", " ", str(words or "")).split())
