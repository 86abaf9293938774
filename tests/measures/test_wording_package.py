"""The real package: `make test` installs it first. Counts and shapes only; no sentence of it is written down here."""

import os

import pytest

from shoshin.measures.models import files
from shoshin.measures.queries.camcops import LAYOUTS, read_camcops_xml, wording_folder

MEASURES = {measure_id: files.read_measure_file(files.CONTENT / f"{measure_id}.yaml") for measure_id in LAYOUTS}


@pytest.fixture
def folder():
    found = wording_folder()
    if not found.exists():
        why = "The wording package is not installed: run `shoshin measures wording` first."
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.mark.parametrize("measure_id", LAYOUTS)
def test_the_installed_file_fits_the_facts(folder, measure_id):
    wording = read_camcops_xml(folder / LAYOUTS[measure_id].file, MEASURES[measure_id])
    assert len(wording.items) == len(MEASURES[measure_id].items)
    assert len(set(wording.items.values())) == len(wording.items)
    assert all(not text[0].isdigit() and "<" not in text for text in wording.items.values())


def test_the_shorter_form_has_the_sentences_of_the_longer_one(folder):
    long, short = (read_camcops_xml(folder / "phq9.xml", MEASURES[name]) for name in ("phq-9", "phq-8"))
    assert short.items == {key: text for key, text in long.items.items() if key != "9"}
    assert short.anchors == long.anchors
