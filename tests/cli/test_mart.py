"""`shoshin mart build` and `mart describe` as somebody types them."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from shoshin.care.actions import record_choices
from shoshin.kit.action import OPERATOR
from shoshin.research.models import OwnEffect
from tests.cast import NOW
from tests.forms_of_ben import ben_answers
from tests.research.conftest import add_clients, ended


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.MART_KEY = tmp_path / "home", ""
    settings.HOME.mkdir()
    return settings.HOME


def test_it_says_what_is_in_it_and_where(shoshin, cast, measures_loaded, home):
    ben_answers(cast, 12, source="paper")
    record_choices(client=cast.ben, choices={"figures": True}, by=cast.ada, at=NOW)
    answer = shoshin("mart", "build")
    assert answer.exit_code == 0
    assert f"Outcomes mart in {home / 'mart'}, schema 1" in answer.output
    assert "1 scores" in answer.output and "1 clients of 1 therapists in 1 clinics" in answer.output
    assert "fewer than 5 left out who were not asked" in answer.output
    assert "0 left out who said no" in answer.output


def test_therapists_results_are_counted_anew_from_it_and_a_no_takes_a_course_out(shoshin, cast, measures_loaded, home):
    clients = add_clients(cast=cast, count=21, by=OPERATOR, at=NOW)
    for number, client in enumerate(clients):
        his = replace(cast, course=client.courses.get())
        ben_answers(his, 10 + number % 9, weeks=8, source="paper")
        ben_answers(his, 7, weeks=1, source="paper")
        ended(his.course)
        record_choices(client=client, choices={"figures": True}, by=cast.ada, at=NOW)
    answer = shoshin("mart", "build")
    assert answer.exit_code == 0
    assert "1 therapists' results counted, 0 of them with a figure" in answer.output
    counted = OwnEffect.objects.filter(member=cast.ada)
    assert {(row.courses, row.estimate) for row in counted if row.outcome == "change"} == {(21, None)}
    record_choices(client=clients[0], choices={"figures": False}, by=cast.ada, at=NOW + timedelta(minutes=1))
    assert shoshin("mart", "build").exit_code == 0
    assert counted.get(outcome="change").courses == 20


def test_another_folder_can_be_named_and_described(shoshin, cast, home, tmp_path):
    assert shoshin("mart", "build", "--to", str(tmp_path / "there")).exit_code == 0
    assert not (home / "mart").exists()
    answer = shoshin("mart", "describe", str(tmp_path / "there"))
    assert answer.exit_code == 0
    assert "responses.parquet: one score of one filled form" in answer.output
    assert "whole weeks since the course opened" in answer.output


def test_where_there_is_no_mart_it_says_how_to_make_one(shoshin, tmp_path):
    answer = shoshin("mart", "describe", str(tmp_path))
    assert answer.exit_code == 1
    assert "Build one: shoshin mart build" in answer.stderr


def test_without_the_extra_it_names_it(shoshin, cast, home, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = shoshin("mart", "build")
    assert answer.exit_code == 1
    assert "pip install 'shoshin[analytics]'" in answer.stderr
    assert not (home / "mart").exists()
