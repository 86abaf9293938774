"""A ReproSchema activity in: its schema, its item files, and scores that are plain sums."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from shoshin.measures.models.files import Problem
from shoshin.measures.queries.drafts import Choices, Draft, DraftItem, DraftOption, DraftScore, Proposal
from shoshin.measures.queries.proposals import proposal_for, slug, weight_questions, with_weights

SUM = re.compile(r"^\s*[A-Za-z_]\w*(\s*\+\s*[A-Za-z_]\w*)+\s*$")
NUMBERS = {"slider", "number", "float", "integer"}
Node = dict[str, Any]
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
    )
    if not items and not problems:
        draft = replace(draft, problems=(Problem(name, "ui.order", "there are no questions", "Check ui.order."),))
    return proposal_for(draft, choices, asked=asked)


def _read(name: str, files: Files) -> tuple[dict[str, Node], list[Problem]]:
    """Every JSON file of the folder. ReproSchema files mostly have no suffix, so all are tried."""
    read, problems = {}, []
    for path, content in files.items():
        try:
            node = json.loads(content.decode("utf-8-sig"))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            if PurePosixPath(path).name.endswith(("_schema", ".jsonld")):
                problems.append(Problem(f"{name}/{path}", "", f"is no JSON ({error})", "Check the file."))
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
    for n, reference in enumerate(schema["ui"].get("order") or (), 1):
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
    kind = str((node.get("ui") or {}).get("inputType") or "")
    options = _options(answers, language)
    if options:
        return replace(found, kind="choice", options=options)
    low, high = answers.get("minValue"), answers.get("maxValue")
    if kind in NUMBERS and isinstance(low, int | float) and isinstance(high, int | float) and low < high:
        return replace(found, kind="number", low=low, high=high)
    return found


def _options(answers: Node, language: str) -> tuple[DraftOption, ...]:
    choices = answers.get("choices")
    found = []
    for each in choices if isinstance(choices, list) else ():
        value = each.get("value")
        weight = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        found.append(DraftOption(_said(each.get("name") or each.get("schema:name"), language), weight, weight))
    return tuple(found)


def _scores(
    name: str, schema_path: str, schema: Node, items: tuple[DraftItem, ...], problems: list[Problem]
) -> list[DraftScore]:
    by_name = {re.sub(r"\W", "_", item.link): item for item in items}
    found = []
    for n, each in enumerate(schema.get("compute") or ()):
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


def _resolved(origin: str, reference: str, read: dict[str, Node]) -> Node | None:
    parts: list[str] = []
    for part in (PurePosixPath(origin).parent / reference).parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ".."):
            parts.append(part)
    wanted = "/".join(parts)
    return read.get(wanted) or read.get(f"{wanted}.jsonld") or read.get(f"{wanted}.json")


def _said(words: Any, language: str) -> str:
    if isinstance(words, dict):
        words = words.get(language) or words.get("en") or next(iter(words.values()), "")
    return " ".join(re.sub(r"<[^>]*>", " ", str(words or "")).split())
