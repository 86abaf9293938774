"""The facts files hold together, and whoever breaks one is told what, where and what to do."""

from pathlib import Path

import pytest
import yaml

from shoshin.measures.models import files
from shoshin.measures.models.definitions import Measure
from shoshin.measures.models.facts import in_language
from shoshin.science.change import cutoff_c

MEASURES = {path.stem: files.read_measure_file(path) for path in files.measure_files()}
EXPECTED = {
    "cbi",
    "ceq",
    "core-10",
    "gad-7",
    "ors",
    "pcl-5",
    "phq-8",
    "phq-9",
    "scs-sf",
    "shoshin-check",
    "shoshin-wellbeing",
    "swemwbs",
    "who-5",
    "wsas",
}


def broken(change) -> list[files.Problem]:
    """The problems of a PHQ-9 file after one change."""
    plain = yaml.safe_load((files.CONTENT / "phq-9.yaml").read_text())
    change(plain)
    with pytest.raises(files.CannotReadMeasure) as refusal:
        files.measure_from(plain, file="phq-9.yaml")
    return list(refusal.value.problems)


def test_every_measure_named_in_the_issue_has_a_file():
    assert set(MEASURES) == EXPECTED


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_every_measure_has_a_licence_a_source_and_a_scored_example(measure):
    assert measure.licence.evidence
    assert measure.source
    assert measure.example
    assert set(measure.example.scores) == set(measure.rules)
    assert files.example_problems(measure, file="") == []


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_every_word_of_ours_is_there_in_both_languages(measure):
    words = [measure.title, measure.construct_, *(item.label for item in measure.items)]
    words += [score.title for score in measure.scores]
    words += [band.word for score in measure.scores if score.bands for band in score.bands.steps]
    assert [each for each in words if set(each) != {"en", "de"}] == []
    assert in_language(measure.title, "de-at") == measure.title["de"]


def test_only_our_own_measures_are_marked_not_validated():
    assert {m.id for m in MEASURES.values() if not m.validated} == {"shoshin-check", "shoshin-wellbeing"}


def test_only_public_domain_and_our_own_wording_needs_no_confirmation():
    free = {m.id for m in MEASURES.values() if not m.licence.needs_confirmation}
    assert free == {"phq-9", "phq-8", "gad-7", "pcl-5", "shoshin-check", "shoshin-wellbeing"}


def test_the_risk_items_are_those_of_phq_9_and_core_10():
    risky = {m.id: m.safety.items for m in MEASURES.values() if m.safety}
    assert risky == {"phq-9": ("9",), "core-10": ("6",)}


@pytest.mark.parametrize("measure_id", ["phq-9", "gad-7"])
def test_the_stored_cutoff_c_is_the_one_its_norms_give(measure_id):
    score = MEASURES[measure_id].primary
    clinical, functional = score.norm("nhs-cbt-start"), score.norm("de-population")
    line = next(each for each in score.cutoffs if each.kind == "jt_c")
    assert line.points == pytest.approx(cutoff_c(clinical.mean, clinical.sd, functional.mean, functional.sd), abs=0.05)


def test_stored_facts_read_back_as_the_same_measure():
    for measure in MEASURES.values():
        again = Measure.model_validate(measure.canonical())
        assert again == measure
        assert again.sha256() == measure.sha256()


def test_it_names_the_place_of_a_misspelt_key():
    (problem,) = broken(lambda plain: plain["licence"].update(clas="PD"))
    assert (problem.file, problem.path) == ("phq-9.yaml", "licence.clas")
    assert "spelling" in problem.todo


def test_it_names_every_problem_at_once():
    def two_slips(plain):
        del plain["source"]
        plain["items"][0]["role"] = "score"

    assert [problem.path for problem in broken(two_slips)] == ["source", "items.0.role"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p["scores"][0].update(method="sum_x2"), "says 0 to 27, its items give 0 to 54"),
        (lambda p: p["scores"][0]["items"].append("12"), "unknown item 12"),
        (lambda p: p["items"][8].update(role="scored"), "safety names"),
        (lambda p: p["scores"][0]["cutoffs"][0].update(points=30), "outside the score's range"),
        (lambda p: p["example"]["scores"].update(total=13), "says 13, the rule gives 12"),
        (lambda p: p["example"]["answers"].update({"1": 7}), "outside 0 to 3"),
        (lambda p: p["scores"][0].update(primary=False), "exactly one score is primary"),
        (lambda p: p["licence"].update({"class": "ASK"}), "needs_confirmation"),
        (lambda p: p["items"].append(p["items"][0]), "item 1 appears twice"),
        (lambda p: p["scores"][0]["items"].append("difficulty"), "which is not scored"),
        (lambda p: p["scores"][0]["bands"]["steps"].pop(), "bands go from 0 to 27"),
    ],
)
def test_it_refuses_facts_that_contradict_each_other(change, words):
    assert words in "\n".join(str(problem) for problem in broken(change))


def test_it_refuses_a_file_that_is_no_yaml_and_names_the_line(tmp_path: Path):
    path = tmp_path / "odd.yaml"
    path.write_text("id: odd\nitems: [1, 2\n")
    with pytest.raises(files.CannotReadMeasure, match=r"odd.yaml, line 3"):
        files.read_measure_file(path)


def test_it_refuses_a_file_whose_name_is_not_its_id(tmp_path: Path):
    path = tmp_path / "other.yaml"
    path.write_text((files.CONTENT / "who-5.yaml").read_text())
    with pytest.raises(files.CannotReadMeasure, match="Name the file after its id"):
        files.read_measure_file(path)


def test_no_file_but_ours_carries_wording():
    worded = {path.name.split(".")[0] for path in (files.CONTENT / "wording").glob("*")}
    assert worded == {"shoshin-check", "shoshin-wellbeing"}
    longest = max(
        (word for m in MEASURES.values() for item in m.items for word in item.label.values()),
        key=lambda w: len(w.split()),
    )
    assert len(longest.split()) <= 4, "labels are a few neutral words, never a sentence of the form"
