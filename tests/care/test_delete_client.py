"""Deleting a client takes everything of theirs and leaves an audit row without a word about them."""

import json

import pytest

from shoshin.care import actions
from shoshin.care.models import Appointment, Client, ClientChoice, Consultation, Course, Strength, Summary
from shoshin.kit.models import AuditEvent
from tests.cast import NOW


def delete(cast, typed_code):
    actions.delete_client(client=cast.ben, typed_code=typed_code, by=cast.ada, at=NOW)


def test_everything_of_this_client_goes_and_nothing_of_another(cast):
    past = cast.course.appointments.filter(state="kept").first()
    actions.write_summary(appointment=past, talked_about="x", agreed="", until_next_time="", by=cast.ada, at=NOW)
    actions.note_strength(client=cast.ben, text="asks for help", by=cast.ada, at=NOW)
    actions.record_choices(client=cast.ben, choices={"care": True}, by=cast.ada, at=NOW)
    actions.open_consultation(course=cast.course, by=cast.ada, at=NOW)
    delete(cast, "B. N.")
    assert list(Client.objects.all()) == [cast.noa]
    assert list(Course.objects.values_list("client", flat=True)) == [cast.noa.pk]
    for table in (Appointment, Summary, Strength, ClientChoice, Consultation):
        assert not table.objects.exists(), table


def test_it_asks_for_the_code_in_any_capitals(cast):
    with pytest.raises(actions.CannotDeleteClient, match="Nothing was deleted"):
        delete(cast, "N. A.")
    delete(cast, " b. n. ")
    assert not Client.objects.filter(ref="benbenbe").exists()


def test_the_audit_row_keeps_numbers_only(cast):
    number = cast.ben.pk
    delete(cast, "B. N.")
    row = AuditEvent.objects.get(event="care.delete_client")
    assert row.subjects == {"client": str(number)}
    assert (row.actor_id, row.clinic_id) == (str(cast.ada.pk), cast.clinic.pk)
    assert "B. N." not in json.dumps(list(AuditEvent.objects.values("subjects", "event", "actor_id")))
