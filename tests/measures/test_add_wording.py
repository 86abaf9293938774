"""Wording packs: counted against the facts, shown only on the ground that the licence asks for."""

from pathlib import Path

import pytest

from shoshin.kit.action import OPERATOR
from shoshin.measures.actions import (
    CannotAddWording,
    CannotConfirmLicence,
    add_wording,
    confirm_licence,
    load_wording,
)
from shoshin.measures.management.commands.load_wording import REQUIREMENTS
from shoshin.measures.models import LicenceConfirmation, WordingPack, files
from shoshin.measures.models.wording import Wording
from shoshin.measures.queries import can_display, form_for, is_worded, languages, measure_version, skeleton_for
from shoshin.measures.queries.camcops import LAYOUTS, read_camcops_xml
from tests.cast import NOW

MEASURES = {path.stem: files.read_measure_file(path) for path in files.measure_files()}


def xml_of(measure_id: str, *, items: int | None = None, anchors: int | None = None, more: str = "") -> str:
    """A made-up file in the shape of the package's."""
    layout = LAYOUTS[measure_id]
    count = layout.in_file or layout.count
    names = [layout.item.format(n) for n in range(1, (items or count) + 1)]
    names += [name for name in (layout.title, *layout.stem, *(name for _, name in layout.others)) if name]
    for scale, name, first in layout.anchors:
        wanted = len(MEASURES[measure_id].scales[scale].values)
        names += [name.format(first + n) for n in range(anchors if anchors is not None else wanted)]
    strings = "".join(f'<string name="{name}">1. made-up {name}</string>' for name in names)
    return f'<resources><task name="{layout.task}">{strings}{more}</task></resources>'


def written(tmp_path: Path, measure_id: str, text: str) -> Path:
    path = tmp_path / LAYOUTS[measure_id].file
    path.write_text(text)
    return path


@pytest.mark.parametrize("measure_id", LAYOUTS)
def test_a_file_of_the_right_shape_is_read(tmp_path, measure_id):
    wording = read_camcops_xml(written(tmp_path, measure_id, xml_of(measure_id)), MEASURES[measure_id])
    assert set(wording.items) == {item.id for item in MEASURES[measure_id].items}
    assert wording.items[MEASURES[measure_id].items[0].id].startswith("made-up"), "the printed number is taken off"
    assert len(wording.anchors[MEASURES[measure_id].items[0].scale]) == MEASURES[measure_id].scale_of("1").anchors


def test_markup_inside_a_sentence_is_read_through(tmp_path):
    text = xml_of("gad-7").replace("1. made-up q3", "1. made-up <b>bold</b> q3")
    assert read_camcops_xml(written(tmp_path, "gad-7", text), MEASURES["gad-7"]).items["3"] == "made-up bold q3"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": 6}, "item 7 has no text"),
        ({"items": 8}, "the file has 8 numbered items, the facts say 7"),
        ({"anchors": 3}, "scale frequency has 3 anchors, the facts say 4"),
    ],
)
def test_a_file_with_other_counts_is_another_form(tmp_path, change, words):
    with pytest.raises(files.CannotReadMeasure, match=words):
        read_camcops_xml(written(tmp_path, "gad-7", xml_of("gad-7", **change)), MEASURES["gad-7"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<resources>", "is no readable XML"),
        ("<resources/>", "task gad7: is not there"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><resources><task name="gad7">&a;</task></resources>', "is no readable XML"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_one_clear_sentence(tmp_path, text, words):
    with pytest.raises(files.CannotReadMeasure, match=words):
        read_camcops_xml(written(tmp_path, "gad-7", text), MEASURES["gad-7"])


def test_a_file_that_is_not_there_says_what_to_run(tmp_path):
    with pytest.raises(files.CannotReadMeasure, match="shoshin measures wording"):
        read_camcops_xml(tmp_path / "gad7.xml", MEASURES["gad-7"])


def test_the_pinned_requirements_of_the_package_and_of_the_project_are_the_same_text():
    assert REQUIREMENTS.read_text() == Path("requirements/wording.txt").read_text()


def folder_with(tmp_path: Path, *measure_ids: str) -> Path:
    for measure_id in measure_ids:
        written(tmp_path, measure_id, xml_of(measure_id))
    return tmp_path


def test_public_domain_wording_comes_in_at_once_and_the_rest_waits(loaded, tmp_path):
    folder = folder_with(tmp_path, "phq-9", "gad-7", "core-10")
    report = load_wording(folder=folder, clinic=None, by=OPERATOR, at=NOW)
    assert {"phq-9 (en)", "phq-8 (en)", "gad-7 (en)"} <= set(report.worded)
    assert report.waiting == ["core-10"]
    assert is_worded(measure_version("phq-9"), "en")
    assert not is_worded(measure_version("core-10"), "en")


def test_loading_wording_twice_adds_one_pack(loaded, tmp_path):
    folder = folder_with(tmp_path, "gad-7")
    for _ in range(2):
        load_wording(folder=folder, clinic=None, by=OPERATOR, at=NOW)
    assert WordingPack.objects.filter(measure_version__measure_id="gad-7").count() == 1


def test_a_confirmation_of_one_clinic_shows_the_wording_to_that_clinic_only(loaded, cast, tmp_path):
    version, other = measure_version("core-10"), cast.eve.clinic
    assert not can_display(version, cast.clinic)
    confirm_licence(version=version, statement="We do.", clinic=cast.clinic, by=cast.ada, at=NOW)
    load_wording(folder=folder_with(tmp_path, "core-10"), clinic=cast.clinic, by=cast.ada, at=NOW)
    assert can_display(version, cast.clinic)
    assert form_for(version, "en", cast.clinic).worded
    assert form_for(version, "en", other) is None
    assert form_for(version, "en") is None


def test_wording_of_an_unconfirmed_measure_is_refused(loaded, cast):
    who = MEASURES["who-5"]
    wording = made_up(who.id, [item.id for item in who.items], {"frequency": {str(n): f"word {n}" for n in range(6)}})
    with pytest.raises(CannotAddWording, match="has not been confirmed"):
        add_wording(
            version=measure_version("who-5"),
            wording=wording,
            source_sha256="0",
            clinic=cast.clinic,
            by=cast.ada,
            at=NOW,
        )


def test_wording_that_does_not_fit_is_refused(loaded):
    wording = made_up("gad-7", ["1", "2"], {})
    with pytest.raises(CannotAddWording, match="item 3 has no text"):
        add_wording(
            version=measure_version("gad-7"), wording=wording, source_sha256="0", clinic=None, by=OPERATOR, at=NOW
        )


def made_up(measure_id: str, items: list[str], anchors: dict) -> Wording:
    return Wording(
        measure=measure_id,
        version="1",
        language="en",
        title="Made up",
        items={item: f"made-up {item}" for item in items},
        anchors=anchors,
        source="made up",
        licence="CC0",
    )


def test_an_empty_or_needless_confirmation_is_refused(loaded, cast):
    for measure_id, statement, words in (("core-10", " ", "needs the sentence"), ("phq-9", "Yes.", "needs no")):
        with pytest.raises(CannotConfirmLicence, match=words):
            confirm_licence(
                version=measure_version(measure_id), statement=statement, clinic=cast.clinic, by=cast.ada, at=NOW
            )
    assert not LicenceConfirmation.objects.exists()


def test_our_own_check_is_worded_in_two_languages_with_words_at_its_ends(loaded):
    version = measure_version("shoshin-check")
    assert languages(version) == ["de", "en"]
    form = form_for(version, "de-at")
    first = form.items[0]
    assert (form.language, first.kind, first.low, first.high) == ("de", "slider", 0, 10)
    assert (first.low_text, first.high_text) == ("gar nicht", "vollkommen")
    assert [option.value for option in form.items[4].options] == [0, 1, 2]
    assert form.items[5].kind == "text"


def test_a_skeleton_has_our_labels_and_bare_values(loaded):
    form = skeleton_for(measure_version("who-5"), "de")
    assert (form.worded, form.items[1].text) == (False, "Ruhe")
    assert [option.text for option in form.items[0].options] == ["0", "1", "2", "3", "4", "5"]
    assert skeleton_for(measure_version("phq-9"), "en").items[8].is_risk
