"""Stored measures and their answers as FHIR R4 resources, for pages and exports of other apps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shoshin.measures.models import MeasureVersion
from shoshin.measures.models.wording import Wording
from shoshin.measures.queries.fhir_export import Resource, observations, questionnaire, questionnaire_response
from shoshin.measures.queries.forms import shown_pack
from shoshin.measures.queries.scores import Answers
from shoshin.measures.queries.versions import facts
from shoshin.science.scales import Score

if TYPE_CHECKING:
    from shoshin.people.models import Clinic


def fhir_questionnaire(version: MeasureVersion, language: str, clinic: "Clinic | None") -> Resource | None:
    """The form: worded where this clinic may show it, else in our neutral labels; None for totals only."""
    measure = facts(version)
    if measure.totals_only:
        return None
    pack = shown_pack(version, language, clinic) or shown_pack(version, "en", clinic)
    return questionnaire(measure, Wording.model_validate(pack.wording) if pack else None)


def fhir_response(version: MeasureVersion, answers: Answers, *, authored: str) -> Resource:
    """A filled-in form."""
    return questionnaire_response(facts(version), answers, authored=authored)


def fhir_observations(
    version: MeasureVersion, scores: Mapping[str, Score], *, effective: str, response: str, subject: str | None = None
) -> list[Resource]:
    """One Observation per score, derived from the response of this reference."""
    return observations(facts(version), scores, effective=effective, response=response, subject=subject)
