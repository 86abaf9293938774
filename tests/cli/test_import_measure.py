"""`shoshin measures import`: it looks, asks what only a person can say, and stores only with their word."""

import json

import pytest

from shoshin.kit.action import OPERATOR
from shoshin.measures.queries import current_measures, facts
from shoshin.people import actions, queries
from tests.cast import NOW

BY = ("--owner", "ada@example.org")
MADE_UP = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "Weather inside",
    "item": [
        {
            "linkId": f"w{n}",
            "text": f"How {word} was it inside?",
            "type": "choice",
            "answerOption": [{"valueString": answer} for answer in ("not", "somewhat", "very")],
        }
        for n, word in enumerate(("stormy", "grey", "cold"), start=1)
    ],
}


@pytest.fixture
def clinic(db):
    owner = actions.open_clinic(
        name="Willow House",
        owner_name="Ada",
        email="ada@example.org",
        password=None,
        time_zone="Europe/London",
        safety=queries.region("gb").safety,
        by=OPERATOR,
        at=NOW,
    )
    return owner.clinic


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "weather.json"
    path.write_text(json.dumps(MADE_UP))
    return str(path)


def told(shoshin, form):
    """The words the command itself asks for, typed back."""
    asked = shoshin("measures", "import", form, *BY).stderr
    key = asked.split("--weights ")[-1].split("=")[0]
    return ("--weights", f"{key}=0,1,2", "--higher", "worse", "--no-risk")


def test_it_asks_for_weights_and_says_how_to_give_them(shoshin, clinic, form):
    answer = shoshin("measures", "import", form, *BY)
    assert answer.exit_code == 1
    assert "Nothing was stored." in answer.stderr
    assert "one number each for: not, somewhat, very" in answer.stderr
    assert "--weights" in answer.stderr


def test_it_stores_nothing_without_the_word_about_its_terms(shoshin, clinic, form):
    answer = shoshin("measures", "import", form, *BY, *told(shoshin, form))
    assert answer.exit_code == 1
    assert "add --terms-allow" in answer.stderr
    assert current_measures(clinic) == []


def test_with_every_answer_it_stores_the_measure_once(shoshin, clinic, form):
    words = (*told(shoshin, form), "--terms-allow")
    assert shoshin("measures", "import", form, *BY, *words).exit_code == 0
    assert shoshin("measures", "import", form, *BY, *words).exit_code == 0
    (stored,) = current_measures(clinic)
    assert len(facts(stored).items) == 3
    assert facts(stored).primary.high == 6


@pytest.mark.parametrize("content", ["", "no form at all", '{"resourceType": "Patient"}', "[1, 2"])
def test_a_file_that_is_no_form_is_refused_plainly(shoshin, clinic, tmp_path, content):
    path = tmp_path / "wrong.json"
    path.write_text(content)
    answer = shoshin("measures", "import", str(path), *BY, "--terms-allow")
    assert answer.exit_code == 1
    assert "Nothing was stored" in answer.stderr
    assert "wrong.json" in answer.stderr


def test_it_knows_owners_only(shoshin, db, form):
    answer = shoshin("measures", "import", form, *BY)
    assert answer.exit_code == 1
    assert "No clinic's owner has the address ada@example.org." in answer.stderr


@pytest.mark.parametrize("weights", ["one,two", "0,nan,inf", "0,1e999"])
def test_weights_that_are_no_numbers_are_named(shoshin, clinic, form, weights):
    answer = shoshin("measures", "import", form, *BY, "--weights", f"a={weights}")
    assert answer.exit_code == 1
    assert "KEY=0,1,2,3" in answer.stderr


@pytest.mark.parametrize("content", ["[" * 20_000, '{"questions":' + "[" * 20_000, '{"a": 1e999}'])
def test_a_file_that_cannot_be_worked_with_is_one_sentence(shoshin, clinic, tmp_path, content):
    path = tmp_path / "odd.json"
    path.write_text(content)
    answer = shoshin("measures", "import", str(path), *BY, "--no-risk")
    assert answer.exit_code == 1
    assert "Nothing was stored.\nodd.json" in answer.stderr
    assert not [version for version in current_measures(clinic) if version.clinic_id]
