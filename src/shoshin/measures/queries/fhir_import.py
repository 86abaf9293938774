"""FHIR R4 Questionnaire in, tolerantly: items, answers and weights wherever they are written."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Literal

from shoshin.measures.models.files import CannotReadMeasure, Problem
from shoshin.measures.queries.drafts import Choices, Draft, DraftItem, DraftKind, DraftOption, Proposal
from shoshin.measures.queries.fhir_export import (
    LOINC,
    MAX,
    MIN,
    ONTO,
    PREFIX,
    THRESHOLD,
)
from shoshin.measures.queries.fhir_scores import EXPRESSION, scores_in
from shoshin.measures.queries.fhir_shapes import shape_problems
from shoshin.measures.queries.fhirpath import weight_in
from shoshin.measures.queries.json_files import MOST_PROBLEMS, Node, figure_in, figure_written, json_in, part, parts
from shoshin.measures.queries.proposals import proposal_for, slug, weight_questions, with_weights

OWN_SYSTEM = "urn:shoshin:measure"
METADATA = re.compile(r"(session_id|started_at|completed_at|_duration)$")
KINDS: dict[str, DraftKind] = {
    "choice": "choice",
    "open-choice": "choice",
    "boolean": "choice",
    "integer": "number",
    "decimal": "number",
    "quantity": "number",
    "string": "text",
    "text": "text",
}


def fhir_proposal(name: str, content: bytes, choices: Choices) -> Proposal:
    """What a FHIR Questionnaire would bring in, or every problem in it."""
    try:
        resource = json_in(name, content)
    except CannotReadMeasure as refusal:
        return Proposal(name, None, None, refusal.problems)
    return questionnaire_proposal(name, resource, choices)


def questionnaire_proposal(name: str, resource: Any, choices: Choices) -> Proposal:
    """The same, from JSON that has been read."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        return _refused(name, "resourceType", f"is {kind}, not Questionnaire", "Choose a Questionnaire.")
    misshapen = tuple(islice(shape_problems(name, resource), MOST_PROBLEMS))
    if misshapen:
        return Proposal(name, None, None, misshapen)
    problems: list[Problem] = []
    notes: list[str] = []
    items = tuple(_items(name, resource, problems, notes))
    if not items:
        problems.append(Problem(name, "item", "there are no questions", "Choose another file."))
    asked = weight_questions(items) if not problems else ()
    items = with_weights(items, choices)
    draft = _draft(name, resource, items, notes, problems)
    ready = not problems and (not asked or any(question.key in choices.weights for question in asked))
    if ready and choices.counted is None:
        scores, found, said = scores_in(resource, draft)
        draft = replace(draft, scores=scores, problems=(*problems, *found), notes=(*notes, *said))
    return proposal_for(draft, choices, asked=asked)


def _refused(name: str, path: str, what: str, todo: str) -> Proposal:
    return Proposal(name, None, None, (Problem(name, path, what, todo),))


def _draft(name: str, resource: Node, items: tuple[DraftItem, ...], notes: list[str], problems: list[Problem]) -> Draft:
    own = [i["value"] for i in parts(resource, "identifier") if i.get("system") == OWN_SYSTEM and i.get("value")]
    title = str(resource.get("title") or resource.get("name") or resource.get("id") or "Imported form")
    measure_id = own[0] if own else slug(str(resource.get("name") or resource.get("id") or title).lower(), "imported")
    respondent: Literal["client", "therapist"] = (
        "therapist" if resource.get("subjectType") == ["Practitioner"] else "client"
    )
    return Draft(
        file=name,
        id=str(measure_id),
        version=str(resource.get("version") or "1")[:32],
        title=title,
        items=items,
        stem=str(resource.get("description") or ""),
        language=str(resource.get("language") or "en"),
        credit=str(resource.get("copyright") or ""),
        codes=_loinc(resource),
        respondent=respondent,
        notes=tuple(notes),
        problems=tuple(problems),
        named=bool(resource.get("title") or resource.get("name")),
    )


def walk(node: Node, path: str = "", parents: tuple[str, ...] = ()) -> Iterator[tuple[Node, str, tuple[str, ...]]]:
    """Every item below a node, with its path and the groups that hold it."""
    for n, item in enumerate(parts(node, "item")):
        here = f"{path}item[{n}]"
        yield item, here, parents
        inner = (*parents, str(item.get("linkId"))) if item.get("type") == "group" else parents
        yield from walk(item, f"{here}.", inner)


def is_score(item: Node) -> bool:
    """Whether an item is computed and not asked."""
    return any(extension.get("url") == EXPRESSION for extension in parts(item, "extension"))


def _items(name: str, resource: Node, problems: list[Problem], notes: list[str]) -> Iterator[DraftItem]:
    seen: set[str] = set()
    for item, path, parents in walk(resource):
        kind = item.get("type")
        if kind in ("group", "display") or is_score(item):
            continue
        link = item.get("linkId")
        if not isinstance(link, str) or not link:
            problems.append(Problem(name, path, "has no linkId", "Give every item one."))
            continue
        if link in seen:
            problems.append(Problem(name, path, f"linkId {link} appears twice", "Give each item its own."))
            continue
        seen.add(link)
        if kind in ("string", "dateTime", "date", "time") and METADATA.search(link):
            notes.append(f"Left out, because it is about the form and not a question: {link}.")
            continue
        if kind not in KINDS:
            problems.append(Problem(name, path, f"type {kind} is not known here", "Use choice, integer or text."))
            continue
        yield _item(name, resource, item, path, parents, problems)


def _item(
    name: str, resource: Node, item: Node, path: str, parents: tuple[str, ...], problems: list[Problem]
) -> DraftItem:
    kind = KINDS[str(item["type"])]
    found = DraftItem(
        id=slug(str(item["linkId"]), "item"),
        link=str(item["linkId"]),
        text=str(item.get("text") or "").strip(),
        path=path,
        kind=kind,
        codes=_loinc(item),
        label=_own_label(item),
        threshold=_extension(item, THRESHOLD),
        parents=parents,
    )
    if kind == "choice":
        options = tuple(_options(name, resource, item, path, problems))
        if len(options) < 2:
            problems.append(Problem(name, path, "offers fewer than two answers", "Add answerOption entries."))
        return replace(found, options=options)
    if kind == "number":
        return _number(name, item, found, problems)
    return found


def _number(name: str, item: Node, found: DraftItem, problems: list[Problem]) -> DraftItem:
    low, high = _extension(item, MIN), _extension(item, MAX)
    if low is None or high is None or low >= high:
        todo = "Add minValue and maxValue to it."
        problems.append(Problem(name, found.path, "takes a number but does not say from where to where", todo))
        return found
    onto = next((part(e, "valueRange") for e in parts(item, "extension") if e.get("url") == ONTO), None)
    start, end = (figure_in(part(onto or {}, side).get("value")) for side in ("low", "high"))
    if onto is not None and (start is None or end is None or start >= end):
        problems.append(Problem(name, found.path, "is mapped onto no range of figures", "Give it low and high."))
        return found
    ends = None if start is None or end is None else (start, end)
    return replace(found, low=low, high=high, whole=item["type"] == "integer", onto=ends)


def _options(name: str, resource: Node, item: Node, path: str, problems: list[Problem]) -> Iterator[DraftOption]:
    if item.get("type") == "boolean":
        yield DraftOption("no", value=0, written={"valueBoolean": False})
        yield DraftOption("yes", value=1, written={"valueBoolean": True})
        return
    for option in parts(item, "answerOption"):
        yield _option(option)
    reference = item.get("answerValueSet")
    if isinstance(reference, str):
        concepts = _contained(resource, reference.removeprefix("#"))
        if not concepts:
            todo = "Put the ValueSet into `contained`, or use answerOption."
            problems.append(Problem(name, f"{path}.answerValueSet", f"{reference} is not in this file", todo))
        for system, concept in concepts:
            yield _from_concept(system, concept)


def _option(option: Node) -> DraftOption:
    coding = part(option, "valueCoding")
    weight = weight_in(option)
    weight = weight_in(coding) if weight is None else weight
    prefix = next((e.get("valueString") for e in parts(option, "extension") if e.get("url") == PREFIX), None)
    if coding:
        text = str(coding.get("display") or coding.get("code") or "")
        value = figure_written(prefix if prefix is not None else coding.get("code"))
        code = str(coding.get("code") or "") if _is_loinc(coding) else ""
        return DraftOption(text, weight, value, code, {"valueCoding": coding})
    whole = figure_in(option.get("valueInteger"))
    if whole is not None:
        return DraftOption(str(whole), whole if weight is None else weight, whole, "", {"valueInteger": whole})
    text = str(option.get("valueString") or "")
    return DraftOption(text, weight, figure_written(prefix), "", {"valueString": text})


def _from_concept(system: str, concept: Node) -> DraftOption:
    coding = {key: concept[key] for key in ("code", "display") if key in concept} | (
        {"system": system} if system else {}
    )
    text = str(concept.get("display") or concept.get("code") or "")
    code = str(concept.get("code") or "") if _is_loinc(coding) else ""
    return DraftOption(text, weight_in(concept), figure_written(concept.get("code")), code, {"valueCoding": coding})


def _contained(resource: Node, wanted: str) -> list[tuple[str, Node]]:
    found: list[tuple[str, Node]] = []
    for inner in parts(resource, "contained"):
        if inner.get("id") != wanted and inner.get("url") != wanted:
            continue
        for include in parts(part(inner, "compose"), "include"):
            found += [(str(include.get("system") or ""), concept) for concept in parts(include, "concept")]
        if not found:
            contains = parts(part(inner, "expansion"), "contains")
            found += [(str(concept.get("system") or ""), concept) for concept in contains]
    return [(system, _with_code_system_weight(resource, system, concept)) for system, concept in found]


def _with_code_system_weight(resource: Node, system: str, concept: Node) -> Node:
    """A concept, with the weight that a contained CodeSystem gives its code."""
    if weight_in(concept) is not None:
        return concept
    for inner in parts(resource, "contained"):
        if inner.get("resourceType") == "CodeSystem" and inner.get("url") == system:
            for each in parts(inner, "concept"):
                if each.get("code") == concept.get("code"):
                    return {"display": each.get("display"), **concept, "extension": parts(each, "extension")}
    return concept


def _extension(node: Node, url: str) -> float | None:
    for extension in parts(node, "extension"):
        if extension.get("url") == url:
            value = figure_in(extension.get("valueDecimal", extension.get("valueInteger")))
            return None if value is None else float(value)
    return None


def _loinc(node: Node) -> dict[str, str]:
    found = [c for c in parts(node, "code") if c.get("system") == LOINC and c.get("code")]
    return {"loinc": str(found[0]["code"])} if found else {}


def _is_loinc(coding: Node) -> bool:
    """LOINC answer codes begin with LA and are often written without their system."""
    return coding.get("system") == LOINC or bool(re.fullmatch(r"LA\d+-\d", str(coding.get("code") or "")))


def _own_label(item: Node) -> str:
    own = [c for c in parts(item, "code") if str(c.get("system", "")).startswith(OWN_SYSTEM + ":")]
    return str(own[0].get("display") or "") if own else ""
