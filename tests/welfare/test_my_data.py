"""What is mine goes with me, goes when I say so, and goes after I have left."""

import json
from datetime import timedelta

from django.urls import reverse

from shoshin.kit.action import OPERATOR
from shoshin.welfare.actions import (
    delete_welfare,
    ease_off,
    mark_lines,
    name_trusted_person,
    note_load,
    share_note,
    take_pause,
    write_note,
)
from shoshin.welfare.queries import export
from shoshin.welfare.queries.export import TABLES
from shoshin.welfare.tasks import forget_notes
from tests.cast import NOW
from tests.welfare.conftest import checks
from tests.welfare.people import leave, second_hats
from tests.welfare.test_fill_own_measure import filled


def live(cast, member, worded):
    """One of everything."""
    mine = {"member": member, "by": member, "at": NOW}
    checks(member, 5)
    note_load(minutes=10, strain=3, **mine)
    ease_off(colour="amber", **mine)
    take_pause(**mine)
    mark_lines(steadiness=5, closeness=6, **mine)
    note = write_note(words="mine", **mine)
    filled(member, worded["cbi"], 25)
    name_trusted_person(name="Rosa", **mine)
    other = cast.mia if member == cast.ada else cast.ada
    share_note(note=note, to=other, until=NOW + timedelta(days=1), by=member, at=NOW)


def test_the_export_holds_one_of_everything_and_nothing_of_anybody_else(cast, worded, as_member, now):
    live(cast, cast.ada, worded)
    live(cast, cast.mia, worded)
    found = export(cast.ada)
    assert {name: len(rows) for name, rows in found.items()} == dict.fromkeys(TABLES, 1)
    assert {row["person"] for rows in found.values() for row in rows} == {"Ada"}
    taken = json.loads(as_member(cast.ada).get(reverse("welfare:export_welfare")).content)
    assert taken["critical_feeling_notes"][0]["words"] == "mine"
    assert set(taken) == set(TABLES)


def test_all_of_it_is_deleted_at_my_word_and_nobody_elses(cast, worded, as_member, now):
    live(cast, cast.ada, worded)
    live(cast, cast.mia, worded)
    address = reverse("welfare:delete_welfare")
    assert "These are 9 entries." in as_member(cast.ada).get(address).content.decode()
    as_member(cast.ada).post(address)
    assert not any(export(cast.ada).values())
    assert all(len(rows) == 1 for rows in export(cast.mia).values())


def test_a_month_after_somebody_left_their_rows_are_gone(cast, worded):
    live(cast, cast.ada, worded)
    live(cast, cast.mia, worded)
    leave(member=cast.mia, by=OPERATOR, at=NOW)
    forget_notes({}, NOW + timedelta(days=29))
    assert len(export(cast.mia)["pauses"]) == 1
    forget_notes({}, NOW + timedelta(days=30))
    assert not any(export(cast.mia).values())
    assert len(export(cast.ada)["pauses"]) == 1


def test_whoever_keeps_another_hat_in_the_clinic_has_not_left(cast, worded):
    live(cast, cast.ada, worded)
    second_hats(cast=cast, by=OPERATOR, at=NOW)
    leave(member=cast.ada, by=OPERATOR, at=NOW)
    forget_notes({}, NOW + timedelta(days=60))
    assert len(export(cast.ada)["pauses"]) == 1


def test_whoever_closes_an_account_can_take_it_all_away(cast, worded):
    live(cast, cast.ada, worded)
    assert delete_welfare(member=cast.ada, by=OPERATOR, at=NOW) == 9
