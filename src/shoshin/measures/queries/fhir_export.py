"""FHIR R4 out, strictly: Questionnaire, QuestionnaireResponse, an Observation per score, as plain dicts."""

from collections.abc import Mapping
from typing import Any

from shoshin.measures.models.definitions import Measure, ScoreFacts
from shoshin.measures.models.facts import Item, Scale
from shoshin.measures.models.wording import Wording, key_of
from shoshin.measures.queries.fhirpath import ORDINAL
from shoshin.science.scales import Score

LOINC = "http://loinc.org"
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable"
PREFIX = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionPrefix"
MIN, MAX = ("http://hl7.org/fhir/StructureDefinition/" + name for name in ("minValue", "maxValue"))
CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
STEP = "http://hl7.org/fhir/StructureDefinition/questionnaire-sliderStepValue"
ROLE = "urn:shoshin:measure:role"
THRESHOLD = "urn:shoshin:measure:risk-threshold"
ONTO = "urn:shoshin:measure:onto"
DIRECTION = "urn:shoshin:measure:direction"
SCORE_PREFIX = "score-"
PATH = "text/fhirpath"
Resource = dict[str, Any]
FACTORS = {"mean_x10": 10, "sum_x2": 2, "sum_x4": 4}


class CannotExportMeasure(ValueError):
    """A measure that FHIR cannot carry as it is."""


def system_of(measure: Measure) -> str:
    """Our own code system for one measure version."""
    return f"urn:shoshin:measure:{measure.id}:{measure.version}"


def questionnaire(measure: Measure, wording: Wording | None = None) -> Resource:
    """The form, in its wording or our neutral labels, with weights and an expression per score."""
    if measure.totals_only:
        raise CannotExportMeasure(f"{measure.short} is known by its totals only: there is no form to export.")
    return {
        "resourceType": "Questionnaire",
        "url": system_of(measure),
        "version": measure.version,
        "identifier": [{"system": "urn:shoshin:measure", "value": measure.id}],
        "name": "".join(part.capitalize() for part in measure.id.replace(".", "-").split("-")),
        "title": wording.title if wording else measure.title["en"],
        "status": "active",
        "subjectType": ["Patient" if measure.respondent == "client" else "Practitioner"],
        "language": wording.language if wording else "en",
        "code": [*_codes(measure.codes), _own_code(measure, measure.id, measure.short)],
        **_described(measure, wording),
        "item": [
            *(_item(measure, item, wording) for item in measure.items),
            *(_score_item(measure, score) for score in measure.scores),
        ],
    }


def questionnaire_response(measure: Measure, answers: Mapping[str, Any], *, authored: str) -> Resource:
    """A filled-in form; open answers are left out."""
    given = [(item, answers.get(item.id)) for item in measure.items]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{system_of(measure)}|{measure.version}",
        "status": "completed",
        "authored": authored,
        "item": [
            {"linkId": item.id, "text": item.label["en"], "answer": [_answer(measure, item, value)]}
            for item, value in given
            if value is not None
        ],
    }


def observations(
    measure: Measure,
    scores: Mapping[str, Score],
    *,
    effective: str,
    response: str,
    subject: str | None = None,
) -> list[Resource]:
    """One Observation per score, derived from the response of this reference."""
    return [
        _observation(measure, measure.score(score_id), score, effective, response, subject)
        for score_id, score in scores.items()
    ]


def reversed_items(measure: Measure) -> set[str]:
    """Items that count backwards; one that does so in one score only cannot be carried."""
    backwards = {item for score in measure.scores for item in score.reverse}
    for score in measure.scores:
        odd = (backwards & set(score.items)) - set(score.reverse)
        if odd:
            raise CannotExportMeasure(f"Items {sorted(odd)} are reversed in one score and not in another.")
    return backwards


def expression_of(measure: Measure, score: ScoreFacts) -> str:
    """A score as FHIRPath over the variable %answers. A half goes up, whatever the engine's round() does."""
    n, rule = len(score.items), "%answers.aggregate($this + $total, 0)"
    total = f"({rule} * {n} / %answers.count())" if score.max_missing else rule
    if score.method == "lookup":
        whole = f"({total} + 0.5).floor()" if score.max_missing else f"({total})"
        value = f"{whole}.select({_lookup(score.table)})"
    elif score.method == "percent_mean":
        low, high = _shared_ends(measure, score)
        value = f"(({rule} / %answers.count() - {low:g}) * 100 / {high - low:g})"
    else:
        factor, share = FACTORS.get(score.method, 1), n if score.method in ("mean", "mean_x10") else 1
        value = f"({total} * {factor} / {share})"
    enough = [f"%answers.count() >= {n - score.max_missing}"]
    enough += [f"{_values(measure, d.items)}.count() >= {len(d.items) - d.max_missing}" for d in score.domains]
    if score.method != "lookup":
        value = f"({value} * {10**score.decimals} + 0.5).floor() / {10**score.decimals}"
    return f"iif({' and '.join(enough)}, {value}, {{}})"


def answers_expression(measure: Measure, score: ScoreFacts) -> str:
    """The keyed answers of a score, as the collection that its expression adds up."""
    if score.max_missing:
        _shared_ends(measure, score)
    return _values(measure, score.items)


def _values(measure: Measure, items: tuple[str, ...]) -> str:
    backwards = reversed_items(measure)
    groups: dict[str, list[str]] = {}
    for item in items:
        scale = measure.scale_of(item)
        weighted = bool(scale.values) and scale.onto is None
        figure = "weight()" if weighted else f"select({_figure(scale, item in backwards)})"
        groups.setdefault(figure, []).append(item)
    parts = [f"%resource.item{_only(measure, chosen)}.answer.value.{f}" for f, chosen in groups.items()]
    first, *others = parts
    return first + "".join(f".combine({other})" for other in others)


def _only(measure: Measure, items: list[str]) -> str:
    """The condition that picks these items; none is needed where every answer that has a weight is theirs."""
    counted = [item.id for item in measure.items if item.counts]
    if set(counted) == set(items) and all(measure.scale_of(item).values for item in items):
        return ""
    names = "|".join(item.replace(".", "[.]") for item in items)
    return f".where(linkId.matches('^({names})$'))"


def _figure(scale: Scale, backwards: bool) -> str:
    (low, high), (start, end) = scale.ends, scale.scored_ends
    value = "$this" if scale.onto is None else f"({start:g} + ($this - {low:g}) * {end - start:g} / {high - low:g})"
    return f"({start + end:g} - {value})" if backwards else f"({value} + 0)"


def _shared_ends(measure: Measure, score: ScoreFacts) -> tuple[float, float]:
    ends = {measure.scale_of(item).scored_ends for item in score.items}
    if len(ends) > 1:
        raise CannotExportMeasure(f"{score.id}: missing answers of unequal scales cannot be written as FHIRPath.")
    return ends.pop()


def _lookup(table: Mapping[int, float]) -> str:
    text = "{}"
    for key, value in sorted(table.items(), reverse=True):
        text = f"iif($this = {key}, {value:g}, {text})"
    return text


def _own_code(measure: Measure, code: str, display: str) -> Resource:
    return {"system": system_of(measure), "code": code, "display": display}


def _described(measure: Measure, wording: Wording | None) -> Resource:
    found = {"description": wording.stem if wording else "", "copyright": measure.licence.credit["en"]}
    return {key: text for key, text in found.items() if text}


def _codes(codes: Mapping[str, str]) -> list[Resource]:
    systems = {"loinc": LOINC, "snomed": "http://snomed.info/sct"}
    return [{"system": systems[name], "code": code} for name, code in codes.items() if name in systems]


def _item(measure: Measure, item: Item, wording: Wording | None) -> Resource:
    scale = measure.scales[item.scale]
    own = _own_code(measure, item.id, item.label["en"])
    plain: Resource = {
        "linkId": item.id,
        "code": [*_codes(item.codes), own],
        "text": wording.items[item.id] if wording else item.label["en"],
        "type": _type(scale),
        "required": False,
    }
    extensions = _role_extensions(measure, item) + _range_extensions(scale)
    if extensions:
        plain["extension"] = extensions
    if scale.values:
        plain["answerOption"] = [_option(measure, item, value, wording) for value in scale.values]
    return plain


def _type(scale: Scale) -> str:
    if scale.values:
        return "choice"
    if scale.kind == "text":
        return "text"
    return "integer" if float(scale.step).is_integer() else "decimal"


def _role_extensions(measure: Measure, item: Item) -> list[Resource]:
    if item.role != "risk" or measure.safety is None:
        return []
    threshold = {"url": THRESHOLD, "valueDecimal": measure.safety.threshold}
    return [{"url": ROLE, "valueCode": "risk"}, threshold]


def _range_extensions(scale: Scale) -> list[Resource]:
    if scale.values or scale.kind == "text":
        return []
    whole = float(scale.step).is_integer()
    low, high = scale.ends
    key, figures = ("valueInteger", (int(low), int(high))) if whole else ("valueDecimal", (low, high))
    concept = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "slider"}]}
    found: list[Resource] = [{"url": MIN, key: figures[0]}, {"url": MAX, key: figures[1]}]
    found.append({"url": CONTROL, "valueCodeableConcept": concept})
    if scale.onto:
        found.append({"url": ONTO, "valueRange": {"low": {"value": scale.onto[0]}, "high": {"value": scale.onto[1]}}})
    return [*found, {"url": STEP, "valueInteger": int(scale.step)}] if whole else found


def _option(measure: Measure, item: Item, value: float, wording: Wording | None) -> Resource:
    extensions: list[Resource] = [{"url": PREFIX, "valueString": key_of(value)}]
    if item.counts:
        extensions.append({"url": ORDINAL, "valueDecimal": _weight(measure, item, value)})
    return {"extension": extensions, "valueCoding": _coding(measure, item, value, wording)}


def _weight(measure: Measure, item: Item, value: float) -> float:
    low, high = measure.scales[item.scale].ends
    return low + high - value if item.id in reversed_items(measure) else value


def _coding(measure: Measure, item: Item, value: float, wording: Wording | None) -> Resource:
    scale, key = measure.scales[item.scale], key_of(value)
    anchors = wording.item_anchors.get(item.id, wording.anchors.get(item.scale, {})) if wording else {}
    if key in scale.codes:
        return {"system": LOINC, "code": scale.codes[key], "display": anchors.get(key, key)}
    return _own_code(measure, key, anchors.get(key, key))


def _score_item(measure: Measure, score: ScoreFacts) -> Resource:
    answers = {"name": "answers", "language": PATH, "expression": answers_expression(measure, score)}
    value = {"description": score.title["en"], "language": PATH, "expression": expression_of(measure, score)}
    extensions: list[Resource] = [
        {"url": VARIABLE, "valueExpression": answers},
        {"url": EXPRESSION, "valueExpression": value},
        {"url": DIRECTION, "valueCode": "worse" if score.higher_is_worse else "better"},
    ]
    return {
        "linkId": SCORE_PREFIX + score.id,
        "code": [*_codes(score.codes), _own_code(measure, SCORE_PREFIX + score.id, score.title["en"])],
        "text": score.title["en"],
        "type": "decimal",
        "readOnly": True,
        "extension": extensions,
    }


def _answer(measure: Measure, item: Item, value: Any) -> Resource:
    scale = measure.scales[item.scale]
    if scale.kind == "text":
        return {"valueString": str(value)}
    if not scale.values:
        whole = float(scale.step).is_integer()
        return {"valueInteger": int(value)} if whole else {"valueDecimal": value}
    coding = _coding(measure, item, value, None)
    if item.counts:
        coding["extension"] = [{"url": ORDINAL, "valueDecimal": _weight(measure, item, value)}]
    return {"valueCoding": coding}


def _observation(
    measure: Measure, facts: ScoreFacts, score: Score, effective: str, response: str, subject: str | None
) -> Resource:
    own = _own_code(measure, SCORE_PREFIX + facts.id, facts.title["en"])
    survey = "http://terminology.hl7.org/CodeSystem/observation-category"
    found: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": survey, "code": "survey"}]}],
        "code": {"coding": [*_codes(facts.codes), own], "text": f"{measure.short}: {facts.title['en']}"},
        "effectiveDateTime": effective,
        "derivedFrom": [{"reference": response}],
    }
    if subject:
        found["subject"] = {"reference": subject}
    if facts.bands:
        found["referenceRange"] = [
            {"low": _quantity(step.low), "high": _quantity(step.high), "text": step.word["en"]}
            for step in facts.bands.steps
        ]
    if score.prorated:
        missing = f"{len(score.missing)} of {len(facts.items)} answers were missing and filled in with the mean."
        found["note"] = [{"text": missing}]
    return found | _value(score)


def _value(score: Score) -> Resource:
    if score.value is not None:
        return {"valueQuantity": _quantity(score.value)}
    absent = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
    return {"dataAbsentReason": {"coding": [{"system": absent, "code": "not-performed"}]}}


def _quantity(value: float) -> Resource:
    return {"value": value, "unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"}
