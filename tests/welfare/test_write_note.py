"""A critical feeling, put down for oneself: an opaque key, 30 days, a nudge to look with curiosity."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.kit.models import AuditEvent
from shoshin.kit.tasks import run_due
from shoshin.welfare.actions import CannotWriteNote, keep_note, share_note, write_note
from shoshin.welfare.models import FeelingNote, SharedItem
from shoshin.welfare.queries import note_for, notes_of
from shoshin.welfare.tasks import forget_notes
from tests.cast import NOW

NOTES = reverse("welfare:write_note")
ONLY_YOU = "Only you can open this in Shoshin; the law may reach it."


def write(member, words="I was bored and a little cross", at=NOW):
    return write_note(member=member, words=words, by=member, at=at)


def test_it_is_put_down_and_met_with_curiosity(cast, as_member, now):
    assert ONLY_YOU in as_member(cast.ada).get(NOTES).content.decode()
    page = as_member(cast.ada).post(NOTES, {"words": "I was bored and a little cross"}, follow=True).content.decode()
    assert "I was bored and a little cross" in page
    assert "Look at it with curiosity" in page and ONLY_YOU in page
    assert "It goes by itself on 3 December 2026." in page


def test_its_key_is_random_and_nothing_in_its_row_names_a_client(cast):
    first, second = write(cast.ada), write(cast.ada)
    assert first.key != second.key and len(first.key) == 24
    links = {field.related_model.__name__ for field in FeelingNote._meta.concrete_fields if field.is_relation}
    assert links == {"Clinic", "Person"}


def test_the_trail_says_that_something_was_written_and_no_word_of_it(cast):
    note = write(cast.ada, "something unkind")
    row = AuditEvent.objects.get(event="welfare.write_note")
    assert row.about is None
    assert "unkind" not in str(row.subjects) and note.key not in str(row.subjects)


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_nothing_or_too_much_is_refused(cast, words):
    with pytest.raises(CannotWriteNote):
        write(cast.ada, words)


def test_nobody_else_opens_keeps_or_deletes_it_not_the_owner_of_the_clinic_either(cast, as_member, now):
    note = write(cast.mia)
    for name, method in (("note", "get"), ("keep_note", "post"), ("forget_note", "post"), ("share_note", "get")):
        address = reverse(f"welfare:{name}", args=[note.key])
        for stranger in (cast.ada, cast.eve):
            assert getattr(as_member(stranger), method)(address).status_code == 404
    assert FeelingNote.objects.get().kept_at is None


def test_after_thirty_days_it_is_gone_unless_kept(cast, hat):
    gone, kept = write(cast.ada, "goes"), write(cast.ada, "stays")
    keep_note(note=kept, by=cast.ada, at=NOW)
    share_note(note=gone, to=cast.mia, until=NOW + timedelta(days=28), by=cast.ada, at=NOW + timedelta(days=1))
    forget_notes({}, NOW + timedelta(days=29))
    assert FeelingNote.objects.count() == 2
    month = NOW + timedelta(days=30)
    assert list(notes_of(cast.ada, month)) == [kept]
    forget_notes({}, month)
    assert list(FeelingNote.objects.all()) == [kept]
    assert not SharedItem.objects.exists()
    assert AuditEvent.objects.filter(event="welfare.forget_notes", actor_kind="system").count() == 1
    assert note_for(hat(cast.ada, month), kept.key) == kept


def test_the_worker_comes_round_to_it_every_day(cast):
    write(cast.ada)
    later = NOW + timedelta(days=31)
    while run_due(later):
        pass
    assert not FeelingNote.objects.exists()


def test_a_day_with_nothing_to_forget_leaves_no_row(cast):
    write(cast.ada)
    before = AuditEvent.objects.count()
    forget_notes({}, NOW + timedelta(days=1))
    assert AuditEvent.objects.count() == before


def test_it_can_be_kept_and_deleted_on_its_page(cast, as_member, now):
    note, browser = write(cast.ada), as_member(cast.ada)
    page = browser.post(reverse("welfare:keep_note", args=[note.key]), follow=True).content.decode()
    assert "It stays until you delete it." in page
    page = browser.post(reverse("welfare:forget_note", args=[note.key]), follow=True).content.decode()
    assert "No notes." in page
    assert not FeelingNote.objects.exists()


def test_words_of_crisis_in_a_note_show_the_numbers_and_tell_nobody(cast, as_member, now):
    page = as_member(cast.ada).post(NOTES, {"words": "some days I want to die"}, follow=True).content.decode()
    assert "Night line" in page and "Nobody was told." in page
