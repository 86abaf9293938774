"""FHIRPath over questionnaires: compiled expressions, and SDC's weight(), which the engine lacks."""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import fhirpathpy
from fhirpathpy.models import models as fhir_models

from shoshin.measures.queries.json_files import LARGEST, figure_in, parts

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT_URLS = (
    ORDINAL,
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
)
Evaluate = Callable[..., list[Any]]


class CannotEvaluate(ValueError):
    """An expression that the engine does not understand."""


def weight_in(element: dict[str, Any]) -> float | None:
    """The weight written on an answer option, a coding or a concept."""
    for extension in parts(element, "extension"):
        if extension.get("url") in WEIGHT_URLS:
            value = figure_in(extension.get("valueDecimal", extension.get("valueInteger")))
            if value is not None:
                return value
    return None


@lru_cache(maxsize=256)
def compiled(expression: str) -> Evaluate:
    """An expression, parsed once. Called with a response and a dict of variables."""
    options = {"userInvocationTable": dict.fromkeys(("weight", "ordinal"), WEIGHT)}
    try:
        return fhirpathpy.compile(expression, fhir_models["r4"], options)
    except Exception as error:  # the parser raises its own bare Exception
        raise CannotEvaluate(f"The expression cannot be read: {error}") from None


def figure(expression: str, response: dict[str, Any], variables: dict[str, Any]) -> float | None:
    """What an expression comes to for one response; None for an empty result."""
    try:
        found = compiled(expression)(response, variables)
    except CannotEvaluate:
        raise
    except Exception as error:  # the engine raises bare Exceptions
        raise CannotEvaluate(f"The expression cannot be worked out: {error}") from None
    if not found:
        return None
    try:
        value = float(found[0])
    except (TypeError, ValueError, OverflowError):
        raise CannotEvaluate("The expression does not give a number.") from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise CannotEvaluate("The expression does not give a number that can be counted.")
    return value


def collection(expression: str, response: dict[str, Any], variables: dict[str, Any]) -> list[Any]:
    """What an expression comes to, as the collection it is: a variable may hold many values."""
    try:
        return compiled(expression)(response, variables)
    except CannotEvaluate:
        raise
    except Exception as error:
        raise CannotEvaluate(f"The expression cannot be worked out: {error}") from None


def _weights(codings: Iterable[Any]) -> list[float]:
    plain = [getattr(coding, "data", coding) for coding in codings]
    found = [weight_in(coding) for coding in plain if isinstance(coding, dict)]
    return [value for value in found if value is not None]


WEIGHT = {"fn": _weights, "arity": {0: []}}
