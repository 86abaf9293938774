"""A view is written unseen, signed and sent once; the maker opens views when they like, and sees all of them."""

from datetime import timedelta

import pytest

from shoshin.community import queries
from shoshin.community.actions import CannotReview, Said, open_views, review_attempt, take_back
from shoshin.community.models import Review
from tests.cast import NOW
from tests.community.steps import colleague, gathered, reviewed, said, shown, tried

MINUTE = timedelta(minutes=1)


@pytest.fixture
def showing(people, attempt):
    return shown(attempt, gathered(people.ada, people.mia, people.kim, people.lea), wished=2)


def test_the_first_view_is_kept_as_it_was_sent(people, showing):
    first = reviewed(showing, people.mia, "met")
    assert reviewed(showing, people.mia, "not_yet") == first
    assert Review.objects.get().view == "met"


def test_as_many_views_as_were_wished_and_no_more(people, showing):
    for member in (people.mia, people.kim):
        reviewed(showing, member)
    with pytest.raises(CannotReview, match="asked for"):
        reviewed(showing, people.lea)
    assert showing.reviews.count() == 2


@pytest.mark.parametrize("who", ["ada", "opal", "eve"])
def test_nobody_writes_who_is_not_named(people, showing, who):
    with pytest.raises(CannotReview, match="not shown to you"):
        reviewed(showing, getattr(people, who))


def test_nothing_is_sent_after_the_end_or_after_it_was_taken_back(people, showing):
    with pytest.raises(CannotReview):
        reviewed(showing, people.mia, at=showing.ends_at)
    take_back(showing=showing, by=people.ada, at=NOW)
    with pytest.raises(CannotReview):
        reviewed(showing, people.mia)


@pytest.mark.parametrize("missing", ["words", "strength", "to_try", "view"])
def test_a_view_has_its_reason_one_strength_and_one_thing_to_try(people, showing, missing):
    whole = vars(said()) | {missing: " "}
    with pytest.raises(CannotReview, match="one strength"):
        review_attempt(showing=showing, said=Said(**whole), by=people.mia, at=NOW)


def test_a_comment_has_a_line_for_each_moment_and_a_line_may_begin_with_its_time(people, showing):
    comment = "0:42 here you wait\n\n at 1:05 here not\n 12:07 – and 0:13 again\n1:99 is no time\n0:42\n1:02:03 neither"
    review = review_attempt(showing=showing, said=Said(**(vars(said()) | {"moment": comment})), by=people.mia, at=NOW)
    assert [(each.second, each.time, each.words) for each in review.moments] == [
        (42, "0:42", "here you wait"),
        (None, "", "at 1:05 here not"),
        (727, "12:07", "and 0:13 again"),
        (None, "", "1:99 is no time"),
        (None, "", "0:42"),
        (None, "", "1:02:03 neither"),
    ]


def test_views_stay_closed_until_the_maker_opens_them_one_by_one_or_all(people, showing):
    reviewed(showing, people.kim, "met")
    reviewed(showing, people.mia, "not_yet", at=NOW + MINUTE)
    assert [str(each) for each in queries.waiting_views(showing)] == ["Kim", "Mia"]
    assert not any(word.reviews for word in queries.spread_of(showing))
    open_views(showing=showing, everything=False, by=people.ada, at=NOW)
    assert [str(each) for each in queries.waiting_views(showing)] == ["Mia"]
    open_views(showing=showing, everything=True, by=people.ada, at=NOW)
    spread = {word.view.value: [str(each.member) for each in word.reviews] for word in queries.spread_of(showing)}
    assert spread == {"not_yet": ["Mia"], "partly": [], "met": ["Kim"]}


def test_only_the_maker_opens_them(people, showing):
    reviewed(showing, people.kim)
    with pytest.raises(CannotReview, match="somebody else"):
        open_views(showing=showing, everything=True, by=people.mia, at=NOW)


def heard(people, aloud, *writers):
    """One view of ada's work from each of these, a minute apart."""
    for minutes, writer in enumerate(writers):
        showing = shown(tried(aloud, people.ada), writer)
        reviewed(showing, writer, at=NOW + minutes * MINUTE)


def test_with_fewer_than_six_views_nothing_is_said(people, aloud):
    heard(people, aloud, *[people.mia] * 5)
    assert queries.mostly_from(people.ada) is None


def test_half_is_not_most_and_more_than_half_is(people, aloud):
    heard(people, aloud, *[people.mia] * 3, *[people.kim] * 3)
    assert queries.mostly_from(people.ada) is None
    heard(people, aloud, people.mia)
    assert queries.mostly_from(people.ada) == people.mia
    assert queries.mostly_from(people.mia) is None, "said to the one who hears, never to the one who speaks"


def test_what_was_long_ago_counts_no_longer(people, aloud):
    heard(people, aloud, *[people.mia] * 8)
    for minutes, writer in enumerate([people.kim, people.lea] * 6):
        reviewed(shown(tried(aloud, people.ada), writer), writer, at=NOW + timedelta(hours=1, minutes=minutes))
    assert queries.mostly_from(people.ada) is None


def test_a_person_with_two_hats_is_one_person(people, aloud, cast):
    from shoshin.kit.action import OPERATOR, action
    from shoshin.people.models import Membership, Role

    @action("tests.second_hat")
    def second_hat(*, by, at):
        return Membership.objects.create(person=people.mia.person, clinic=cast.clinic, role=Role.LEAD, began_at=at)

    lead = second_hat(by=OPERATOR, at=NOW)
    showing = shown(tried(aloud, people.ada), people.mia)
    first = reviewed(showing, people.mia)
    assert reviewed(showing, lead, "met") == first
    assert [each.person for each in queries.colleagues_of(people.ada)].count(people.mia.person) == 1


def test_a_colleague_who_left_shows_and_reads_nothing_more(people, attempt):
    from shoshin.kit.action import OPERATOR, action

    @action("tests.leave_clinic")
    def leave_clinic(*, member, by, at):
        member.ended_at = at
        member.save()

    newcomer = colleague("noel", people.ada.clinic)
    showing = shown(attempt, newcomer)
    leave_clinic(member=people.ada, by=OPERATOR, at=NOW)
    assert not queries.shown_to(newcomer, NOW).filter(pk=showing.pk).exists()
