"""Scoring by the facts files, held against independent oracles."""

import random
import time

import pytest

from shoshin.measures.models import files
from shoshin.measures.models.definitions import Measure, ScoreFacts
from shoshin.measures.queries import (
    answer_problems,
    band,
    change_figures,
    cutoff,
    facts,
    headline_score,
    measure_version,
    patterns_met,
    reliable_change,
    risk_items_marked,
    risk_items_missing,
    score_answers,
    score_of_total,
)
from shoshin.measures.queries import fhir_export as export
from shoshin.measures.queries.fhirpath import collection, figure
from shoshin.measures.queries.scores import scores_of
from shoshin.science.scales import BadAnswer
from tests.measures.forms_at_random import filled_in

MEASURES = {path.stem: files.read_measure_file(path) for path in files.measure_files()}
EACH = pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
SCORES = [(m, s) for m in MEASURES.values() for s in m.scores]
EACH_SCORE = pytest.mark.parametrize(("measure", "score"), SCORES, ids=[f"{m.id}.{s.id}" for m, s in SCORES])
FORMS = 2000


def ends(measure: Measure, score: ScoreFacts, *, worst: bool) -> dict[str, float]:
    """The answers that give the highest (or lowest) score."""
    found = {}
    for item in score.items:
        low, high = measure.scale_of(item).ends
        top = worst != (item in score.reverse)
        found[item] = high if top else low
    return found


def of(measure: Measure, score: ScoreFacts, answers) -> float | None:
    return scores_of(measure, answers)[score.id].value


@EACH_SCORE
def test_the_ends_of_the_answers_give_the_ends_of_the_score(measure, score):
    assert of(measure, score, ends(measure, score, worst=False)) == score.low
    assert of(measure, score, ends(measure, score, worst=True)) == score.high


@EACH_SCORE
def test_the_middle_of_the_answers_gives_the_middle_of_the_score(measure, score):
    answers = {item: sum(measure.scale_of(item).ends) / 2 for item in score.items}
    if score.method == "lookup" or any(not measure.scale_of(i).offers(a) for i, a in answers.items()):
        answers = {item: sorted(measure.scale_of(item).values)[1] for item in score.items}
        raw = sum(sum(measure.scale_of(i).ends) - a if i in score.reverse else a for i, a in answers.items())
        factor = {"sum_x4": 4}.get(score.method, 1)
        assert of(measure, score, answers) == (score.table[int(raw)] if score.method == "lookup" else raw * factor)
    else:
        assert of(measure, score, answers) == pytest.approx((score.low + score.high) / 2)


@EACH_SCORE
def test_each_reversed_item_and_no_other_runs_backwards(measure, score):
    bottom = {item: measure.scale_of(item).ends[0] for item in score.items}
    start = of(measure, score, bottom)
    falls = {i for i in score.items if of(measure, score, bottom | {i: measure.scale_of(i).ends[1]}) < start}
    assert falls == set(score.reverse)


@EACH_SCORE
def test_missing_answers_are_filled_in_as_far_as_the_rule_says_and_no_further(measure, score):
    answers = ends(measure, score, worst=True)
    for missing in range(score.max_missing + 2):
        if missing >= len(score.items):
            break
        part = {item: answers[item] for item in score.items[missing:]}
        found = scores_of(measure, part)[score.id]
        assert (found.answered, len(found.missing)) == (len(score.items) - missing, missing)
        if missing > score.max_missing:
            assert found.value is None
        else:
            assert (found.value, found.prorated) == (score.high, missing > 0)


def test_prorating_takes_the_persons_mean_by_hand():
    answers = {"1": 2, "2": 1, "3": 0, "4": 3, "5": 1, "6": 2, "7": 1}  # 10 on seven of nine: 10 * 9 / 7 = 12.86
    found = scores_of(MEASURES["phq-9"], answers)["total"]
    assert (found.value, found.raw, found.prorated, found.missing) == (13, 10, True, ("8", "9"))


@EACH
def test_two_thousand_random_forms_score_alike_by_our_code_and_by_the_exported_fhirpath(measure):
    score, rng = measure.primary, random.Random(measure.id)
    answers_path = export.answers_expression(measure, score)
    score_path = export.expression_of(measure, score)
    differ = []
    for _ in range(FORMS):
        answers = filled_in(measure, rng, open_share=0.04)
        response = export.questionnaire_response(measure, answers, authored="2026-11-03")
        keyed = collection(answers_path, response, {"resource": response})
        theirs = figure(score_path, response, {"resource": response, "answers": keyed})
        ours = of(measure, score, answers)
        if theirs != (None if ours is None else pytest.approx(ours)):
            differ.append((answers, ours, theirs))
    assert differ == []


@pytest.mark.parametrize(
    ("measure", "score"),
    [(m, s) for m, s in SCORES if not s.primary],
    ids=[f"{m.id}.{s.id}" for m, s in SCORES if not s.primary],
)
def test_every_other_score_agrees_with_its_fhirpath_too(measure, score):
    rng = random.Random(score.id)
    answers_path, score_path = export.answers_expression(measure, score), export.expression_of(measure, score)
    for _ in range(60):
        answers = filled_in(measure, rng, open_share=0.04)
        response = export.questionnaire_response(measure, answers, authored="2026-11-03")
        keyed = collection(answers_path, response, {"resource": response})
        theirs = figure(score_path, response, {"resource": response, "answers": keyed})
        assert theirs == (None if (ours := of(measure, score, answers)) is None else pytest.approx(ours))


def test_self_compassion_is_keyed_as_published():
    """Reverse 1, 4, 8, 9, 11, 12: a form that agrees with every kind item and no harsh one is the kindest."""
    harsh = {"1", "4", "8", "9", "11", "12"}
    answers = {str(n): 1 if str(n) in harsh else 5 for n in range(1, 13)}
    assert scores_of(MEASURES["scs-sf"], answers)["total"].value == 5


def test_expectancy_puts_percent_on_one_to_nine():
    answers = {"4": 100, "5": 9, "6": 50}
    assert scores_of(MEASURES["ceq"], answers)["expectancy"].value == 9 + 9 + 5


def test_the_post_traumatic_pattern_needs_every_cluster(loaded):
    version = measure_version("pcl-5")
    answers = dict.fromkeys((str(n) for n in range(1, 21)), 0) | {"1": 2, "6": 2, "8": 2, "9": 3, "15": 2, "16": 2}
    assert [pattern.id for pattern in patterns_met(version, answers)] == ["probable"]
    assert patterns_met(version, answers | {"16": 1}) == []


def test_the_depression_pattern_counts_the_ninth_item_from_one(loaded):
    version = measure_version("phq-9")
    answers = {"1": 2, "3": 2, "4": 2, "5": 2, "9": 1}
    assert [pattern.id for pattern in patterns_met(version, answers)] == ["major"]
    assert [pattern.id for pattern in patterns_met(version, answers | {"9": 0})] == ["other"]


def test_risk_marks_do_not_wait_for_a_whole_form(loaded):
    version = measure_version("phq-9")
    (mark,) = risk_items_marked(version, {"9": 1})
    assert (mark.item_id, mark.value, mark.threshold) == ("9", 1, 1)
    assert risk_items_marked(version, {"9": 0, "1": 3}) == []
    assert risk_items_missing(version, {"1": 3}) == ["9"]
    assert risk_items_missing(measure_version("gad-7"), {}) == []


def test_a_missing_risk_item_is_never_filled_in_as_a_mark(loaded):
    version = measure_version("phq-9")
    answers = {str(n): 3 for n in range(1, 9)}
    assert score_answers(version, answers)["total"].value == 27
    assert risk_items_marked(version, answers) == []


def test_without_work_the_other_four_make_the_score(loaded):
    version = measure_version("wsas")
    scores = score_answers(version, {"home": 3, "social": 5, "private": 2, "relationships": 6})
    assert scores["total"].value is None
    score_id, score = headline_score(version, scores)
    assert (score_id, score.value) == ("without-work", 16)


def test_words_and_choices_enter_no_score(loaded):
    version = measure_version("shoshin-check")
    answers = {"understood": 8, "aims": 7, "way": 9, "overall": 8, "amiss": 2, "amiss-note": "the beginning"}
    assert score_answers(version, answers)["total"].value == 32
    assert answer_problems(version, answers) == []


def test_answers_that_are_not_offered_are_named_one_by_one(loaded):
    version = measure_version("phq-9")
    found = answer_problems(version, {"1": 4, "2": "much", "99": 1, "3": True, "4": None, "5": 2.5})
    assert {problem.item_id for problem in found} == {"1", "2", "99", "3", "5"}
    with pytest.raises(BadAnswer, match="PHQ-9, item 1"):
        score_answers(version, {"1": 4})


def test_a_total_from_paper_is_checked_against_the_range(loaded):
    version = measure_version("phq-9")
    assert score_of_total(version, "total", 14).value == 14
    with pytest.raises(BadAnswer, match="28 is outside 0 to 27"):
        score_of_total(version, "total", 28)


def test_reliable_change_is_the_published_figure_with_the_computed_one_beside_it(loaded):
    version = measure_version("phq-9")
    found = reliable_change(version, "total")
    assert (found.points, found.origin, found.is_official) == (6, "official", True)
    computed = change_figures(facts(version).primary)[1]
    assert (round(computed.points, 1), computed.facts["reliability_kind"]) == (5.6, "alpha")


@pytest.mark.parametrize(("measure_id", "points"), [("gad-7", 4.0), ("wsas", 11.1), ("core-10", 6.8), ("swemwbs", 4.3)])
def test_the_computed_figure_is_the_one_worked_out_before(measure_id, points):
    computed = next(each for each in change_figures(MEASURES[measure_id].primary) if each.origin == "computed")
    assert computed.points == pytest.approx(points, abs=0.06)


def test_ours_have_no_reliable_change_yet(loaded):
    for measure_id in ("shoshin-check", "shoshin-wellbeing", "phq-8"):
        assert (reliable_change(measure_version(measure_id), "total").points) is None


def test_cutoffs_of_each_kind_stand_apart(loaded):
    version = measure_version("gad-7")
    assert cutoff(version, "total").points == cutoff(version, "total", "caseness").points == 8
    assert (cutoff(version, "total", "screen").points, cutoff(version, "total", "jt_c").points) == (10, 7.1)
    assert cutoff(measure_version("who-5"), "total", "screen").side == "at_or_below"
    assert cutoff(measure_version("shoshin-check"), "total") is None


def test_every_value_of_a_banded_score_lies_in_one_band(loaded):
    version = measure_version("phq-9")
    words = [band(version, "total", value).word["en"] for value in (0, 4, 5, 9, 10, 14, 15, 19, 20, 27)]
    assert words == ["minimal"] * 2 + ["mild"] * 2 + ["moderate"] * 2 + ["moderately severe"] * 2 + ["severe"] * 2
    assert band(measure_version("wsas"), "without-work", 12) is None


def test_scoring_a_form_takes_well_under_a_millisecond(loaded):
    version, answers = measure_version("phq-9"), {str(n): 1 for n in range(1, 10)}
    score_answers(version, answers)
    started = time.process_time()
    for _ in range(200):
        score_answers(version, answers)
    assert (time.process_time() - started) / 200 < 0.001
