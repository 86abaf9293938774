"""Wrong tries are counted for ten minutes, by the address a configured proxy saw, and everybody's together."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from shoshin.kit.limits import SPAN, Limit, are_too_many, count_wrong_try, sender_of
from shoshin.kit.models import AuditEvent
from tests.cast import NOW

DOORS = Limit("doors", from_one=3, in_all=5)


@pytest.fixture
def at_door(rf, db):
    cache.clear()

    def come(address="192.0.2.7", **headers):
        return rf.get("/", REMOTE_ADDR=address, **headers)

    return come


def test_the_fourth_wrong_try_of_one_address_is_one_too_many_and_another_address_goes_on(at_door):
    assert [count_wrong_try(DOORS, at_door(), NOW) for _ in range(4)] == [False, False, False, True]
    assert not are_too_many(DOORS, at_door("192.0.2.8"), NOW)


def test_after_ten_minutes_it_is_forgotten(at_door):
    for _ in range(3):
        count_wrong_try(DOORS, at_door(), NOW)
    assert are_too_many(DOORS, at_door(), NOW + SPAN - timedelta(seconds=1))
    assert not are_too_many(DOORS, at_door(), NOW + SPAN)


def test_many_addresses_together_sound_one_alarm(at_door, caplog):
    met = [count_wrong_try(DOORS, at_door(f"192.0.2.{each}"), NOW) for each in range(9)]
    assert met == [False] * 5 + [True] * 4
    assert AuditEvent.objects.filter(event="kit.sound_alarm", actor_kind="system").count() == 1
    assert [record.name for record in caplog.records] == ["shoshin.alarm"]


def test_one_kind_of_door_does_not_count_for_another(at_door):
    for _ in range(3):
        count_wrong_try(DOORS, at_door(), NOW)
    assert not are_too_many(Limit("windows", from_one=3), at_door(), NOW)


def test_what_is_refused_writes_nothing(at_door, django_assert_num_queries):
    for _ in range(3):
        count_wrong_try(DOORS, at_door(), NOW)
    with django_assert_num_queries(2) as asked:
        assert count_wrong_try(DOORS, at_door(), NOW)
    assert {query["sql"].split()[0] for query in asked.captured_queries} == {"SELECT"}


@pytest.mark.parametrize(
    ("proxies", "said", "sender"),
    [
        (0, "198.51.100.9", "192.0.2.7"),
        (1, "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.5, 198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (1, "", "192.0.2.7"),
        (2, "198.51.100.9", "192.0.2.7"),
    ],
)
def test_an_address_is_believed_only_from_as_many_proxies_as_we_were_told_of(at_door, settings, proxies, said, sender):
    settings.PROXIES = proxies
    assert sender_of(at_door(HTTP_X_FORWARDED_FOR=said)) == sender


def test_the_shared_table_keeps_no_address(at_door):
    count_wrong_try(DOORS, at_door("192.0.2.7"), NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        rows = cursor.fetchall()
    assert len(rows) == 2
    assert "192.0.2.7" not in str(rows)
