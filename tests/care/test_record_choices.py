"""Three separate asks: care, my therapist's learning, clinic figures and research."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models.clients import Purpose, Said
from shoshin.kit.action import Actor
from tests.cast import NOW


def say(cast, at=NOW, by=None, **choices):
    return actions.record_choices(client=cast.ben, choices=choices, by=by or cast.ada, at=at)


def agreed(cast):
    return {purpose.value for purpose in Purpose if queries.agreed(cast.ben, purpose)}


def test_not_asked_yet_is_not_a_yes(cast):
    assert agreed(cast) == set()


def test_each_purpose_is_answered_by_itself(cast):
    say(cast, care=True, figures=False)
    assert agreed(cast) == {"care"}
    assert set(queries.latest_choices(cast.ben)) == {"care", "figures"}


def test_the_latest_word_counts_and_earlier_words_stay(cast):
    say(cast, care=True, learning=True)
    say(cast, at=NOW + timedelta(days=1), learning=False)
    assert agreed(cast) == {"care"}
    assert [row.agreed for row in cast.ben.choices.filter(purpose="learning").order_by("said_at")] == [
        True,
        False,
    ]


def test_the_same_word_again_adds_nothing(cast):
    say(cast, care=True)
    assert say(cast, at=NOW + timedelta(days=1), care=True) == ()
    assert cast.ben.choices.count() == 1


def test_it_keeps_whether_the_client_said_it_in_person_or_on_their_own_page(cast):
    say(cast, care=True)
    say(cast, by=Actor("client"), figures=False)
    assert dict(cast.ben.choices.values_list("purpose", "said_by")) == {
        "care": Said.IN_PERSON,
        "figures": Said.OWN_PAGE,
    }


def test_the_page_answers_nothing_in_advance_and_says_what_a_no_means(cast, as_member):
    page = as_member(cast.ada).get(address(cast)).content.decode()
    assert page.count("checked") == page.count("not asked yet") == 3
    assert "a no to the last two, or a withdrawal later, changes nothing in your care" in page


def test_the_page_writes_down_only_what_was_answered(cast, as_member):
    response = as_member(cast.ada).post(address(cast), {"care": "yes", "learning": "no", "figures": "unasked"})
    assert response.status_code == 302
    assert {p: row.agreed for p, row in queries.latest_choices(cast.ben).items()} == {
        "care": True,
        "learning": False,
    }


def test_a_word_once_given_can_change_but_not_become_unasked(cast, as_member):
    say(cast, care=True)
    assert as_member(cast.ada).get(address(cast)).content.decode().count("not asked yet") == 2


def test_an_imported_client_is_asked_for_care_only_until_asked_anew(cast, as_member):
    say(cast, care=True, learning=True, figures=True)
    make_imported(cast)
    assert agreed(cast) == {"care"}
    with pytest.raises(actions.CannotRecordChoices):
        say(cast, figures=True)
    browser = as_member(cast.ada)
    assert 'name="figures"' not in browser.get(address(cast)).content.decode()
    browser.post(address(cast), {"ask_anew": "yes"})
    assert 'name="figures"' in browser.get(address(cast)).content.decode()


def test_a_stranger_does_not_learn_that_the_client_exists(cast, refuses_strangers):
    refuses_strangers(address(cast))


def address(cast):
    return reverse("care:record_choices", args=[cast.ben.ref])


def make_imported(cast):
    from shoshin.kit.action import SYSTEM, action

    @action("tests.make_imported")
    def make(*, client, by, at):
        client.care_only = True
        client.save()

    make(client=cast.ben, by=SYSTEM, at=NOW)
