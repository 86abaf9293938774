"""Every page that shows a client's record leaves one row that says who read it."""

import pytest
from django.urls import reverse

from shoshin.care.actions import note_strength, open_consultation
from shoshin.feedback.models import Alert, Response, SignalRow
from shoshin.growth.actions import link_note, open_episode
from shoshin.kit import chain, clock
from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import MEMBER
from shoshin.policy import POLICY
from shoshin.welfare.actions import write_note
from tests.cast import NOW
from tests.forms_of_ben import ben_answers
from tests.growth.reels import client_recorded

SHOWS_RECORDS = sorted(
    name for name, row in POLICY.items() if row.door == MEMBER and row.relations and "GET" in row.methods
)
SHOWS_NOBODY = {
    "care:add_client": "an empty form",
    "feedback:import_outcomes": "the file somebody chose; its rows are nobody's record yet",
}


@pytest.fixture
def filled(cast, measures_loaded, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for weeks in (3, 2, 1):
        ben_answers(cast, 12, weeks=weeks, source="paper")
    ben_answers(cast, 22, risk=2, source="paper")
    note_strength(client=cast.ben, text="keeps going", by=cast.ada, at=NOW)
    return cast


def address(name, cast):
    waiting = open_consultation(course=cast.course, question="", opened_by_itself=False, by=cast.ada, at=NOW)
    keys = {
        "feedback:answer_signal": SignalRow.objects.get().pk,
        "feedback:acknowledge_alert": Alert.objects.get().pk,
        "care:close_consultation": waiting.pk,
        "desk:line_picture": cast.course.pk,
    }
    if name.startswith("growth:") and name not in ("growth:begin_episode", "growth:review_week", "growth:link_note"):
        begun = open_episode(client=cast.ben, course=cast.course, signal=None, what="mine", by=cast.ada, at=NOW)
        keys |= dict.fromkeys(("growth:show_episode", "growth:meet_differently"), begun.pk)
    note = write_note(member=cast.ada, words="words", by=cast.ada, at=NOW)
    link_note(note=note, client=cast.ben, by=cast.ada, at=NOW)
    given = {
        "reel": client_recorded(cast.ben).key if "recording" in name else None,
        "ref": cast.ben.ref,
        "key": note.key,
        "pk": keys.get(name, cast.ben_today.pk),
        "reference": Response.objects.last().reference,
        "measure": "phq-9",
        "measure_id": "phq-9",
        "fit": "for-wide",
    }
    for names in (
        (),
        ("ref",),
        ("pk",),
        ("key",),
        ("reel",),
        ("reference",),
        ("ref", "measure_id"),
        ("ref", "pk", "measure", "fit"),
    ):
        try:
            return reverse(name, kwargs={each: given[each] for each in names})
        except Exception:
            continue
    raise AssertionError(f"no address for {name}")


def readings():
    return AuditEvent.objects.filter(event__startswith="read ").order_by("pk")


def test_there_are_pages_to_look_at():
    assert len(SHOWS_RECORDS) > 20
    assert set(SHOWS_NOBODY) < set(SHOWS_RECORDS)


@pytest.mark.parametrize("name", sorted(set(SHOWS_RECORDS) - set(SHOWS_NOBODY) - {"feedback:imported"}))
def test_reading_a_record_leaves_one_row(name, filled, as_member):
    assert as_member(filled.ada).get(address(name, filled)).status_code == 200
    (row,) = readings()
    assert row.event == f"read {name}"
    assert (row.actor_kind, row.actor_id) == ("member", str(filled.ada.pk))
    assert row.about == filled.ben.pk or row.subjects["seen"] == [filled.ben.pk]
    assert chain.verify().whole


def test_a_refusal_and_a_page_without_anybody_leave_none(filled, as_member, client):
    assert as_member(filled.mia).get(f"/clients/{filled.ben.ref}/").status_code == 404
    assert as_member(filled.ada).get("/measures/").status_code == 200
    assert not readings().exists()


def test_where_the_reading_cannot_be_written_down_nothing_is_shown(filled, as_member, monkeypatch):
    def full(entries):
        raise OSError("no space left")

    monkeypatch.setattr(chain, "append", full)
    browser = as_member(filled.ada)
    browser.raise_request_exception = False
    answer = browser.get(f"/clients/{filled.ben.ref}/")
    assert answer.status_code == 500
    assert "B. N." not in answer.content.decode()
