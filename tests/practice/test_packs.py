"""Packs: what is wrong is said a line each, newer versions take over, and what was tried stays."""

import io
import zipfile

import pytest
from django.urls import reverse

from shoshin.kit.action import OPERATOR
from shoshin.practice.actions import CannotInstallPack, install_pack, load_packs, remove_pack
from shoshin.practice.models import Attempt, Exercise, Pack, Statement
from shoshin.practice.models.packs import CannotReadPack
from shoshin.practice.models.reading import built_in_packs, read_files
from shoshin.practice.queries import coverage, offered_packs
from tests.cast import NOW
from tests.practice.packs import exercise, files_of, small_pack
from tests.practice.tries import begin, met


def zipped(files, inside="my-pack/"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(inside + name, content)
    buffer.seek(0)
    buffer.name = "pack.zip"
    return buffer


def test_each_problem_has_a_line_of_its_own_that_names_the_file():
    broken = exercise(statements=[{**exercise()["statements"][0], "affect": "gloomy", "problem": "gout"}])
    files = files_of(exercises={"aloud": exercise(skill="nowhere"), "broken": broken})
    del files["pack.yaml"]
    with pytest.raises(CannotReadPack) as refusal:
        read_files(files)
    lines = str(refusal.value).splitlines()
    assert any(line.startswith("pack.yaml: is missing") for line in lines)
    assert any("aloud.yaml, skill: nowhere is not known" in line for line in lines)
    assert any("broken.yaml, statements" in line for line in lines)


def test_words_outside_the_closed_lists_are_named_with_the_known_ones():
    wrong = exercise()
    wrong["statements"][0]["affect"] = "gloomy"
    with pytest.raises(CannotReadPack, match=r"statements.s01.affect: gloomy is not known. Known are: .*sad"):
        read_files(files_of(exercises={"aloud": wrong}))


def test_an_owner_adds_updates_and_removes_a_pack_in_the_browser(ada, cast):
    address = reverse("practice:install_pack")
    assert ada.post(address, {"pack": zipped(files_of())}).status_code == 302
    assert "Pack small" in ada.get(reverse("practice:list_packs")).content.decode()
    assert ada.post(address, {"pack": zipped(files_of(version=2), inside="")}).status_code == 302
    newest = offered_packs(cast.clinic).get(slug="small")
    assert newest.version == 2
    ada.post(reverse("practice:remove_pack", args=[newest.pk]))
    assert not offered_packs(cast.clinic).filter(slug="small").exists()


def test_the_page_says_what_is_wrong_with_a_file(ada):
    page = ada.post(reverse("practice:install_pack"), {"pack": io.BytesIO(b"no zip at all")}).content.decode()
    assert "Choose" in page or "cannot be unpacked" in page or "empty" in page
    files = files_of()
    files["skills/hearing.yaml"] = b"title: [unclosed"
    page = ada.post(reverse("practice:install_pack"), {"pack": zipped(files)}).content.decode()
    assert "skills/hearing.yaml, line" in page
    assert Pack.objects.count() == 0


def test_the_same_version_with_other_contents_is_refused(pack, cast):
    changed = small_pack(exercises={"aloud": exercise(title="Changed")})
    with pytest.raises(CannotInstallPack, match="Give the changed pack a higher version"):
        install_pack(pack=changed, clinic=cast.clinic, by=cast.ada, at=NOW)


def test_what_was_tried_stays_readable_after_its_pack_is_gone(ada, aloud, pack, cast):
    attempt = met(begin(aloud, cast.ada))
    remove_pack(pack=pack, by=cast.ada, at=NOW)
    assert Attempt.objects.get().statement.says == attempt.statement.says
    assert ada.get(reverse("practice:round", args=[attempt.round_id])).status_code == 200
    assert ada.get(reverse("practice:show_skill", args=["hearing"])).status_code == 404


def test_another_clinic_is_not_offered_ours(as_member, aloud, cast):
    assert as_member(cast.eve).get(reverse("practice:show_exercise", args=[aloud.pk])).status_code == 404


def test_what_comes_with_shoshin_has_three_families_and_what_was_promised(db):
    load_packs(by=OPERATOR, at=NOW)
    assert load_packs(by=OPERATOR, at=NOW).added == []
    built_in = Exercise.objects.filter(pack__clinic=None)
    assert {exercise.skill.family for exercise in built_in.select_related("skill")} == {
        "alliance",
        "interpersonal",
        "inner",
    }
    assert built_in.values("skill").distinct().count() >= 12
    assert built_in.count() >= 36
    assert Statement.objects.filter(exercise__in=built_in).count() >= 360
    assert built_in.filter(answer="silent").count() >= 8
    for each in built_in:
        levels = list(each.statements.values_list("level", flat=True))
        assert min(levels.count(level) for level in (1, 2, 3)) >= 3, each.slug


def test_no_two_statements_that_come_with_shoshin_are_the_same():
    says = [
        each.says for pack in built_in_packs() for exercise in pack.exercises.values() for each in exercise.statements
    ]
    assert len(says) == len(set(says)) > 100


def test_the_map_of_coverage_names_its_holes(pack, cast):
    rows = {row.problem: row for row in coverage(cast.clinic)}
    assert rows["grief"].exercises == ("aloud", "within")
    assert rows["psychosis"].statements == 0
    assert rows["psychosis"].empty_levels == (1, 2, 3)
