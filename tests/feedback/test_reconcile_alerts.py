"""Every marked safety question has its alert: against an independent oracle, and where one was taken away."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

import shoshin.measures
from shoshin.feedback.actions.drafts import save_draft
from shoshin.feedback.actions.reconciling import missed_alerts, reconcile_alerts
from shoshin.feedback.models import Alert
from shoshin.kit import tasks
from shoshin.kit.action import SYSTEM, Actor, action
from shoshin.measures import queries as measures
from tests.cast import NOW
from tests.forms_of_ben import ben_answers

CONTENT = Path(shoshin.measures.__file__).parent / "content"
SETS = 10_000


@pytest.fixture
def here(cast, measures_loaded):
    return cast


@action("tests.take_alerts_away")
def take_alerts_away(*, by, at):
    Alert.objects.all().delete()


def oracle(plain, answers):
    """Which safety questions are marked, told from the measure's file alone."""
    safety = plain.get("safety") or {"items": [], "threshold": 0}
    return {item for item in safety["items"] if answers.get(item) is not None and answers[item] >= safety["threshold"]}


def files():
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(CONTENT.rglob("*.yaml"))]


@pytest.mark.slow
def test_alerts_agree_with_an_independent_oracle_on_ten_thousand_random_forms(here):
    chance, tried, marked, wrong = random.Random(7), 0, 0, []
    known = [plain for plain in files() if "items" in plain and "scales" in plain]
    assert len(known) >= 13
    versions = {plain["id"]: measures.measure_version(plain["id"]) for plain in known}
    for number in range(SETS):
        plain = known[number % len(known)]
        facts = measures.facts(versions[plain["id"]])
        answers = {
            item.id: chance.choice(facts.scale_of(item.id).values or [0, 1])
            for item in facts.items
            if facts.scale_of(item.id).kind != "text" and chance.random() > 0.1
        }
        found = {mark.item_id for mark in measures.risk_items_marked(versions[plain["id"]], answers)}
        expected = oracle(plain, answers)
        tried, marked = tried + 1, marked + len(expected)
        if found != expected:
            wrong.append((plain["id"], answers))
    print(f"forms: {tried}, measures: {len(known)}, safety questions marked: {marked}, missing or extra: {len(wrong)}")
    assert (tried, wrong) == (SETS, [])
    assert marked > 500


def test_an_alert_that_was_taken_away_is_raised_again_within_five_minutes(here, monkeypatch, caplog):
    tasks.discover()
    ben_answers(here, 12, risk=1)
    take_alerts_away(by=SYSTEM, at=NOW)
    assert len(list(missed_alerts(None))) == 1
    while tasks.run_due(NOW + timedelta(minutes=5)):
        pass
    alert = Alert.objects.get()
    assert (alert.item_id, alert.value, alert.response.reference) == ("9", 1.0, alert.response.reference)
    assert "1 marked safety questions had no alert" in caplog.text
    assert not list(missed_alerts(None))


def test_a_marked_question_in_a_form_that_was_not_sent_counts_too(begun, phone):
    form = begun("phq-9")
    save_draft(assignment=form, answers={"9": 2}, seq=1, by=Actor("client", "form"), at=NOW)
    take_alerts_away(by=SYSTEM, at=NOW)
    (missed,) = reconcile_alerts(since=NOW, by=SYSTEM, at=NOW)
    assert (missed.response, missed.assignment, missed.item_id) == (None, form.pk, "9")
    assert Alert.objects.get().from_draft


def test_where_nothing_is_missing_nothing_is_raised(here):
    ben_answers(here, 12, risk=1)
    ben_answers(here, 9, risk=0, weeks=1)
    assert reconcile_alerts(since=None, by=SYSTEM, at=NOW) == []
    assert Alert.objects.count() == 1
