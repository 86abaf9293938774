"""FHIR comes in tolerantly: weights wherever they stand, expressions believed only after they were tried."""

import json

import pytest

from shoshin.measures.models import files
from shoshin.measures.queries.drafts import Choices
from shoshin.measures.queries.fhir_import import fhir_proposal, questionnaire_proposal
from shoshin.measures.queries.proposals import as_wording
from shoshin.measures.queries.scores import scores_of
from tests.measures.conftest import ORDINAL, WORDS, computed, option, question, tea_form, unweighted, weighted

SAID = Choices(higher_is_worse=True, risk_items=())
WEIGH_ALL = "%resource.item.answer.value.weight().aggregate($this + $total, 0)"


def total(proposal, **answers) -> float | None:
    return scores_of(proposal.measure, answers)[proposal.measure.primary.id].value


def told(proposal) -> str:
    return "\n".join(str(problem) for problem in proposal.problems)


def test_weights_on_the_options_are_summed_where_no_score_is_named():
    proposal = questionnaire_proposal("tea.json", tea_form(*(weighted(link) for link in "abc")), SAID)
    assert proposal.is_ready, told(proposal)
    assert (total(proposal, a=0, b=0, c=0), total(proposal, a=2, b=2, c=2), total(proposal, a=1, b=0, c=2)) == (0, 6, 3)
    assert "the sum of 3 items was taken" in proposal.notes[0]


def test_facts_and_wording_are_kept_apart():
    proposal = questionnaire_proposal("tea.json", tea_form(weighted("a"), weighted("b")), SAID)
    assert "How about" not in json.dumps(proposal.measure.canonical())
    assert proposal.wording.items == {"a": "How about a?", "b": "How about b?"}
    assert proposal.wording.anchors["scale-1"] == dict(zip("012", WORDS, strict=True))


def test_an_answer_set_in_the_file_gives_the_weights():
    concepts = [
        {"code": word, "display": word, "extension": [{"url": ORDINAL, "valueDecimal": n}]}
        for n, word in enumerate(WORDS)
    ]
    contained = [{"resourceType": "ValueSet", "id": "how", "compose": {"include": [{"concept": concepts}]}}]
    items = [{"linkId": link, "type": "choice", "text": link, "answerValueSet": "#how"} for link in "ab"]
    proposal = questionnaire_proposal("tea.json", tea_form(*items, contained=contained), SAID)
    assert total(proposal, a=2, b=1) == 3


def test_a_code_system_in_the_file_gives_the_weights():
    weights = [{"url": "http://hl7.org/fhir/StructureDefinition/itemWeight", "valueDecimal": 5}]
    concepts = [{"code": "y", "display": "yes", "extension": weights}, {"code": "n", "display": "no"}]
    concepts[1]["extension"] = [{**weights[0], "valueDecimal": 1}]
    include = {"system": "urn:how", "concept": [{"code": "y"}, {"code": "n"}]}
    contained = [
        {"resourceType": "ValueSet", "id": "how", "compose": {"include": [include]}},
        {"resourceType": "CodeSystem", "url": "urn:how", "concept": concepts},
    ]
    items = [{"linkId": link, "type": "choice", "text": link, "answerValueSet": "#how"} for link in "ab"]
    proposal = questionnaire_proposal("tea.json", tea_form(*items, contained=contained), SAID)
    assert total(proposal, a=5, b=1) == 6


def test_an_answer_set_from_elsewhere_is_named_as_missing():
    item = {"linkId": "a", "type": "choice", "text": "a", "answerValueSet": "http://example.org/set"}
    assert "http://example.org/set is not in this file" in told(questionnaire_proposal("t.json", tea_form(item), SAID))


def test_integer_options_are_their_own_weights():
    item = {"linkId": "a", "type": "choice", "text": "a", "answerOption": [{"valueInteger": n} for n in (1, 2, 3)]}
    proposal = questionnaire_proposal("t.json", tea_form(item, {**item, "linkId": "b"}), SAID)
    assert total(proposal, a=3, b=1) == 4


def test_a_form_without_weights_is_refused_with_an_offer_to_enter_them():
    form = tea_form(unweighted("a"), unweighted("b"))
    proposal = questionnaire_proposal("tea.json", form, Choices())
    assert not proposal.is_ready
    assert "the answers have no weights, so nothing can be scored. Enter the weights below" in told(proposal)
    (asked,) = proposal.weight_questions
    assert (asked.answers, asked.items) == (WORDS, ("a", "b"))
    entered = Choices(weights={asked.key: (0, 2, 4)}, higher_is_worse=False, risk_items=())
    proposal = questionnaire_proposal("tea.json", form, entered)
    assert proposal.is_ready, told(proposal)
    assert total(proposal, a=4, b=2) == 6


def test_items_that_were_given_no_weight_come_in_unscored():
    other = question("d", [{"valueString": word} for word in ("mug", "cup")])
    form = tea_form(unweighted("a"), unweighted("b"), other)
    proposal = questionnaire_proposal("tea.json", form, Choices({"scale-1": (0, 1, 2)}, False, ()))
    assert proposal.is_ready, told(proposal)
    assert proposal.measure.item("d").role == "choice"


def test_a_person_must_say_the_direction_and_the_risk_items():
    form = tea_form(weighted("a"), weighted("b"))
    proposal = questionnaire_proposal("tea.json", form, Choices())
    assert (proposal.asks_direction, proposal.asks_risk, proposal.is_ready) == (True, True, False)
    marked = questionnaire_proposal("tea.json", form, Choices(higher_is_worse=True, risk_items=("b",)))
    assert marked.is_ready
    assert (marked.measure.safety.items, marked.measure.safety.threshold) == (("b",), 1)


def test_a_known_risk_item_is_found_by_its_code():
    risky = weighted("b") | {"code": [{"system": "http://loinc.org", "code": "44260-8"}]}
    proposal = questionnaire_proposal("tea.json", tea_form(weighted("a"), risky), Choices(higher_is_worse=True))
    assert proposal.is_ready
    assert proposal.measure.item("b").role == "risk"


@pytest.mark.parametrize(
    ("expression", "method", "answers", "expected"),
    [
        (WEIGH_ALL, "sum", {"a": 1, "b": 2, "c": 2}, 5),
        (f"{WEIGH_ALL} * 4", "sum_x4", {"a": 1, "b": 2, "c": 2}, 20),
        (f"({WEIGH_ALL} / 3 * 100 + 0.5).floor() / 100", "mean", {"a": 1, "b": 2, "c": 2}, 1.67),
        (f"({WEIGH_ALL}).select(iif($this < 3, $this, $this + 10))", "lookup", {"a": 1, "b": 2, "c": 2}, 15),
    ],
)
def test_an_expression_is_recognised_by_trying_it(expression, method, answers, expected):
    form = tea_form(*(weighted(link) for link in "abc"), computed(expression))
    proposal = questionnaire_proposal("tea.json", form, SAID)
    assert proposal.is_ready, told(proposal)
    assert proposal.measure.primary.method == method
    assert total(proposal, **answers) == expected


def test_only_items_that_move_the_score_are_counted():
    part = "%resource.item.where(linkId = 'a' or linkId = 'c').answer.value.weight().aggregate($this + $total, 0)"
    form = tea_form(*(weighted(link) for link in "abc"), computed(part))
    assert questionnaire_proposal("tea.json", form, SAID).measure.primary.items == ("a", "c")


def test_an_expression_that_we_cannot_reproduce_is_refused_by_its_path():
    one, other = (f"%resource.item.where(linkId = '{link}').answer.value.weight()" for link in "ab")
    form = tea_form(weighted("a"), weighted("b"), computed(f"{one} + 3 * {other}"))
    problem = questionnaire_proposal("tea.json", form, SAID).problems[0]
    assert (problem.path, problem.what) == ("item[2]", "computes something we cannot reproduce")


def test_an_expression_that_cannot_be_read_is_one_clear_problem():
    form = tea_form(weighted("a"), weighted("b"), computed("((("))
    assert "item[2]: The expression cannot be" in told(questionnaire_proposal("tea.json", form, SAID))


def test_scores_that_add_up_what_is_there_need_every_answer_here_and_it_says_so():
    form = tea_form(*(weighted(link) for link in "abc"), computed(WEIGH_ALL))
    proposal = questionnaire_proposal("tea.json", form, SAID)
    assert proposal.measure.primary.max_missing == 0
    assert any("where answers are missing" in note for note in proposal.notes)


def test_items_inside_groups_are_read_and_scored():
    group = {"linkId": "g", "type": "group", "item": [weighted("a"), weighted("b")]}
    inside = "%resource.item.item.answer.value.weight().aggregate($this + $total, 0)"
    proposal = questionnaire_proposal("tea.json", tea_form(group, computed(inside)), SAID)
    assert proposal.is_ready, told(proposal)
    assert total(proposal, a=2, b=1) == 3


def test_reversed_weights_over_numbered_answers_come_in_as_a_reversed_item():
    turned = question("b", [option(w, 2 - n, code=str(n)) for n, w in enumerate(WORDS)])
    plain = question("a", [option(w, n, code=str(n)) for n, w in enumerate(WORDS)])
    proposal = questionnaire_proposal("tea.json", tea_form(plain, turned), SAID)
    assert proposal.measure.primary.reverse == ("b",)
    assert total(proposal, a=2, b=2) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is no JSON"),
        (b"[]", "is None, not Questionnaire"),
        (b'{"resourceType": "Patient"}', "is Patient, not Questionnaire"),
        (json.dumps(tea_form()).encode(), "there are no questions"),
        (json.dumps(tea_form({"type": "choice", "text": "a"})).encode(), "has no linkId"),
        (json.dumps(tea_form(weighted("a"), weighted("a"))).encode(), "linkId a appears twice"),
        (json.dumps(tea_form(question("a", [option("x", 1)]))).encode(), "fewer than two answers"),
        (json.dumps(tea_form({"linkId": "a", "type": "integer"})).encode(), "does not say from where to where"),
        (json.dumps(tea_form({"linkId": "a", "type": "attachment"})).encode(), "type attachment is not known"),
        (json.dumps(tea_form(question("a", [option("x", 1), option("y")]), weighted("b"))).encode(), "some have none"),
        (json.dumps(tea_form(weighted("a", (1, 1, 2)), weighted("b", (1, 1, 2)))).encode(), "the same weight"),
    ],
)
def test_each_fault_is_one_clear_sentence(content, words):
    proposal = fhir_proposal("tea.json", content, SAID)
    assert words in told(proposal)
    assert proposal.measure is None


def test_bad_input_never_raises():
    for resource in ({"resourceType": "Questionnaire", "item": [None, 3, {"item": "x"}]}, {"resourceType": 3}, 7, None):
        assert questionnaire_proposal("odd.json", resource, SAID).problems


def test_a_form_can_bring_the_wording_of_a_measure_that_has_none():
    who = files.read_measure_file(files.CONTENT / "who-5.yaml")
    options = [option(f"word {n}", n) for n in range(6)]
    form = tea_form(*(question(f"q{n}", options, f"Made-up sentence {n}.") for n in range(5)))
    wording, problems = as_wording(questionnaire_proposal("who.json", form, Choices()), who)
    assert problems == []
    assert wording.items["3"] == "Made-up sentence 2."
    assert wording.anchors["frequency"]["5"] == "word 5"


def test_a_form_of_another_measure_is_no_wording():
    who = files.read_measure_file(files.CONTENT / "who-5.yaml")
    short = questionnaire_proposal("tea.json", tea_form(weighted("a"), weighted("b")), SAID)
    assert "has 2 questions with answers, WHO-5 has 5" in str(as_wording(short, who)[1][0])
    narrow = questionnaire_proposal("tea.json", tea_form(*(weighted(link) for link in "abcde")), SAID)
    assert "answers 0 to 2, not 0 to 5" in str(as_wording(narrow, who)[1][0])
