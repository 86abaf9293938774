"""Steadiness and closeness: two lines, each with its picture and table, and never one score."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.welfare.actions import CannotMarkLines, mark_lines
from shoshin.welfare.models import LinePoint
from shoshin.welfare.queries import lines_page, two_lines
from tests.cast import NOW

LINES = reverse("welfare:mark_lines")


def mark(member, steadiness, closeness, days_ago=0):
    at = NOW - timedelta(days=days_ago)
    return mark_lines(member=member, steadiness=steadiness, closeness=closeness, by=member, at=at)


def test_both_are_drawn_by_themselves_with_their_tables(cast, as_member, now):
    mark(cast.ada, 6, 3, 1)
    page = as_member(cast.ada).post(LINES, {"steadiness": "7", "closeness": "2"}, follow=True).content.decode()
    assert page.count("As a table") == 2
    assert "How steady I felt" in page and "How close I felt to the person" in page
    steady, close = two_lines(cast.ada, NOW)
    assert ([value for _, value in steady.days], [value for _, value in close.days]) == ([6, 7], [3, 2])


def test_one_of_the_two_may_stay_open_but_not_both(cast, as_member, now):
    as_member(cast.ada).post(LINES, {"steadiness": "", "closeness": "8"})
    assert (LinePoint.objects.get().steadiness, LinePoint.objects.get().closeness) == (None, 8)
    with pytest.raises(CannotMarkLines):
        mark(cast.ada, None, None)
    page = as_member(cast.ada).post(LINES, {"steadiness": ""}).content.decode()
    assert "Mark one of the two lines" in page
    assert LinePoint.objects.count() == 1


@pytest.mark.parametrize("wrong", [(11, None), (None, -1)])
def test_a_number_off_the_scale_is_refused(cast, wrong):
    with pytest.raises(CannotMarkLines):
        mark(cast.ada, *wrong)


def test_steadier_and_further_away_is_put_as_a_question(cast, as_member, now):
    for days_ago, (steady, close) in enumerate([(8, 3)] * 4 + [(5, 7)] * 4):
        mark(cast.ada, steady, close, days_ago)
    assert "armour" in lines_page(cast.ada, NOW).together
    assert "is there somebody you miss a little?" in as_member(cast.ada).get(LINES).content.decode()


@pytest.mark.parametrize(
    ("lately", "earlier"), [((8, 8), (5, 7)), ((5, 3), (5, 7)), ((8, 7), (5, 7)), ((4, 4), (8, 8))]
)
def test_any_other_movement_is_left_alone(cast, lately, earlier):
    for days_ago, (steady, close) in enumerate([lately] * 4 + [earlier] * 4):
        mark(cast.ada, steady, close, days_ago)
    assert lines_page(cast.ada, NOW).together == ""


def test_with_few_marks_nothing_is_compared(cast):
    for days_ago, (steady, close) in enumerate([(9, 1)] * 4 + [(1, 9)] * 3):
        mark(cast.ada, steady, close, days_ago)
    assert lines_page(cast.ada, NOW).together == ""


def test_no_table_of_welfare_keeps_a_sum_of_the_two():
    names = {field.name for field in LinePoint._meta.concrete_fields}
    assert names == {"id", "clinic", "person", "marked_at", "steadiness", "closeness"}
