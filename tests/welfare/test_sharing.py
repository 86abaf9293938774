"""One thing shown to one person: a separate act, with an end, to be taken back, and in the trail each time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.welfare.actions import CannotShare, forget_note, share_check, share_note, stop_sharing, write_note
from shoshin.welfare.queries import shown_to
from tests.cast import NOW
from tests.welfare.conftest import checks
from tests.welfare.people import leave

WEEK = NOW + timedelta(days=7)


@pytest.fixture
def note(cast):
    return write_note(member=cast.ada, words="what only Mia may see", by=cast.ada, at=NOW)


def shown_page(as_member, member, share):
    return as_member(member).get(reverse("welfare:shown_item", args=[share.pk]))


def test_the_chosen_person_sees_just_that_one_thing_and_the_opening_is_in_the_trail(cast, note, as_member, now):
    write_note(member=cast.ada, words="another note", by=cast.ada, at=NOW)
    address = reverse("welfare:share_note", args=[note.key])
    as_member(cast.ada).post(address, {"to": str(cast.mia.pk), "lasts": "7"})
    (share,) = shown_to(cast.mia, NOW)
    assert (share.ends_at, share.person_id) == (WEEK, cast.ada.person_id)
    listed = as_member(cast.mia).get(reverse("welfare:show_welfare")).content.decode()
    assert "Ada shows you one thing" in listed and "what only Mia may see" not in listed
    page = shown_page(as_member, cast.mia, share).content.decode()
    assert "what only Mia may see" in page and "another note" not in page
    read = AuditEvent.objects.get(event="read welfare:shown_item")
    assert (read.actor_id, read.subjects) == (str(cast.mia.pk), {"share": str(share.pk)})
    assert as_member(cast.mia).get(reverse("welfare:note", args=[note.key])).status_code == 404


def test_it_closes_at_its_end_and_when_it_is_taken_back(cast, note, as_member, monkeypatch):
    share = share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: WEEK - timedelta(minutes=1))
    assert shown_page(as_member, cast.mia, share).status_code == 200
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: WEEK)
    assert shown_page(as_member, cast.mia, share).status_code == 404
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW + timedelta(hours=1))
    assert as_member(cast.mia).post(reverse("welfare:stop_sharing", args=[share.pk])).status_code == 404
    as_member(cast.ada).post(reverse("welfare:stop_sharing", args=[share.pk]))
    assert shown_page(as_member, cast.mia, share).status_code == 404
    acts = AuditEvent.objects.filter(event__in=["welfare.share_note", "welfare.stop_sharing"])
    assert acts.count() == 2


def test_while_it_is_shown_no_page_says_that_only_you_can_open_it(cast, note, as_member, now):
    for_you_alone = "Only you can open this in Shoshin"
    pages = (reverse("welfare:note", args=[note.key]), reverse("welfare:show_welfare"))
    assert all(for_you_alone in as_member(cast.ada).get(page).content.decode() for page in pages)
    share = share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    shown = [as_member(cast.ada).get(page).content.decode() for page in pages]
    assert not any(for_you_alone in page for page in shown)
    assert all("to Mia" in page for page in shown)
    stop_sharing(share=share, by=cast.ada, at=NOW)
    assert all(for_you_alone in as_member(cast.ada).get(page).content.decode() for page in pages)


def test_nobody_else_opens_it_and_its_owner_reads_it_at_home(cast, note, as_member, now):
    share = share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    assert shown_page(as_member, cast.ada, share).status_code == 404
    assert shown_page(as_member, cast.eve, share).status_code == 404


def test_a_check_is_shown_with_its_reasons(cast, as_member, now):
    (check,) = checks(cast.ada, 4, causes=["alone"], words="a heavy week")
    as_member(cast.ada).post(reverse("welfare:share_check", args=[check.pk]), {"to": str(cast.mia.pk), "lasts": "1"})
    page = shown_page(as_member, cast.mia, shown_to(cast.mia, NOW).get()).content.decode()
    assert "there was 4 of 10 in them" in page and "being alone with it" in page and "a heavy week" in page


def test_only_a_colleague_of_the_same_clinic_and_only_somebody_else(cast, note):
    for wrong in (cast.eve, cast.ada):
        with pytest.raises(CannotShare):
            share_note(note=note, to=wrong, until=WEEK, by=cast.ada, at=NOW)


@pytest.mark.parametrize("days", [0, -1, 29])
def test_an_end_within_four_weeks_is_needed(cast, days):
    (check,) = checks(cast.ada, 4)
    with pytest.raises(CannotShare):
        share_check(check=check, to=cast.mia, until=NOW + timedelta(days=days), by=cast.ada, at=NOW)


def test_a_note_that_goes_earlier_closes_earlier(cast, note):
    late = NOW + timedelta(days=20)
    share = share_note(note=note, to=cast.mia, until=late + timedelta(days=28), by=cast.ada, at=late)
    assert share.ends_at == NOW + timedelta(days=30)


def test_the_same_thing_is_shown_to_the_same_person_once_and_again_after_it_was_taken_back(cast, note):
    share = share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    with pytest.raises(CannotShare):
        share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    stop_sharing(share=share, by=cast.ada, at=NOW)
    share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW + timedelta(minutes=1))


def test_only_the_one_who_wrote_it_shows_it_or_takes_it_back(cast, note):
    with pytest.raises(PermissionError):
        share_note(note=note, to=cast.ada, until=WEEK, by=cast.mia, at=NOW)
    share = share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    with pytest.raises(PermissionError):
        stop_sharing(share=share, by=cast.mia, at=NOW)


def test_it_closes_when_the_note_is_deleted_and_when_either_leaves(cast, note):
    share_note(note=note, to=cast.mia, until=WEEK, by=cast.ada, at=NOW)
    leave(member=cast.mia, by=OPERATOR, at=NOW)
    assert not shown_to(cast.mia, NOW).exists()
    forget_note(note=note, by=cast.ada, at=NOW)
    assert not cast.mia.clinic.memberships.filter(pk__in=shown_to(cast.mia, NOW).values("shown_to")).exists()
