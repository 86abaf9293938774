"""An attempt is shown by its maker's act, to named people, with an end; and taken back by one tap."""

from datetime import timedelta

import pytest
from django.http import Http404

from shoshin.community import queries
from shoshin.community.actions import CannotShow, Terms, join_circle, leave_circle, make_circle, show_attempt, take_back
from shoshin.community.actions import invite_to_circle as invite
from shoshin.community.models import Showing, Witness
from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import Hat
from tests.cast import NOW
from tests.community.steps import gathered, reviewed, shown, tried

DAY = timedelta(days=1)


def sees(member, showing, at=NOW) -> bool:
    try:
        return queries.shown_for(Hat(member, at=at), showing.pk) == showing
    except Http404:
        return False


def test_who_is_named_sees_it_and_nobody_else_does(people, attempt):
    showing = shown(attempt, people.mia)
    seen = {name for name, member in vars(people).items() if sees(member, showing)}
    assert seen == {"mia"}


def test_a_circle_shows_it_to_those_in_it_today_and_not_to_who_joins_later(people, attempt):
    circle = gathered(people.ada, people.mia)
    showing = shown(attempt, circle)
    join_circle(place=invite(circle=circle, colleague=people.kim, by=people.ada, at=NOW), by=people.kim, at=NOW)
    assert [sees(each, showing) for each in (people.mia, people.kim, people.lea)] == [True, False, False]


def test_whoever_is_only_asked_into_the_circle_sees_nothing(people, attempt):
    circle = make_circle(name="Two", colleagues=[people.mia, people.kim], by=people.ada, at=NOW)
    with pytest.raises(CannotShow, match="Nobody else"):
        shown(attempt, circle)
    assert not Showing.objects.exists()


def test_leaving_the_circle_closes_what_came_by_it(people, attempt):
    circle = gathered(people.ada, people.mia, people.kim)
    showing = shown(attempt, circle)
    leave_circle(circle=circle, by=people.mia, at=NOW)
    assert [sees(people.mia, showing), sees(people.kim, showing)] == [False, True]


@pytest.mark.parametrize("days", [7, 14, 30])
def test_it_ends_on_its_day_and_its_maker_still_finds_it(people, attempt, days):
    showing = shown(attempt, people.mia, days=days)
    last = NOW + days * DAY
    assert [sees(people.mia, showing, last - DAY), sees(people.mia, showing, last)] == [True, False]
    assert queries.own_showing_for(Hat(people.ada, at=last), showing.pk) == showing


def test_taken_back_it_is_gone_at_once_and_its_views_stay_with_the_maker(people, attempt):
    showing = shown(attempt, people.mia)
    review = reviewed(showing, people.mia)
    take_back(showing=showing, by=people.ada, at=NOW)
    assert not sees(people.mia, showing)
    assert list(queries.own_showing_for(Hat(people.ada, at=NOW), showing.pk).reviews.all()) == [review]


def test_a_second_press_does_not_show_it_twice(people, attempt):
    shown(attempt, people.mia)
    with pytest.raises(CannotShow, match="already"):
        shown(attempt, people.mia)
    shown(attempt, people.kim)
    assert Witness.objects.count() == 2


def test_only_ones_own_attempt_can_be_shown(people, attempt):
    with pytest.raises(CannotShow, match="your own"):
        show_attempt(attempt=attempt, to=people.kim, terms=Terms("A question"), by=people.mia, at=NOW)


def test_a_silent_try_has_nothing_to_show(people, within):
    with pytest.raises(CannotShow, match="nothing to see"):
        shown(tried(within, people.ada), people.mia)


@pytest.mark.parametrize("whom", ["eve", "opal", "ada"])
def test_it_goes_to_no_other_clinic_no_operator_and_not_to_oneself(people, attempt, whom):
    with pytest.raises(CannotShow, match="colleague"):
        shown(attempt, getattr(people, whom))


@pytest.mark.parametrize(
    "wrong", [{"wished": 0}, {"wished": 6}, {"days": 90}, {"question": " "}, {"question": "x" * 241}]
)
def test_one_to_five_views_three_spans_and_one_question(people, attempt, wrong):
    with pytest.raises(CannotShow):
        shown(attempt, people.mia, **wrong)
    assert not Showing.objects.exists()


def test_a_witness_sees_nothing_of_how_it_felt_and_the_own_rating_only_afterwards_and_if_asked(people, attempt):
    quiet, open_ = shown(attempt, people.mia), shown(attempt, people.kim, with_own_rating=True)
    assert queries.work_of(quiet).own_rating == queries.work_of(open_).own_rating == ""
    assert queries.work_of(quiet, reviewed(quiet, people.mia)).own_rating == ""
    assert queries.work_of(open_, reviewed(open_, people.kim)).own_rating == "yes"


def test_the_trail_says_who_and_when_and_not_about_whom(people, attempt):
    showing = shown(attempt, people.mia)
    reviewed(showing, people.mia)
    take_back(showing=showing, by=people.ada, at=NOW)
    rows = AuditEvent.objects.filter(event__startswith="community.").order_by("seq")
    assert [row.event.split(".")[1] for row in rows] == ["show_attempt", "review_attempt", "take_back"]
    assert all(row.about is None and row.subjects == {} for row in rows)
