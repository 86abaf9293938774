"""Two to eight colleagues of one clinic: asked, joining or not, leaving by one tap, and seen by nobody else."""

import pytest
from django.http import Http404

from shoshin.community import queries
from shoshin.community.actions import (
    CannotGather,
    invite_to_circle,
    join_circle,
    leave_circle,
    make_circle,
    refuse_circle,
)
from shoshin.community.models import Circle, Place
from shoshin.kit.policy import Hat
from tests.cast import NOW
from tests.community.steps import colleague, gathered


def opens(member, circle) -> bool:
    try:
        return queries.circle_for(Hat(member, at=NOW), circle.pk) == circle
    except Http404:
        return False


def test_who_is_asked_may_join_and_is_not_in_it_before(people):
    circle = make_circle(name="A pair", colleagues=[people.mia], by=people.ada, at=NOW)
    assert [opens(people.ada, circle), opens(people.mia, circle)] == [True, False]
    join_circle(place=queries.invitations_to(people.mia).get(), by=people.mia, at=NOW)
    assert opens(people.mia, circle)
    assert [str(each) for each in queries.people_in(circle)] == ["Ada", "Mia"]


def test_no_lead_no_operator_no_owner_opens_a_circle_they_are_not_in(people):
    circle = gathered(people.mia, people.kim)
    assert {name for name, member in vars(people).items() if opens(member, circle)} == {"mia", "kim"}


def test_saying_no_leaves_the_place_free_and_one_may_be_asked_again(people):
    circle = make_circle(name="A pair", colleagues=[people.mia], by=people.ada, at=NOW)
    place = queries.invitations_to(people.mia).get()
    refuse_circle(place=place, by=people.mia, at=NOW)
    assert not queries.invitations_to(people.mia).exists() and not opens(people.mia, circle)
    again = invite_to_circle(circle=circle, colleague=people.mia, by=people.ada, at=NOW)
    assert again != place and queries.invitations_to(people.mia).get() == again


def test_an_answer_that_was_given_stays(people):
    circle = make_circle(name="A pair", colleagues=[people.mia], by=people.ada, at=NOW)
    place = Place.objects.get(member=people.mia)
    refuse_circle(place=place, by=people.mia, at=NOW)
    join_circle(place=place, by=people.mia, at=NOW)
    assert not opens(people.mia, circle)


def test_leaving_takes_one_tap_and_nobody_else_is_moved(people):
    circle = gathered(people.ada, people.mia, people.kim)
    assert leave_circle(circle=circle, by=people.mia, at=NOW) == 1
    assert [opens(each, circle) for each in (people.ada, people.mia, people.kim)] == [True, False, True]


def test_eight_is_the_most(people, cast):
    others = [colleague(f"c{n}", cast.clinic) for n in range(7)]
    circle = make_circle(name="Eight", colleagues=others, by=people.ada, at=NOW)
    with pytest.raises(CannotGather, match="eight"):
        invite_to_circle(circle=circle, colleague=people.mia, by=people.ada, at=NOW)
    with pytest.raises(CannotGather, match="two to eight"):
        make_circle(name="Nine", colleagues=[*others, people.mia], by=people.ada, at=NOW)
    assert circle.places.count() == 8 and Circle.objects.count() == 1


@pytest.mark.parametrize("whom", ["eve", "opal", "ada"])
def test_only_colleagues_of_the_clinic_are_asked(people, whom):
    with pytest.raises(CannotGather, match="colleagues"):
        make_circle(name="A pair", colleagues=[getattr(people, whom)], by=people.ada, at=NOW)
    assert not Circle.objects.exists()


def test_a_circle_of_one_is_none(people):
    with pytest.raises(CannotGather, match="two to eight"):
        make_circle(name="Alone", colleagues=[], by=people.ada, at=NOW)


def test_whoever_left_asks_nobody_in(people):
    circle = gathered(people.ada, people.mia)
    leave_circle(circle=circle, by=people.ada, at=NOW)
    with pytest.raises(CannotGather, match="not in this circle"):
        invite_to_circle(circle=circle, colleague=people.kim, by=people.ada, at=NOW)


def test_nobody_answers_for_another(people):
    make_circle(name="A pair", colleagues=[people.mia], by=people.ada, at=NOW)
    with pytest.raises(CannotGather, match="somebody else"):
        join_circle(place=Place.objects.get(member=people.mia), by=people.kim, at=NOW)
