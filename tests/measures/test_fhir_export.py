"""FHIR goes out strictly: valid resources, weights turned round per item, and a form that comes back the same."""

import copy
import json
import random

import pytest
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from shoshin.measures.models import files
from shoshin.measures.queries import fhir_export as export
from shoshin.measures.queries.drafts import Choices
from shoshin.measures.queries.fhir_import import questionnaire_proposal
from shoshin.measures.queries.fhirpath import weight_in
from shoshin.measures.queries.scores import scores_of
from tests.measures.forms_at_random import filled_in

MEASURES = {path.stem: files.read_measure_file(path) for path in files.measure_files()}
EACH = pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))


@EACH
def test_the_questionnaire_is_valid(measure):
    resource = export.questionnaire(measure)
    read = Questionnaire.model_validate(copy.deepcopy(resource))
    assert read.title == measure.title["en"]
    assert len(read.item) == len(measure.items) + len(measure.scores)


@EACH
def test_the_response_and_its_observations_are_valid(measure):
    answers = filled_in(measure, random.Random(5))
    response = export.questionnaire_response(measure, answers, authored="2026-11-03T09:00:00Z")
    QuestionnaireResponse.model_validate(copy.deepcopy(response))
    scores = scores_of(measure, answers)
    found = export.observations(
        measure, scores, effective="2026-11-03T09:00:00Z", response="QuestionnaireResponse/1", subject="Patient/1"
    )
    for resource in found:
        Observation.model_validate(copy.deepcopy(resource))
        assert resource["derivedFrom"] == [{"reference": "QuestionnaireResponse/1"}]
    assert len(found) == len(measure.scores)


@EACH
def test_it_comes_back_as_the_same_measure(measure):
    exported = json.loads(json.dumps(export.questionnaire(measure)))
    back = questionnaire_proposal("own.json", exported, Choices())
    assert back.is_ready, back.problems
    again = back.measure
    assert (again.id, again.version, again.codes, again.respondent) == (
        measure.id,
        measure.version,
        measure.codes,
        measure.respondent,
    )
    assert [(i.id, i.counts, i.role == "risk", i.codes, i.label["en"]) for i in again.items] == [
        (i.id, i.counts, i.role == "risk", i.codes, i.label["en"]) for i in measure.items
    ]
    assert again.safety == measure.safety
    assert [(s.id, set(s.items), set(s.reverse), s.low, s.high, s.higher_is_worse) for s in again.scores] == [
        (s.id, set(s.items), set(s.reverse), s.low, s.high, s.higher_is_worse) for s in measure.scores
    ]


@EACH
def test_what_came_back_scores_every_form_alike(measure):
    exported = json.loads(json.dumps(export.questionnaire(measure)))
    again = questionnaire_proposal("own.json", exported, Choices()).measure
    rng = random.Random(11)
    for _ in range(60):
        answers = filled_in(measure, rng, open_share=rng.choice((0, 0.1, 0.3)))
        ours = {key: score.value for key, score in scores_of(measure, answers).items()}
        theirs = {key: score.value for key, score in scores_of(again, answers).items()}
        assert theirs == ours


def test_a_reversed_item_carries_its_weights_turned_round():
    resource = export.questionnaire(MEASURES["core-10"])
    weights = {
        item["linkId"]: [weight_in(option) for option in item["answerOption"]]
        for item in resource["item"]
        if "answerOption" in item
    }
    assert weights["2"] == weights["3"] == [4, 3, 2, 1, 0]
    assert all(weights[str(n)] == [0, 1, 2, 3, 4] for n in (1, 4, 5, 6, 7, 8, 9, 10))


def test_unscored_items_carry_no_weight():
    items = {item["linkId"]: item for item in export.questionnaire(MEASURES["phq-9"])["item"]}
    assert [weight_in(option) for option in items["difficulty"]["answerOption"]] == [None] * 4


def test_bands_go_out_as_reference_ranges_and_a_missing_score_says_so():
    measure = MEASURES["phq-9"]
    whole, none = ({str(n): 1 for n in range(1, 10)}, {})
    ranges = export.observations(measure, scores_of(measure, whole), effective="2026", response="x")[0]
    assert ranges["valueQuantity"]["value"] == 9
    assert [(r["low"]["value"], r["high"]["value"]) for r in ranges["referenceRange"]][-1] == (20, 27)
    empty = export.observations(measure, scores_of(measure, none), effective="2026", response="x")[0]
    assert "valueQuantity" not in empty
    assert empty["dataAbsentReason"]["coding"][0]["code"] == "not-performed"


def test_loinc_codes_go_out():
    resource = export.questionnaire(MEASURES["gad-7"])
    assert resource["code"][0] == {"system": "http://loinc.org", "code": "69737-5"}
    assert resource["item"][0]["code"][0]["code"] == "69725-0"
    assert resource["item"][0]["answerOption"][3]["valueCoding"]["code"] == "LA6571-9"
    assert resource["item"][-1]["code"][0]["code"] == "70274-6"


def test_it_refuses_what_fhir_cannot_carry():
    measure = MEASURES["pcl-5"]
    odd = measure.model_copy(
        update={"scores": (measure.scores[0].model_copy(update={"reverse": ("1",)}), *measure.scores[1:])}
    )
    with pytest.raises(export.CannotExportMeasure, match="reversed in one score"):
        export.questionnaire(odd)
