"""A check with oneself: a number, what it comes from, one's own words, and a quiet line compared with oneself alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.welfare.actions import CannotCheckCapacity, check_capacity
from shoshin.welfare.models import CapacityCheck, LinePoint
from shoshin.welfare.queries import capacity_days, check_today, welfare_page
from tests.cast import NOW
from tests.welfare.conftest import checks

CHECK, ME = reverse("welfare:check_capacity"), reverse("welfare:show_welfare")


def test_one_tap_is_a_whole_check(cast, as_member, now):
    page = as_member(cast.ada).post(CHECK, {"capacity": "6"}, follow=True).content.decode()
    assert "There is 6 of 10 in you." in page
    assert CapacityCheck.objects.get().person_id == cast.ada.person_id
    assert not LinePoint.objects.exists()


def test_reasons_come_from_a_short_list_words_are_ones_own_and_the_two_lines_may_be_marked(cast, as_member, now):
    said = {"capacity": "4", "causes": ["sleep", "doubt"], "words": "a long night", "steadiness": "7", "closeness": ""}
    page = as_member(cast.ada).post(CHECK, said, follow=True).content.decode()
    assert "I slept little" in page and "doubt about my work" in page and "a long night" in page
    point = LinePoint.objects.get()
    assert (point.steadiness, point.closeness) == (7, None)


@pytest.mark.parametrize("capacity", ["", "11", "-1", "high"])
def test_a_number_that_is_none_of_the_eleven_is_refused_and_nothing_is_kept(cast, as_member, now, capacity):
    page = as_member(cast.ada).post(CHECK, {"capacity": capacity})
    assert "Nothing is saved yet." in page.content.decode()
    assert not CapacityCheck.objects.exists()


@pytest.mark.parametrize("capacity", [-1, 11])
def test_the_action_refuses_it_too(cast, capacity):
    with pytest.raises(CannotCheckCapacity):
        check_capacity(member=cast.ada, capacity=capacity, by=cast.ada, at=NOW)


def test_a_cause_nobody_offered_is_dropped(cast):
    assert check_capacity(member=cast.ada, capacity=5, causes=["laziness"], by=cast.ada, at=NOW).causes == []


def test_nobody_checks_for_somebody_else(cast):
    with pytest.raises(PermissionError):
        check_capacity(member=cast.mia, capacity=5, by=cast.ada, at=NOW)


def test_the_last_check_of_a_day_counts(cast):
    checks(cast.ada, 3, until=NOW - timedelta(hours=2))
    checks(cast.ada, 8)
    assert [(day.day, day.capacity) for day in capacity_days(cast.ada, NOW)] == [(NOW.date(), 8)]
    assert check_today(cast.ada, NOW).capacity == 8


def test_a_check_of_yesterday_is_not_of_today(cast):
    checks(cast.ada, 3, until=NOW - timedelta(days=1))
    assert check_today(cast.ada, NOW) is None


def test_the_line_has_its_own_usual_after_eight_days_and_a_twin_as_a_table(cast, as_member, now):
    checks(cast.ada, 7, 6, 7, 6, 7, 6, 7)
    early = welfare_page(cast.ada, NOW).capacity
    assert early.message == "Your own usual shows after 8 days with a check; there are 7 so far."
    checks(cast.ada, 7, until=NOW - timedelta(days=10))
    line = welfare_page(cast.ada, NOW).capacity
    assert line.message == "Your usual lies between 5 and 8. It is made from your first 8 days."
    assert len(line.rows) == 8 and line.rows[0][1] == 7
    page = as_member(cast.ada).get(ME).content.decode()
    assert "my usual" in page and "As a table" in page and 'role="img"' in page


def test_before_the_first_check_the_page_teaches_the_first_step(cast, as_member, now):
    page = as_member(cast.ada).get(ME).content.decode()
    assert "One tap is enough" in page
    assert "No check yet." in page


def test_ones_own_check_can_be_deleted_and_only_by_oneself(cast, as_member, now):
    (check,) = checks(cast.ada, 5)
    address = reverse("welfare:forget_check", args=[check.pk])
    assert as_member(cast.mia).post(address).status_code == 404
    assert CapacityCheck.objects.exists()
    as_member(cast.ada).post(address)
    assert not CapacityCheck.objects.exists()


def test_every_hat_of_a_person_shows_the_same_checks_and_another_clinic_none(cast, as_member, now):
    from shoshin.kit.action import OPERATOR
    from tests.welfare.people import second_hats

    checks(cast.ada, 5)
    lead, elsewhere = second_hats(cast=cast, by=OPERATOR, at=NOW)
    assert check_today(lead, NOW).capacity == 5
    assert check_today(elsewhere, NOW) is None
