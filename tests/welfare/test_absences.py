"""What must never be here: comparison, streaks, counts for others, a client, a door for leads."""

import re
from pathlib import Path

from django.apps import apps

from shoshin.kit.policy import MEMBER
from shoshin.policy import WELFARE
from shoshin.welfare import actions, queries

APP = Path("src/shoshin/welfare")
PAGES = sorted(APP.rglob("*.html"))
MODELS = list(apps.get_app_config("welfare").get_models())
WORDS = [*PAGES, *sorted(APP.rglob("*.py"))]


def test_there_is_something_to_look_at():
    assert len(PAGES) > 12 and len(MODELS) == 9 and len(WELFARE) == 21


def test_no_ranking_streak_leaderboard_or_count_for_others():
    sign = (
        r"\bstreaks?\b|leader ?board|\brank(s|ing|ed)?\b|badge|percentile|better than|compared to others|days in a row!"
    )
    assert [str(path) for path in WORDS if re.search(sign, path.read_text(), re.IGNORECASE)] == []


def test_no_table_leads_to_a_client_or_a_course():
    linked = {f.related_model._meta.label for model in MODELS for f in model._meta.concrete_fields if f.is_relation}
    ours = {label for label in linked if not label.startswith("welfare.")}
    assert ours == {"people.Clinic", "people.Person", "people.Membership", "measures.MeasureVersion"}


def test_every_table_says_whose_it_is_and_no_field_is_called_plain_that_tells_of_them():
    for model in MODELS:
        assert "person" in model.Privacy.personal
        assert set(model.Privacy.plain) == {"id", "clinic"}


def test_no_page_opens_by_leading_owning_or_by_a_relation_to_a_client():
    assert {(row.door, row.relations) for row in WELFARE.values()} == {(MEMBER, ())}


def test_every_query_is_about_the_one_who_asks_or_about_what_is_over():
    """No door takes a clinic, a list of members or nothing: nobody's figures can be asked for together."""
    import inspect

    whole = {"has_crisis_words", "gate_in_words", "reason_in_words", "week_in_words", "causes_in_words"}
    for name in set(queries.__all__) - whole - {"notes_to_go", "rows_of_people_who_left"}:
        door = getattr(queries, name)
        if inspect.isfunction(door):
            first = next(iter(inspect.signature(door).parameters))
            assert first in ("member", "hat"), name


def test_every_act_is_by_the_person_but_for_forgetting():
    import inspect

    system = {"forget_notes", "forget_people_who_left", "delete_welfare"}
    for name in set(actions.__all__) - system:
        door = getattr(actions, name)
        if inspect.isfunction(door):
            assert "oneself(" in inspect.getsource(inspect.unwrap(door)) or name.startswith("share_"), name


def test_no_form_needs_a_script_and_no_page_has_one():
    assert [str(path) for path in PAGES if "<script" in path.read_text()] == []


def test_no_sentence_cheers_or_blames():
    sentences = [text for path in PAGES for text in re.findall(r'translate "([^"]+)"', path.read_text())]
    assert len(sentences) > 80
    assert [text for text in sentences if re.search(r"!|\bmust\b|\bfail|well done|great job|should have", text)] == []
