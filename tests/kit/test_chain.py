"""The audit trail: chained, added to in the transaction it tells of, and no tampering stays unseen."""

import random
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from shoshin.kit import chain
from shoshin.kit.action import Actor, action
from shoshin.kit.models import AuditEvent, ChainHead, RowsOnlyAdded
from tests.cast import NOW

TAMPERINGS = 1000
ROWS = 60
TEXTS = ("actor_kind", "actor_id", "event", "hash")


def entry(number, clinic=1):
    told = {"client": str(number)}
    return chain.Entry(NOW + timedelta(seconds=number), "member", "7", "tests.did", clinic, number, told)


def fill(count=ROWS, clinic=1):
    for number in range(count):
        with transaction.atomic():
            chain.append([entry(number, clinic)])


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_rows_of_two_clinics_make_two_chains():
    chain.append([entry(1, 1), entry(2, 2), entry(3, 1)])
    assert [(row.clinic_id, row.seq) for row in AuditEvent.objects.order_by("pk")] == [(1, 1), (1, 2), (2, 1)]
    verdict = chain.verify()
    assert (verdict.rows, verdict.chains, verdict.whole) == (3, 2, True)


@pytest.mark.django_db
def test_a_row_can_neither_change_nor_go():
    fill(1)
    row = AuditEvent.objects.get()
    for forbidden in (row.save, row.delete, AuditEvent.objects.all().delete):
        with pytest.raises(RowsOnlyAdded):
            forbidden()
    with pytest.raises(RowsOnlyAdded):
        AuditEvent.objects.update(event="tests.never")


def _flip(chance):
    seq, name = chance.randint(1, ROWS), chance.choice(TEXTS)
    old = AuditEvent.objects.values_list(name, flat=True).get(seq=seq)
    place = chance.randrange(len(old))
    new = old[:place] + chr(ord(old[place]) ^ 1) + old[place + 1 :]
    sql(f"UPDATE kit_auditevent SET {name} = %s WHERE seq = %s", new, seq)


def _another_record(chance):
    sql("UPDATE kit_auditevent SET about = about + 1000 WHERE seq = %s", chance.randint(1, ROWS))


def _another_time(chance):
    seq = chance.randint(1, ROWS)
    moved = AuditEvent.objects.values_list("at", flat=True).get(seq=seq) + timedelta(microseconds=chance.randint(1, 9))
    sql("UPDATE kit_auditevent SET at = %s WHERE seq = %s", moved, seq)


def _another_subject(chance):
    sql("UPDATE kit_auditevent SET subjects = %s WHERE seq = %s", '{"client": "9999"}', chance.randint(1, ROWS))


def _delete(chance):
    sql("DELETE FROM kit_auditevent WHERE seq = %s", chance.randint(1, ROWS))


def _swap(chance):
    one, other = chance.sample(range(1, ROWS + 1), 2)
    sql("UPDATE kit_auditevent SET seq = -1 WHERE seq = %s", one)
    sql("UPDATE kit_auditevent SET seq = %s WHERE seq = %s", one, other)
    sql("UPDATE kit_auditevent SET seq = %s WHERE seq = -1", other)


def _insert(chance):
    """A forged row whose own fingerprint is right, slipped in, and the rows after it pushed on."""
    seq = chance.randint(1, ROWS)
    sql("UPDATE kit_auditevent SET seq = -(seq + 1) WHERE seq >= %s", seq)
    sql("UPDATE kit_auditevent SET seq = -seq WHERE seq < 0")
    before = AuditEvent.objects.filter(seq=seq - 1).values_list("hash", flat=True).first() or chain.FIRST
    forged = entry(chance.randint(100, 999))
    row = AuditEvent(seq=seq, hash=chain.fingerprint(before, seq, forged), **vars(forged))
    AuditEvent.objects.bulk_create([row])


def _cut(chance):
    """The end cut off and the head put right, as somebody who knows the tables would."""
    left = chance.randint(0, ROWS - 1)
    sql("DELETE FROM kit_auditevent WHERE seq > %s", left)
    last = AuditEvent.objects.filter(seq=left).values_list("hash", flat=True).first() or chain.FIRST
    sql("UPDATE kit_chainhead SET seq = %s, hash = %s", left, last)


def _head(chance):
    sql("UPDATE kit_chainhead SET seq = seq - %s", chance.randint(1, ROWS))


KINDS = (_flip, _another_record, _another_time, _another_subject, _delete, _swap, _insert, _cut, _head)


@pytest.mark.slow
@pytest.mark.django_db
def test_every_one_of_a_thousand_random_tamperings_is_found(tmp_path):
    fill()
    anchors, chance = tmp_path / "anchors", random.Random(20261122)
    assert chain.anchor(anchors, NOW) == 1
    assert chain.verify(anchors).whole
    tried = {kind.__name__: 0 for kind in KINDS}
    unseen = []
    for number in range(TAMPERINGS):
        tamper = KINDS[number % len(KINDS)]
        with transaction.atomic():
            tamper(chance)
            if chain.verify(anchors).whole:
                unseen.append((number, tamper.__name__))
            transaction.set_rollback(True)
        tried[tamper.__name__] += 1
    assert chain.verify(anchors).whole
    print(f"tamperings tried: {tried}, unseen: {len(unseen)}")
    assert sum(tried.values()) == TAMPERINGS
    assert unseen == []


@pytest.mark.django_db
def test_without_an_anchor_a_clean_cut_stays_unseen_so_that_the_anchor_is_what_finds_it(tmp_path):
    fill()
    chain.anchor(tmp_path / "anchors", NOW)
    _cut(random.Random(1))
    assert chain.verify().whole
    assert not chain.verify(tmp_path / "anchors").whole


@pytest.mark.django_db
def test_an_anchor_is_written_when_the_chain_has_moved_and_survives_a_torn_line(tmp_path):
    path = tmp_path / "anchors"
    fill(2)
    assert (chain.anchor(path, NOW), chain.anchor(path, NOW)) == (1, 0)
    with path.open("a") as file:
        file.write('{"clinic": 1, "se')
    verdict = chain.verify(path)
    assert (verdict.anchors, verdict.whole) == (1, True)


@pytest.mark.django_db
def test_a_hundred_thousand_rows_are_read_a_block_at_a_time(django_assert_max_num_queries):
    fill(5)
    with django_assert_max_num_queries(3):
        assert chain.verify().rows == 5


@action("tests.inner")
def inner(*, by, at, fail=False):
    if fail:
        raise ValueError("the inner one failed")


@action("tests.failing_outer")
def failing_outer(*, by, at):
    inner(by=by, at=at)
    raise ValueError("the outer one failed")


@action("tests.outer")
def outer(*, by, at):
    inner(by=by, at=at)
    for call in (lambda: inner(by=by, at=at, fail=True), lambda: failing_outer(by=by, at=at)):
        with pytest.raises(ValueError):
            call()


@pytest.mark.django_db
def test_what_was_undone_inside_an_action_leaves_no_row():
    outer(by=Actor("member", "7", 1), at=NOW)
    assert list(AuditEvent.objects.order_by("seq").values_list("event", flat=True)) == ["tests.inner", "tests.outer"]
    assert chain.verify().whole


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_whole_chain():
    writers, each = 6, 8

    def write():
        try:
            for _ in range(each):
                inner(by=Actor("member", "7", 1), at=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    verdict = chain.verify()
    assert (verdict.rows, verdict.whole) == (writers * each, True)
    assert ChainHead.objects.get(pk=1).seq == writers * each


@pytest.mark.django_db
def test_at_the_terminal_a_whole_trail_is_said_so_and_a_broken_one_is_refused(settings, tmp_path, capsys):
    settings.HOME = tmp_path
    fill(3)
    call_command("audit", "anchor")
    call_command("audit", "verify")
    assert "The audit trail is whole. 3 rows in 1 chains were read, beside 1 anchors." in capsys.readouterr().out
    sql("DELETE FROM kit_auditevent WHERE seq = 2")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("audit", "verify")
