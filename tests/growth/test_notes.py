"""A private note may be about a client: its writer alone knows, and the link goes with the note and with the client."""

import io
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from shoshin.desk.actions import delete_client
from shoshin.growth.actions import CannotLinkNote, link_note
from shoshin.growth.models import NoteAbout
from shoshin.growth.queries import notes_about, notes_beside
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.welfare.actions import delete_welfare, forget_note, keep_note, write_note
from shoshin.welfare.models import FeelingNote
from shoshin.welfare.tasks import forget_notes
from tests.care.absences import away
from tests.cast import NOW
from tests.growth.steps import began, hand_over, hat_of
from tests.growth.test_closing import checks
from tests.welfare.people import second_hats

WORDS, SEEN = "I was bored and ashamed of it", "You put down a critical feeling"


@pytest.fixture
def note(cast):
    return write_note(member=cast.ada, words=WORDS, by=cast.ada, at=NOW)


def about(cast, note, client=None):
    return link_note(note=note, client=client or cast.ben, by=cast.ada, at=NOW)


def page(browser, name, *args):
    answer = browser.get(reverse(name, args=args))
    return unescape(answer.content.decode()) if answer.status_code == 200 else answer.status_code


def test_from_the_note_to_the_client_and_back(cast, note, as_member, moment):
    ada, address = as_member(cast.ada), reverse("growth:link_note", args=[note.key])
    assert address in page(ada, "welfare:note", note.key)
    assert SEEN not in page(ada, "desk:client", cast.ben.ref)
    ada.post(address, {"client": cast.ben.ref})
    found = page(ada, "desk:client", cast.ben.ref)
    assert SEEN in found and reverse("welfare:note", args=[note.key]) in found and WORDS not in found
    episode = began(cast)
    found = page(ada, "growth:show_episode", episode.pk)
    assert SEEN in found and WORDS not in found
    assert reverse("desk:client", args=[cast.ben.ref]) in page(ada, "growth:link_note", note.key)
    ada.post(address, {"client": ""})
    assert not NoteAbout.objects.exists() and FeelingNote.objects.get() == note
    assert SEEN not in page(ada, "desk:client", cast.ben.ref)


def test_neither_the_note_nor_its_page_ever_holds_the_client(cast, note, as_member, moment):
    about(cast, note)
    for name in ("welfare:note", "welfare:write_note", "welfare:show_welfare", "welfare:export_welfare"):
        found = page(as_member(cast.ada), name, *([note.key] if name == "welfare:note" else []))
        assert cast.ben.code not in found and cast.ben.ref not in found
    fields = {field.related_model._meta.app_label for field in FeelingNote._meta.concrete_fields if field.is_relation}
    assert fields == {"people"}


def test_nobody_but_its_writer_sees_that_it_exists(cast, note, as_member, moment):
    about(cast, note)
    (lead, _elsewhere) = second_hats(cast=cast, by=OPERATOR, at=NOW)
    for other in (cast.mia, cast.eve):
        assert page(as_member(other), "growth:link_note", note.key) == 404
        assert notes_about(hat_of(other), cast.ben, NOW) == ()
    assert notes_about(hat_of(lead, NOW, "own", "cover", "break_glass"), cast.ben, NOW) == ()
    moment.pass_by(hours=1)
    away(cast.ada, "2026-11-01 08:00", "2026-11-14 08:00", colleague=cast.mia, accepted=True)
    moment.pass_by(days=5)
    found = page(as_member(cast.mia), "desk:client", cast.ben.ref)
    assert "You cover for Ada" in found and SEEN not in found and note.key not in found


def test_a_note_is_about_a_client_of_ones_own(cast, note, as_member, moment):
    address = reverse("growth:link_note", args=[note.key])
    for foreign in (cast.noa.ref, "zzzzzzzz"):
        assert as_member(cast.ada).post(address, {"client": foreign}).status_code == 200
    with pytest.raises(CannotLinkNote, match="client of your own"):
        about(cast, note, cast.noa)
    with pytest.raises(CannotLinkNote, match="somebody else's"):
        link_note(note=note, client=cast.noa, by=cast.mia, at=NOW)
    assert not NoteAbout.objects.exists()


def test_after_a_handover_the_link_names_nobody(cast, note, as_member, moment):
    about(cast, note)
    hand_over(cast)
    found = page(as_member(cast.ada), "growth:link_note", note.key)
    assert "no longer yours" in found and cast.ben.code not in found
    assert SEEN not in page(as_member(cast.mia), "desk:client", cast.ben.ref)


def gone_by_itself(cast, note):
    forget_notes({}, NOW + timedelta(days=30))


def deleted(cast, note):
    forget_note(note=note, by=cast.ada, at=NOW)


def all_deleted(cast, note):
    delete_welfare(member=cast.ada, by=cast.ada, at=NOW)


@pytest.mark.parametrize("goes", [gone_by_itself, deleted, all_deleted])
def test_the_link_goes_with_the_note(cast, note, goes):
    about(cast, note)
    goes(cast, note)
    assert not FeelingNote.objects.exists() and not NoteAbout.objects.exists()


def test_the_link_goes_with_the_client_and_the_note_stays(cast, note):
    about(cast, note)
    delete_client(client=cast.ben, typed_code=cast.ben.code, by=cast.ada, at=NOW)
    assert not NoteAbout.objects.exists() and FeelingNote.objects.get().words == WORDS


def test_from_the_day_a_note_has_gone_nothing_shows_before_any_task_ran(cast, note):
    about(cast, note)
    month = NOW + timedelta(days=30)
    assert notes_about(hat_of(cast.ada), cast.ben, NOW) == (note,)
    assert notes_about(hat_of(cast.ada, month), cast.ben, month) == ()
    keep_note(note=note, by=cast.ada, at=NOW)
    assert notes_about(hat_of(cast.ada, month), cast.ben, month) == (note,)


def test_the_clients_archive_and_the_trail_about_them_say_nothing_of_it(cast, note, as_member, moment):
    about(cast, note)
    ada = as_member(cast.ada)
    page(ada, "growth:link_note", note.key)
    packed = zipfile.ZipFile(io.BytesIO(ada.get(reverse("desk:export_client", args=[cast.ben.ref])).getvalue()))
    for name in packed.namelist():
        text = packed.read(name).decode()
        assert (
            note.key not in text and WORDS not in text and "link_note" not in text and "note_about" not in text.lower()
        )
    assert AuditEvent.objects.get(event="growth.link_note").about is None


@pytest.mark.parametrize(("linked", "said"), [(True, True), (False, False)])
def test_a_low_check_after_a_note_is_said_as_something_seen(cast, signal, note, as_member, moment, linked, said):
    for week in (-3, -2, -1):
        checks(cast, week, 36)
    if linked:
        about(cast, note)
    episode = began(cast, signal)
    assert not notes_beside(hat_of(cast.ada), episode, NOW).check_dropped
    checks(cast, 1, 8)
    moment.pass_by(weeks=2)
    assert notes_beside(hat_of(cast.ada), episode, moment.at).check_dropped is said
    found = page(as_member(cast.ada), "growth:show_episode", episode.pk)
    assert ("This is something seen, and no cause" in found) is said


def test_a_check_that_was_low_before_the_note_is_not_laid_beside_it(cast, signal, as_member):
    for week, total in ((-4, 36), (-3, 36), (-2, 36), (-1, 8)):
        checks(cast, week, total)
    note = write_note(member=cast.ada, words=WORDS, by=cast.ada, at=NOW)
    about(cast, note)
    assert not notes_beside(hat_of(cast.ada), began(cast, signal), NOW).check_dropped
