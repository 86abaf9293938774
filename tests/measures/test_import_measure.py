"""Bringing in a form, as a measure of one's own or as wording; and measures known by their totals."""

import json

import pytest

from shoshin.measures.actions import (
    CannotDefineTotalsMeasure,
    CannotImportMeasure,
    TotalsFigures,
    define_totals_measure,
    import_measure,
)
from shoshin.measures.models import LicenceConfirmation, MeasureVersion, WordingPack
from shoshin.measures.queries import (
    Choices,
    cutoff,
    facts,
    form_for,
    is_worded,
    measure_version,
    proposal_from,
    reliable_change,
    score_answers,
    score_of_total,
    skeleton_names,
)
from shoshin.measures.queries import fhir_export as export
from tests.cast import NOW
from tests.measures.conftest import option, question, tea_form, unweighted, weighted

SAID = Choices(higher_is_worse=True, risk_items=())
TERMS = "We may use it."


def tea(choices=SAID, **more):
    return proposal_from("tea.json", json.dumps(tea_form(weighted("a"), weighted("b"), **more)).encode(), choices)


def brought_in(cast, proposal, **more):
    return import_measure(
        **({"proposal": proposal, "statement": TERMS, "clinic": cast.clinic, "by": cast.ada, "at": NOW} | more)
    )


def test_a_form_comes_in_scored_and_worded_for_its_clinic_only(cast):
    version = brought_in(cast, tea())
    assert score_answers(version, {"a": 2, "b": 1})["total"].value == 3
    assert form_for(version, "en", cast.clinic).items[0].text == "How about a?"
    assert not is_worded(version, "en", cast.eve.clinic)
    assert measure_version("tea", clinic=cast.clinic) == version
    assert LicenceConfirmation.objects.get().statement == TERMS
    assert reliable_change(version, "total").points is None


def test_the_same_file_twice_adds_nothing(cast):
    assert brought_in(cast, tea()) == brought_in(cast, tea())
    assert (MeasureVersion.objects.count(), WordingPack.objects.count()) == (1, 1)


def test_other_facts_under_the_same_name_are_a_new_version(cast):
    first = brought_in(cast, tea())
    second = brought_in(cast, tea(Choices(higher_is_worse=False, risk_items=())))
    assert (first.version, second.version) == ("1", "1.1")
    assert measure_version("tea", clinic=cast.clinic) == second


def test_an_import_never_hides_a_measure_of_the_installation(cast, loaded):
    exported = json.dumps(export.questionnaire(facts(measure_version("phq-9")))).encode()
    version = brought_in(cast, proposal_from("phq.json", exported, Choices()))
    assert version.measure_id == "phq-9-imported"
    assert measure_version("phq-9", clinic=cast.clinic).clinic is None
    assert facts(version).safety.items == ("9",)


def test_without_the_terms_nothing_is_stored(cast):
    with pytest.raises(CannotImportMeasure, match="Confirm first"):
        brought_in(cast, tea(), statement=" ")
    assert not MeasureVersion.objects.exists()


def test_open_questions_and_problems_stop_it_and_nothing_is_stored(cast):
    with pytest.raises(CannotImportMeasure, match="questions about this form are open"):
        brought_in(cast, tea(Choices()))
    bare = proposal_from("tea.json", json.dumps(tea_form(unweighted("a"), unweighted("b"))).encode(), SAID)
    with pytest.raises(CannotImportMeasure, match="have no weights"):
        brought_in(cast, bare)
    assert not MeasureVersion.objects.exists()


def test_it_can_be_the_wording_of_a_skeleton(cast, loaded):
    assert "who-5" in dict(skeleton_names(cast.clinic))
    options = [option(f"word {n}", n) for n in range(6)]
    form = tea_form(*(question(f"q{n}", options) for n in range(5)))
    proposal = proposal_from("who.json", json.dumps(form).encode(), Choices())
    version = brought_in(cast, proposal, wording_for=measure_version("who-5"))
    assert version.measure_id == "who-5"
    assert form_for(version, "en", cast.clinic).items[0].options[5].text == "word 5"
    assert "who-5" not in dict(skeleton_names(cast.clinic))


def test_wording_that_does_not_fit_a_skeleton_is_refused(cast, loaded):
    with pytest.raises(CannotImportMeasure, match="has 2 questions with answers, WHO-5 has 5"):
        brought_in(cast, tea(), wording_for=measure_version("who-5"))
    assert not LicenceConfirmation.objects.exists()


BDI = TotalsFigures("BDI-II", 0, 63, True, "Manual", cutoff=14, sd=10.5, reliability=0.93)


def defined(cast, figures):
    return define_totals_measure(figures=figures, clinic=cast.clinic, by=cast.ada, at=NOW)


def test_a_totals_measure_knows_what_it_was_told(cast):
    version = defined(cast, BDI)
    found = reliable_change(version, "total")
    assert (found.origin, round(found.points, 2)) == ("computed", 7.7)
    assert (cutoff(version, "total").points, cutoff(version, "total").side) == (14, "at_or_above")
    assert score_of_total(version, "total", 30).value == 30
    assert score_answers(version, {}) == {}


def test_the_same_figures_twice_are_one_measure_and_others_a_new_version(cast):
    assert defined(cast, BDI) == defined(cast, BDI)
    other = defined(cast, TotalsFigures("BDI-II", 0, 63, True, "Manual", points=9))
    assert (other.version, reliable_change(other, "total").points) == ("2", 9)
    assert MeasureVersion.objects.count() == 2


def test_without_figures_reliable_change_cannot_be_computed(cast):
    version = defined(cast, TotalsFigures("Tea score", 0, 10, False, ""))
    assert (reliable_change(version, "total").points, cutoff(version, "total")) == (None, None)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (TotalsFigures("x", 10, 0, True, "s"), "lowest total must lie below"),
        (TotalsFigures("x", 0, 10, True, "s", sd=3), "give both, or neither"),
        (TotalsFigures("x", 0, 10, True, "s", cutoff=12), "outside the score's range"),
        (TotalsFigures("x", 0, 10, True, "s", points=-1), "greater than 0"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(cast, figures, words):
    with pytest.raises(CannotDefineTotalsMeasure, match=words):
        defined(cast, figures)
