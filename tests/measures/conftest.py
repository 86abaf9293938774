"""Made-up forms for the importers: nobody's questionnaire."""

import pytest

from shoshin.kit.action import OPERATOR
from shoshin.measures.actions import load_measures, load_wording
from tests.cast import NOW

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
SUM = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
WORDS = ("never", "now and then", "often")


@pytest.fixture
def loaded(db):
    """The measures that come with the product, with our own wording."""
    load_measures(by=OPERATOR, at=NOW)
    load_wording(folder=None, clinic=None, by=OPERATOR, at=NOW)


def option(text: str, weight: float | None = None, code: str = "") -> dict:
    coding = {"valueCoding": {"code": code or text, "display": text}}
    return coding if weight is None else coding | {"extension": [{"url": ORDINAL, "valueDecimal": weight}]}


def question(link: str, options: list[dict], text: str = "") -> dict:
    return {"linkId": link, "type": "choice", "text": text or f"How about {link}?", "answerOption": options}


def weighted(link: str, weights=(0, 1, 2)) -> dict:
    return question(link, [option(text, weight) for text, weight in zip(WORDS, weights, strict=True)])


def unweighted(link: str) -> dict:
    return question(link, [{"valueString": text} for text in WORDS])


def computed(expression: str, link: str = "sum") -> dict:
    value = {"language": "text/fhirpath", "expression": expression}
    return {
        "linkId": link,
        "type": "decimal",
        "text": "Sum of tea",
        "readOnly": True,
        "extension": [{"url": SUM, "valueExpression": value}],
    }


def tea_form(*items: dict, **more) -> dict:
    """A FHIR Questionnaire about tea."""
    return {
        "resourceType": "Questionnaire",
        "name": "tea",
        "title": "Tea",
        "status": "draft",
        "item": list(items),
    } | more
