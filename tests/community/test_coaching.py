"""A coach is a colleague who shows work, too. Who does not takes on nobody new; who is coached stays."""

from datetime import timedelta

import pytest
from django.http import Http404

from shoshin.community import queries
from shoshin.community.actions import (
    CannotCoach,
    accept_coaching,
    ask_coach,
    decline_coaching,
    end_coaching,
    forget_leave,
    mark_leave,
    say_how,
)
from shoshin.community.models import Coaching
from shoshin.kit.policy import Hat
from tests.cast import NOW
from tests.community.steps import coached, shown, tried

TODAY = NOW.date()


def days(n):
    return timedelta(days=n)


def asked(people, at=NOW):
    return ask_coach(coach=people.mia, about="silence", by=people.ada, at=at)


@pytest.fixture
def mia_showed(people, aloud):
    """Mia showed kim a practice of her own, today."""
    return shown(tried(aloud, people.mia), people.kim)


def test_a_coach_who_never_showed_a_practice_cannot_say_yes(people, aloud):
    with pytest.raises(CannotCoach, match="practice of your own"):
        accept_coaching(coaching=asked(people), by=people.mia, at=NOW)
    assert Coaching.objects.get().accepted_at is None
    shown(tried(aloud, people.mia), people.kim)
    assert accept_coaching(coaching=Coaching.objects.get(), by=people.mia, at=NOW).accepted_at == NOW


@pytest.mark.parametrize(("after", "may"), [(90, True), (91, False)])
def test_ninety_days_is_the_longest(people, mia_showed, after, may):
    assert queries.standing_of(people.mia, NOW + days(after)).may_take is may


def test_present_trainees_go_on_when_the_days_are_over(people, mia_showed):
    coaching = coached(people.ada, people.mia)
    later = NOW + days(200)
    assert not queries.standing_of(people.mia, later).may_take
    assert queries.coaching_for(Hat(people.ada, at=later), coaching.pk).ended_at is None
    assert say_how(coaching=coaching, words="Heavy, then lighter.", by=people.ada, at=later).said_at == later


def test_days_of_leave_do_not_count(people, mia_showed):
    mark_leave(begins_on=TODAY + days(10), ends_on=TODAY + days(69), by=people.mia, at=NOW)
    assert queries.standing_of(people.mia, NOW + days(150)).days == 90
    assert queries.standing_of(people.mia, NOW + days(150)).may_take
    assert not queries.standing_of(people.mia, NOW + days(151)).may_take
    assert queries.standing_of(people.mia, NOW + days(30)).away


def test_leaves_that_overlap_count_each_day_once(people, mia_showed):
    for begins, ends in ((10, 20), (15, 25)):
        mark_leave(begins_on=TODAY + days(begins), ends_on=TODAY + days(ends), by=people.mia, at=NOW)
    assert queries.standing_of(people.mia, NOW + days(100)).days == 84


def test_leave_alone_is_no_practice_and_can_be_taken_out(people, mia_showed):
    leave = mark_leave(begins_on=TODAY, ends_on=TODAY + days(100), by=people.kim, at=NOW)
    assert not queries.standing_of(people.kim, NOW).may_take
    with pytest.raises(CannotCoach):
        forget_leave(leave=leave, by=people.mia, at=NOW)
    forget_leave(leave=leave, by=people.kim, at=NOW)
    assert not queries.leaves_of(people.kim).exists()


@pytest.mark.parametrize(("begins", "ends"), [(5, 4), (-400, 0), (0, 400)])
def test_a_leave_ends_after_it_begins_and_is_no_longer_ago_than_a_year(people, begins, ends):
    with pytest.raises(CannotCoach):
        mark_leave(begins_on=TODAY + days(begins), ends_on=TODAY + days(ends), by=people.mia, at=NOW)


def test_asking_twice_is_asking_once_and_either_ends_it(people, mia_showed):
    first = asked(people)
    assert asked(people) == first
    coaching = accept_coaching(coaching=first, by=people.mia, at=NOW)
    end_coaching(coaching=coaching, by=people.mia, at=NOW)
    assert asked(people) != first


def test_a_request_is_answered_by_the_one_asked(people, mia_showed):
    coaching = asked(people)
    for act in (accept_coaching, decline_coaching):
        with pytest.raises(CannotCoach, match="two other people"):
            act(coaching=coaching, by=people.kim, at=NOW)
        with pytest.raises(CannotCoach, match="two other people"):
            act(coaching=coaching, by=people.ada, at=NOW)
    decline_coaching(coaching=coaching, by=people.mia, at=NOW)
    with pytest.raises(CannotCoach, match="withdrawn"):
        accept_coaching(coaching=coaching, by=people.mia, at=NOW)


def test_a_coach_sees_what_was_shown_to_them_and_nothing_else(people, mia_showed, attempt, aloud):
    coaching = coached(people.ada, people.mia)
    to_mia, _to_kim = shown(attempt, people.mia), shown(tried(aloud, people.ada), people.kim)
    assert list(queries.shown_between(coaching, Hat(people.mia, at=NOW))) == [to_mia]
    assert list(queries.shown_between(coaching, Hat(people.ada, at=NOW))) == []


def test_only_the_two_open_their_page(people, mia_showed):
    coaching = coached(people.ada, people.mia)
    for member in (people.kim, people.lea, people.opal, people.eve):
        with pytest.raises(Http404):
            queries.coaching_for(Hat(member, at=NOW), coaching.pk)


def test_how_it_was_is_said_by_the_one_who_learns(people, mia_showed):
    coaching = coached(people.ada, people.mia)
    with pytest.raises(CannotCoach):
        say_how(coaching=coaching, words="Fine.", by=people.mia, at=NOW)
    with pytest.raises(CannotCoach):
        say_how(coaching=coaching, words=" ", by=people.ada, at=NOW)
