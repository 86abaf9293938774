"""One client's whole record as an archive, and nothing of anybody else."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.html import escape

from shoshin.care import actions as care
from shoshin.desk.queries.export import disarmed
from shoshin.feedback.actions.responses import correct_response, record_response
from shoshin.feedback.models import Guess, Response
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.models import AuditEvent
from shoshin.measures.actions import load_measures, load_wording
from shoshin.measures.queries import facts, form_for, measure_version
from tests.cast import NOW


@action("tests.guess_quietly")
def guess_quietly(*, response, therapist, by, at):
    Guess.objects.create(response=response, therapist=therapist, expected="worse", guessed_at=at)


@pytest.fixture
def told(cast):
    """Ben has filled in two forms, of which one was corrected; the therapist guessed, and noted a strength."""
    load_measures(by=OPERATOR, at=NOW)
    version = measure_version("phq-9")
    for weeks, mark in ((2, 2), (1, 1)):
        response = record_response(
            course=cast.course,
            version=version,
            answers={item["id"]: mark for item in version.facts["items"][:8]},
            key=uuid4(),
            source="paper",
            answered_on=(NOW - timedelta(weeks=weeks)).date(),
            by=cast.ada,
            at=NOW,
        )
    corrected = dict(response.answers) | {version.facts["items"][0]["id"]: 3}
    latest = correct_response(response=response, answers=corrected, because="misread", by=cast.ada, at=NOW)
    guess_quietly(response=latest, therapist=cast.ada, by=cast.ada, at=NOW)
    care.note_strength(client=cast.ben, text='=HYPERLINK("x")', by=cast.ada, at=NOW)
    return cast


def archive_of(browser, ref="benbenbe"):
    answer = browser.get(reverse("desk:export_client", args=[ref]))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def test_it_holds_every_row_and_every_version(told, as_member):
    archive = archive_of(as_member(told.ada))
    record = json.loads(archive.read("record.json"))
    assert [row["code"] for row in record["clients"]] == ["B. N."]
    assert len(record["responses"]) == 3 and len(record["appointments"]) == 4
    assert {row["corrected_because"] for row in record["responses"]} == {"", "misread"}
    assert record["strengths"][0]["noted_by"] == "Ada"
    assert any(act["event"] == "desk.export_client" for act in AuditEvent.objects.values("event"))


def test_it_holds_no_guess_no_key_and_nobody_else(told, as_member):
    archive = archive_of(as_member(told.ada))
    for name in archive.namelist():
        text = archive.read(name).decode()
        assert "N. A." not in text and "pin_hash" not in text and "token_hash" not in text and '"expected"' not in text
    assert "privately expected" in archive.read("README.txt").decode()


def test_its_scores_are_one_line_each_and_current(told, as_member):
    archive = archive_of(as_member(told.ada))
    rows = list(csv.DictReader(io.StringIO(archive.read("scores.csv").decode())))
    totals = [row for row in rows if row["score"] == "total"]
    assert len(totals) == 2 and all(row["measure"] == "phq-9" for row in rows)


def test_its_fhir_bundle_refers_only_to_what_is_inside(told, as_member):
    bundle = json.loads(archive_of(as_member(told.ada)).read("fhir_bundle.json"))
    names = {entry["fullUrl"] for entry in bundle["entry"]}
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert len(names) == len(bundle["entry"]) and kinds.count("QuestionnaireResponse") == 2
    assert kinds.count("Observation") >= 2
    references = [
        each["reference"]
        for entry in bundle["entry"]
        for each in [entry["resource"].get("subject"), *entry["resource"].get("derivedFrom", [])]
        if each
    ]
    assert references and set(references) <= names


def test_its_bundle_is_valid_fhir_to_a_second_opinion(told, as_member):
    from fhir.resources.R4B.bundle import Bundle

    text = archive_of(as_member(told.ada)).read("fhir_bundle.json").decode()
    assert len(Bundle.model_validate_json(text).entry) > 4


def test_its_page_can_be_read(told, as_member):
    page = archive_of(as_member(told.ada)).read("record.html").decode()
    assert "B. N." in page and "PHQ-9" in page and "=HYPERLINK(&quot;x&quot;)" in page


def page_with(told, as_member, measure_id, answers):
    version = measure_version(measure_id)
    record_response(
        course=told.course,
        version=version,
        answers=answers,
        key=uuid4(),
        source="paper",
        answered_on=NOW.date(),
        by=told.ada,
        at=NOW,
    )
    return archive_of(as_member(told.ada)).read("record.html").decode()


def test_its_page_lists_each_answer_by_our_own_label(told, as_member):
    items = facts(measure_version("phq-9")).items
    page = page_with(told, as_member, "phq-9", {item.id: n % 4 for n, item in enumerate(items)})
    assert f"<li>{items[1].label['en']}: 1</li>" in page


def test_its_page_gives_the_word_of_an_answer_where_the_measure_is_worded(told, as_member):
    load_wording(folder=None, clinic=None, by=OPERATOR, at=NOW)
    version = measure_version("shoshin-check")
    form = next(item for item in form_for(version, "en").items if item.options)
    option = form.options[-1]
    page = page_with(told, as_member, "shoshin-check", {form.id: option.value})
    label = facts(version).item(form.id).label["en"]
    said = f"{option.value:g}" if option.text == f"{option.value:g}" else f"{option.value:g} ({escape(option.text)})"
    assert f"<li>{escape(label)}: {said}</li>" in page


def test_its_page_says_a_marked_safety_question_in_words(told, as_member):
    measure = facts(measure_version("phq-9"))
    risk = measure.safety.items[0]
    page = page_with(told, as_member, "phq-9", {item.id: 2 for item in measure.items[:9]})
    marked = page[page.index("Marked safety questions") :]
    assert f"PHQ-9, {measure.item(risk).label['en']}: 2." in marked and "= 2" not in marked


@pytest.mark.parametrize(
    ("cell", "safe"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2", "'-2"), (-2.0, -2.0), ("ok", "ok")]
)
def test_a_cell_a_spreadsheet_would_run_is_disarmed(cell, safe):
    assert disarmed(cell) == safe


@pytest.mark.parametrize("who", ["mia", "eve"])
def test_a_stranger_gets_404_and_leaves_no_trace(told, as_member, who):
    browser = as_member(getattr(told, who))
    assert browser.get(reverse("desk:export_client", args=["benbenbe"])).status_code == 404
    assert not AuditEvent.objects.filter(event="desk.export_client").exists()
    assert Response.objects.count() == 3
