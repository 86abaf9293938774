"""Loading is repeatable, refuses silent changes, and what is stored stays as it is."""

import pytest

from shoshin.kit.action import OPERATOR, action
from shoshin.measures.actions import CannotLoadMeasures, load_measures, load_wording
from shoshin.measures.models import CannotChangeStored, MeasureVersion, WordingPack, files
from shoshin.measures.queries import CannotFindMeasure, current_measures, facts, measure_version
from tests.cast import NOW


def test_loading_twice_changes_nothing(db):
    first = load_measures(by=OPERATOR, at=NOW)
    second = load_measures(by=OPERATOR, at=NOW)
    assert len(first.added) == 14
    assert (second.added, len(second.unchanged)) == ([], 14)
    assert MeasureVersion.objects.count() == 14


def test_our_own_wording_comes_in_once_in_both_languages(db):
    load_measures(by=OPERATOR, at=NOW)
    for _ in range(2):
        load_wording(folder=None, clinic=None, by=OPERATOR, at=NOW)
    assert WordingPack.objects.count() == 4


def test_a_changed_file_without_a_new_version_is_refused_and_nothing_is_stored(db, tmp_path, monkeypatch):
    load_measures(by=OPERATOR, at=NOW)
    for path in files.measure_files():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "new.yaml").write_text((files.CONTENT / "who-5.yaml").read_text().replace("id: who-5", "id: new"))
    changed = tmp_path / "gad-7.yaml"
    changed.write_text(changed.read_text().replace("max_missing: 1", "max_missing: 2"))
    monkeypatch.setattr(files, "CONTENT", tmp_path)
    with pytest.raises(CannotLoadMeasures, match=r"gad-7\.yaml, version: the facts changed"):
        load_measures(by=OPERATOR, at=NOW)
    assert not MeasureVersion.objects.filter(measure_id="new").exists()


def test_a_new_version_stands_beside_the_old_one(db, tmp_path, monkeypatch):
    load_measures(by=OPERATOR, at=NOW)
    old = measure_version("gad-7")
    text = (files.CONTENT / "gad-7.yaml").read_text()
    (tmp_path / "gad-7.yaml").write_text(text.replace('version: "1"', 'version: "2"', 1).replace("max_missing: 1", ""))
    monkeypatch.setattr(files, "CONTENT", tmp_path)
    assert load_measures(by=OPERATOR, at=NOW).added == ["gad-7"]
    assert measure_version("gad-7").version == "2"
    assert measure_version("gad-7", version="1") == old == measure_version(old.pk)
    assert facts(old).primary.max_missing == 1


def test_every_problem_of_every_file_is_listed(db, tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("id: a\n")
    (tmp_path / "b.yaml").write_text("id: [\n")
    monkeypatch.setattr(files, "CONTENT", tmp_path)
    with pytest.raises(CannotLoadMeasures) as refusal:
        load_measures(by=OPERATOR, at=NOW)
    lines = str(refusal.value).splitlines()
    assert "a.yaml, version: Field required. Add it." in lines
    assert [line for line in lines if line.startswith("b.yaml, line")]


@action("tests.change_facts")
def change_facts(*, row, by, at):
    row.version = "9"
    row.save()


def test_a_stored_version_never_changes(db):
    load_measures(by=OPERATOR, at=NOW)
    with pytest.raises(CannotChangeStored, match="store a new version"):
        change_facts(row=measure_version("phq-9"), by=OPERATOR, at=NOW)


@action("tests.change_all_facts")
def change_all_facts(*, by, at):
    MeasureVersion.objects.update(version="9")


def test_stored_versions_never_change_all_at_once_either(db):
    load_measures(by=OPERATOR, at=NOW)
    with pytest.raises(CannotChangeStored, match="never change"):
        change_all_facts(by=OPERATOR, at=NOW)


def test_it_lists_the_newest_of_each_and_ours_last(cast):
    load_measures(by=OPERATOR, at=NOW)
    listed = [row.measure_id for row in current_measures(cast.clinic)]
    assert len(listed) == 14
    assert listed[-2:] == ["shoshin-check", "shoshin-wellbeing"]


def test_it_says_where_to_look_for_an_unknown_measure(db):
    with pytest.raises(CannotFindMeasure, match="no measure bdi"):
        measure_version("bdi")


def test_the_variant_without_risk_keeps_every_other_item(db):
    load_measures(by=OPERATOR, at=NOW)
    whole, variant = facts(measure_version("phq-9")), facts(measure_version("phq-8"))
    assert whole.variant_without_risk == variant.id
    assert variant.safety is None
    assert [i.id for i in variant.items] == [i.id for i in whole.items if i.role != "risk"]
