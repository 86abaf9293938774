"""Which score an expression computes, found by trying it: the file's own FHIRPath against our arithmetic.

An expression is never trusted by its looks. Which items it counts is seen by changing one answer at a time;
how it adds up, by comparing it with each method we know on forms filled in at random. What agrees on every
form is taken.
"""

import copy
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from shoshin.measures.models.files import Problem
from shoshin.measures.queries.drafts import Draft, DraftItem, DraftScore
from shoshin.measures.queries.fhirpath import ORDINAL, CannotEvaluate, collection, figure
from shoshin.measures.queries.json_files import Node, part, parts
from shoshin.science.scales import BadAnswer, BadRule, Method, ScoreRule, score

EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable"
DIRECTION = "urn:shoshin:measure:direction"
OWN_SCORE = "score-"
METHODS: tuple[Method, ...] = ("sum", "mean", "mean_x10", "sum_x2", "sum_x4", "percent_mean")
FORMS = 12
Filled = dict[str, int | float]  # item id -> index of its answer, or a figure


@dataclass
class Calculation:
    """One computed item of a questionnaire, ready to be worked out for a form."""

    link: str
    title: str
    path: str
    expression: str
    variables: list[tuple[str, str]]
    questionnaire: Node
    draft: Draft
    direction: bool | None = None
    codes: Mapping[str, str] = field(default_factory=dict)

    def of(self, filled: Filled) -> float | None:
        """What the file's own expression gives for a filled-in form."""
        response = _response(self.draft, filled)
        known: Node = {"resource": response, "questionnaire": self.questionnaire}
        for name, expression in self.variables:
            known[name] = collection(expression, response, known)
        return figure(self.expression, response, known)


def scores_in(resource: Node, draft: Draft) -> tuple[tuple[DraftScore, ...], list[Problem], list[str]]:
    """Every score of a questionnaire, with problems and notes."""
    scores, problems, notes = [], [], []
    for calculation in _calculations(resource, draft):
        try:
            found, said = _recognised(calculation)
        except (CannotEvaluate, BadAnswer, BadRule) as refusal:
            problems.append(Problem(draft.file, calculation.path, str(refusal).rstrip("."), "Mend the expression."))
            continue
        if found is None:
            todo = "Remove it and choose the items that count, or rewrite it as a sum or mean."
            problems.append(Problem(draft.file, calculation.path, "computes something we cannot reproduce", todo))
            continue
        scores.append(found)
        notes += said
    if len(scores) == 1 and not _is_ours(resource):
        scores = [replace(scores[0], id="total")]
    return tuple(scores), problems, notes


def _is_ours(resource: Node) -> bool:
    return str(resource.get("url", "")).startswith("urn:shoshin:measure:")


def _calculations(resource: Node, draft: Draft) -> Iterator[Calculation]:
    questionnaire = copy.deepcopy(resource)
    for item, path, variables in _computed(resource, "", _variables(resource)):
        for extension in _extensions(item, EXPRESSION):
            expression = part(extension, "valueExpression").get("expression")
            if not isinstance(expression, str):
                continue
            direction = next((e.get("valueCode") for e in _extensions(item, DIRECTION)), None)
            codes = [c for c in parts(item, "code") if c.get("system") == "http://loinc.org" and c.get("code")]
            yield Calculation(
                link=str(item.get("linkId") or f"score-{path}"),
                title=str(item.get("text") or "Total"),
                path=path,
                expression=expression,
                variables=variables,
                questionnaire=questionnaire,
                draft=draft,
                direction={"worse": True, "better": False}.get(str(direction)),
                codes={"loinc": str(codes[0]["code"])} if codes else {},
            )


def _computed(
    node: Node, path: str, variables: list[tuple[str, str]]
) -> Iterator[tuple[Node, str, list[tuple[str, str]]]]:
    for n, item in enumerate(parts(node, "item")):
        here = f"{path}item[{n}]"
        known = [*variables, *_variables(item)]
        if _extensions(item, EXPRESSION):
            yield item, here, known
        yield from _computed(item, f"{here}.", known)


def _extensions(node: Node, url: str) -> list[Node]:
    return [each for each in parts(node, "extension") if each.get("url") == url]


def _variables(node: Node) -> list[tuple[str, str]]:
    found = [part(each, "valueExpression") for each in _extensions(node, VARIABLE)]
    return [(str(e["name"]), str(e["expression"])) for e in found if e.get("name") and e.get("expression")]


def _recognised(calculation: Calculation) -> tuple[DraftScore | None, list[str]]:
    items = _counted(calculation)
    if not items:
        return None, []
    forms = _forms(calculation.draft)
    expected = [calculation.of(form) for form in forms]
    score_id = calculation.link.removeprefix(OWN_SCORE).strip("/").replace("/", "-") or "total"
    plain = DraftScore(
        id=score_id if len(score_id) <= 64 else "total",
        title=calculation.title,
        items=tuple(item.id for item in items),
        higher_is_worse=calculation.direction,
        codes=calculation.codes,
    )
    tried = [_with_missing(each, items, calculation) for each in _methods(plain, items, forms, expected)]
    if not tried:
        table = _table(plain, items, calculation, forms, expected)
        tried = [_with_missing(table, items, calculation)] if table else []
    # Methods that agree on whole forms may differ where answers are missing: the one that differs least is meant.
    return min(tried, key=lambda each: (bool(each[1]), -each[0].max_missing), default=(None, []))


def _counted(calculation: Calculation) -> list[DraftItem]:
    """The items whose answer changes the result, seen by moving one answer at a time from one end to the other."""
    can = [item for item in calculation.draft.items if item.can_count]
    bottom = {item.id: _end(item, top=False) for item in can}
    before = calculation.of(bottom)
    return [item for item in can if calculation.of(bottom | {item.id: _end(item, top=True)}) != before]


def _end(item: DraftItem, *, top: bool) -> float:
    if item.kind == "number":
        return item.high if top else item.low
    weights = [option.weight or 0 for option in item.options]
    return weights.index(max(weights) if top else min(weights))


def _forms(draft: Draft, count: int = FORMS) -> list[Filled]:
    rng = random.Random(draft.id)  # noqa: S311 - the same file is always tried with the same forms
    can = [item for item in draft.items if item.can_count]
    return [{item.id: _any(item, rng) for item in can} for _ in range(count)]


def _any(item: DraftItem, rng: random.Random) -> float:
    if item.kind == "choice":
        return rng.randrange(len(item.options))
    return rng.randint(int(item.low), int(item.high)) if item.whole else round(rng.uniform(item.low, item.high), 1)


def _weight(item: DraftItem, filled: int | float) -> float:
    if item.kind == "choice":
        return item.options[int(filled)].weight or 0
    if item.onto is None:
        return filled
    (start, end), width = item.onto, item.high - item.low
    return start + (filled - item.low) * (end - start) / width


def _native(plain: DraftScore, items: list[DraftItem], filled: Filled) -> float | None:
    """Our own arithmetic on weights. Reversal is already in the weights, so nothing is reversed here."""
    rule = ScoreRule(
        id=plain.id,
        items=plain.items,
        method=plain.method,
        low={item.id: item.ends[0] for item in items},
        high={item.id: item.ends[1] for item in items},
        max_missing=plain.max_missing,
        decimals=plain.decimals,
        table=plain.table,
    )
    return score({item.id: _weight(item, filled[item.id]) for item in items if item.id in filled}, rule).value


def _same(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) < 1e-6


def _methods(
    plain: DraftScore, items: list[DraftItem], forms: list[Filled], expected: list[float | None]
) -> Iterator[DraftScore]:
    """Every way of adding up that gives what the file gives, on each of these forms."""
    for decimals in range(4):
        for method in METHODS:
            tried = replace(plain, method=method, decimals=decimals)
            pairs = zip(forms, expected, strict=True)
            if all(_same(_native(tried, items, form), value) for form, value in pairs):
                yield tried


def _table(
    plain: DraftScore,
    items: list[DraftItem],
    calculation: Calculation,
    forms: list[Filled],
    expected: list[float | None],
) -> DraftScore | None:
    """A conversion table: one value for each whole raw sum, read off form by form and then tried on the others."""
    if any(item.kind != "choice" or any((o.weight or 0) % 1 for o in item.options) for item in items):
        return None
    found: dict[int, float] = {}
    for raw, form in _one_form_a_sum(items):
        value = calculation.of(form)
        if value is None:
            return None
        found[raw] = value
    if max(found) - min(found) + 1 != len(found):
        return None  # a table needs a row for each sum that can come up
    decimals = max((-_exponent(value) for value in found.values()), default=0)
    tried = replace(plain, method="lookup", table=found, decimals=min(decimals, 4))
    agrees = all(_same(_native(tried, items, form), value) for form, value in zip(forms, expected, strict=True))
    return tried if agrees else None


def _exponent(value: float) -> int:
    exact, places = Fraction(str(value)), 0
    while exact.denominator != 1 and places < 4:
        exact, places = exact * 10, places + 1
    return -places


def _one_form_a_sum(items: list[DraftItem]) -> Iterator[tuple[int, Filled]]:
    form: Filled = {item.id: _end(item, top=False) for item in items}
    yield round(sum(_weight(item, form[item.id]) for item in items)), dict(form)
    for item in items:
        order = sorted(range(len(item.options)), key=lambda n: item.options[n].weight or 0)
        for n in order[1:]:
            form[item.id] = n
            yield round(sum(_weight(each, form[each.id]) for each in items)), dict(form)


def _with_missing(found: DraftScore, items: list[DraftItem], calculation: Calculation) -> tuple[DraftScore, list[str]]:
    """How many answers may be missing: as many as the expression fills in the way we do."""
    rng = random.Random(found.id)  # noqa: S311 - as above
    allowed, differs = 0, False
    for missing in range(1, len(items)):
        tried = replace(found, max_missing=missing)
        for form in _forms(calculation.draft, 3):
            gone = rng.sample([item.id for item in items], missing)
            part = {key: value for key, value in form.items() if key not in gone}
            theirs = calculation.of(part)
            differs = differs or (theirs is not None and not _same(_native(tried, items, part), theirs))
            if theirs is None or differs:
                break
        else:
            allowed = missing
            continue
        break
    said = f"{found.title}: where answers are missing the file adds up what is there; here there is no score."
    return replace(found, max_missing=allowed), [said] if differs else []


def _response(draft: Draft, filled: Filled) -> Node:
    """A QuestionnaireResponse in the file's own link ids, groups and kinds of answer."""
    response: Node = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": []}
    groups: dict[tuple[str, ...], list[Node]] = {(): response["item"]}
    for item in draft.items:
        if item.id in filled:
            answer = _answer(item, filled[item.id])
            _place(groups, item.parents).append({"linkId": item.link, "answer": [answer]})
    return response


def _place(groups: dict[tuple[str, ...], list[Node]], parents: tuple[str, ...]) -> list[Node]:
    if parents not in groups:
        inner: list[Node] = []
        _place(groups, parents[:-1]).append({"linkId": parents[-1], "item": inner})
        groups[parents] = inner
    return groups[parents]


def _answer(item: DraftItem, filled: int | float) -> Node:
    if item.kind == "number":
        return {"valueInteger": int(filled)} if item.whole else {"valueDecimal": filled}
    option = item.options[int(filled)]
    written = copy.deepcopy(dict(option.written))
    if "valueCoding" in written and option.weight is not None:
        written["valueCoding"]["extension"] = [{"url": ORDINAL, "valueDecimal": option.weight}]
    return written
