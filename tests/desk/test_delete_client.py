"""Deleting a client: said beforehand, confirmed by the code, and then nothing of them is left in any table."""

import json
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import reverse

from shoshin.care import actions as care
from shoshin.care.models import Client
from shoshin.feedback.actions.alerts import acknowledge_alert
from shoshin.feedback.actions.responses import record_response
from shoshin.feedback.models import Alert, ImportBatch
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.measures.actions import load_measures
from shoshin.measures.queries import measure_version
from tests.cast import NOW
from tests.feedback.test_import_outcomes import bring

SECRET = "the river at home"
CODE = "Q7-Heron"


@pytest.fixture
def heron(cast):
    """A client with history, a form with a marked safety question, and words that nobody else has."""
    load_measures(by=OPERATOR, at=NOW)
    history = f"client,date,phq-9\n{CODE},2024-01-05,20\n{CODE},2024-02-05,8\n".encode()
    bring(cast, history, name=f"{CODE}.csv")
    client = Client.objects.get(code=CODE)
    course = care.open_course(client=client, opened_on=NOW.date(), by=cast.ada, at=NOW)
    version = measure_version("phq-9")
    answers = {item["id"]: 3 for item in version.facts["items"][:9]}
    today = NOW.date()
    record_response(
        course=course,
        version=version,
        answers=answers,
        key=uuid4(),
        source="paper",
        answered_on=today,
        by=cast.ada,
        at=NOW,
    )
    care.note_strength(client=client, text=SECRET, by=cast.ada, at=NOW)
    return client


def rows_holding(*words):
    """Every row of every table that holds one of these words, whatever its column."""
    found = []
    for model in apps.get_models():
        for row in model.objects.values():
            text = json.dumps(row, default=str).casefold()
            found += [(model.__name__, row) for word in words if word.casefold() in text]
    return found


def acknowledge(cast):
    for alert in Alert.objects.filter(acknowledged_at=None):
        acknowledge_alert(alert=alert, note="called", by=cast.ada, at=NOW)


def delete(browser, client, typed=CODE):
    return browser.post(reverse("desk:delete_client", args=[client.ref]), {"typed_code": typed})


def test_nothing_of_a_deleted_client_is_left_in_any_table(cast, heron, as_member):
    acknowledge(cast)
    responses = list(heron.responses.values_list("reference", flat=True))
    assert len(responses) == 3
    assert {name for name, _row in rows_holding(CODE, SECRET)} >= {"Client", "Strength", "ImportBatch"}
    browser = as_member(cast.ada)
    assert delete(browser, heron).status_code == 302
    assert rows_holding(CODE, SECRET, heron.ref, *responses) == []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Client:
                assert not model.objects.filter(**{field.name: heron.pk}).exists()
    assert Client.objects.filter(ref="benbenbe").exists()


def test_the_audit_trail_keeps_the_number_and_not_the_name(cast, heron, as_member):
    acknowledge(cast)
    delete(as_member(cast.ada), heron)
    row = AuditEvent.objects.get(event="desk.delete_client")
    assert row.subjects == {"client": str(heron.pk)}


def test_it_is_refused_while_a_safety_question_waits(cast, heron, as_member):
    browser = as_member(cast.ada)
    answer = delete(browser, heron)
    assert answer.status_code == 200 and "has not been acknowledged" in answer.content.decode()
    assert Client.objects.filter(pk=heron.pk).exists() and Alert.objects.exists()
    assert b"typed_code" not in browser.get(reverse("desk:delete_client", args=[heron.ref])).content


def test_it_is_refused_without_the_code(cast, heron, as_member):
    acknowledge(cast)
    for typed in ("", "Q7", "B. N."):
        assert "Nothing was deleted" in delete(as_member(cast.ada), heron, typed).content.decode()
    assert Client.objects.filter(pk=heron.pk).exists() and ImportBatch.objects.exists()


def test_the_code_may_be_typed_in_small_letters(cast, heron, as_member):
    acknowledge(cast)
    assert delete(as_member(cast.ada), heron, "q7-heron ").status_code == 302
    assert not Client.objects.filter(pk=heron.pk).exists()


def test_the_page_says_what_goes_and_offers_the_record_first(cast, heron, as_member):
    page = as_member(cast.ada).get(reverse("desk:delete_client", args=[heron.ref])).content.decode()
    assert reverse("desk:export_client", args=[heron.ref]) in page
    assert "filled forms, every version" in page and "audit trail" in page


def test_a_stranger_deletes_nobody(cast, heron, as_member):
    acknowledge(cast)
    assert delete(as_member(cast.mia), heron).status_code == 404
    assert Client.objects.filter(pk=heron.pk).exists()
