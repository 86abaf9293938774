"""`shoshin effects`: a clinic's share with its interval, and nothing about any person."""

import json

import pytest

from shoshin.kit.action import OPERATOR
from shoshin.research.actions import build_effects
from shoshin.research.models import OwnEffect
from tests.cast import NOW
from tests.research.conftest import closed, join, key_of


@pytest.fixture
def people(cast):
    return [cast.ada, cast.mia, *join(clinic=cast.clinic, count=10, by=OPERATOR, at=NOW)]


def test_before_any_count_it_says_so_and_ends_with_1(shoshin, db):
    answer = shoshin("effects")
    assert answer.exit_code == 1 and "Nothing has been counted yet" in answer.output


def test_it_prints_the_clinic_s_share_with_its_interval_and_no_person(shoshin, people, tmp_path):
    build_effects(courses=closed(people, 25), key_of=key_of, by=OPERATOR, at=NOW)
    answer = shoshin("effects", "--json", str(tmp_path / "effects.json"))
    assert answer.exit_code == 0 and answer.output.startswith("Willow House, counted on 2026-11-03\noutcome")
    kept = json.loads((tmp_path / "effects.json").read_text())
    assert {row["outcome"] for row in kept} == {"change", "rate", "dropout"}
    assert all(row["low"] <= row["share"] <= row["high"] for row in kept)
    printed = answer.output + (tmp_path / "effects.json").read_text()
    assert not [member for member in people if member.person.name in printed or key_of(member) in printed]
    own = OwnEffect.objects.filter(outcome="change")
    assert not [row for row in own if f"{row.estimate:.4f}" in printed or f"{row.estimate:.1%}" in answer.output]


def test_below_the_least_it_says_what_is_missing(shoshin, people, tmp_path):
    build_effects(courses=closed(people[:8], 25), key_of=key_of, by=OPERATOR, at=NOW)
    answer = shoshin("effects", "--json", str(tmp_path / "effects.json"))
    assert (
        "no figure: 2 therapists and 0 courses are missing" in answer.output
        and "%" not in answer.output.split("to\n")[1]
    )
    assert {row["share"] for row in json.loads((tmp_path / "effects.json").read_text())} == {None}
