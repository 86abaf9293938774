"""The whole way in the browser, with no script: attempt, shown, views, spread; circles; coaching."""

import re
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from shoshin.community.actions import invite_to_circle, join_circle
from shoshin.community.forms import circle_with
from shoshin.community.models import Circle, Coaching, Leave, Place, Review, Showing
from tests.cast import NOW
from tests.community.steps import QUESTION, coached, gathered, reviewed, shown, tried
from tests.doors import come_in

WORDS = {"view": "partly", "words": "I saw you wait.", "strength": "Your pause.", "to_try": "Wait once more."}


@pytest.fixture
def enter(people, moment, long_sessions):
    """`enter("mia")`: her own browser."""
    return lambda name: come_in(Browser(), getattr(people, name).person)


def text(browser, name, /, *args) -> str:
    answer = browser.get(reverse(f"community:{name}", args=args))
    assert answer.status_code == 200, f"{name}: {answer.status_code}"
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def send(browser, name, /, *args, **fields):
    return browser.post(reverse(f"community:{name}", args=args), fields)


def test_an_attempt_is_shown_met_twice_and_seen_as_a_spread(people, attempt, enter):
    circle, ada = gathered(people.ada, people.mia, people.kim), enter("ada")
    assert reverse("community:show_attempt", args=[attempt.pk]) in ada.get("/practice/attempts/").content.decode()
    page = text(ada, "show_attempt", attempt.pk)
    assert "My own words." in page and "It names the feeling." in page and "Tuesdays: Kim, Mia" in page
    asked = {"to": circle_with(circle, [people.kim, people.mia]), "question": QUESTION, "wished": "2", "lasts": "14"}
    send(ada, "show_attempt", attempt.pk, **asked)
    showing = Showing.objects.get()
    for name, view in (("mia", "partly"), ("kim", "met")):
        browser = enter(name)
        assert QUESTION in text(browser, "show_community")
        page = text(browser, "review_attempt", showing.pk)
        assert "My own words." in page and "I saw you wait." not in page
        send(browser, "review_attempt", showing.pk, **(WORDS | {"view": view, "words": f"{name}: I saw you wait."}))
        assert f"{name}: I saw you wait." in text(browser, "review_attempt", showing.pk)
    assert "mia: I saw you wait." in text(enter("kim"), "review_attempt", showing.pk)
    page = text(ada, "spread", showing.pk)
    assert "From Mia, Kim." in page and "Nothing is opened yet." in page and "I saw you wait." not in page
    send(ada, "open_views", showing.pk, how="all")
    page = text(ada, "spread", showing.pk)
    assert "mia: I saw you wait." in page and "kim: I saw you wait." in page and "nobody" in page


def test_whoever_joins_while_the_form_is_open_is_not_shown_it_unnamed(people, attempt, enter):
    circle, ada = gathered(people.ada, people.mia), enter("ada")
    asked = {"to": circle_with(circle, [people.mia]), "question": QUESTION, "wished": "2", "lasts": "14"}
    place = invite_to_circle(circle=circle, colleague=people.kim, by=people.mia, at=NOW)
    join_circle(place=place, by=people.kim, at=NOW)
    page = unescape(send(ada, "show_attempt", attempt.pk, **asked).content.decode())
    assert "Who would see it has changed." in page and "Tuesdays: Kim, Mia" in page
    assert not Showing.objects.exists()


def test_no_page_has_a_mean_or_a_count_of_what_was_given_or_received(people, aloud, enter):
    for member in (people.mia, people.kim) * 4:
        showing = shown(tried(aloud, people.ada), member)
        reviewed(showing, member)
    for name in ("ada", "mia"):
        page = text(enter(name), "show_community")
        assert not re.search(r"\b\d+ (views?|reviews?|times|attempts?|given|received)\b", page)
    send(enter("ada"), "open_views", showing.pk, how="all")
    page = text(enter("ada"), "spread", showing.pk)
    assert "There is no average of them." in page
    assert not re.search(r"\b\d+([.,]\d+)? (views?|people|reviews?|points?)\b", page)


def test_the_makers_rating_and_reaction_are_on_no_page_of_a_witness(people, aloud, enter):
    attempt = tried(aloud, people.ada, rating=0, reaction="too_hard", emotion="KanariShame")
    quiet, open_ = shown(attempt, people.mia), shown(attempt, people.kim, with_own_rating=True)
    for name, showing, own in (("mia", quiet, False), ("kim", open_, True)):
        page = text(enter(name), "review_attempt", showing.pk)
        assert "rated it" not in page and "too hard" not in page
        send(enter(name), "review_attempt", showing.pk, **WORDS)
        page = text(enter(name), "review_attempt", showing.pk)
        assert ("Ada rated it “not yet”" in page) is own
        assert "too hard" not in page and "Kanari" not in page


def test_it_is_shown_only_to_those_named_and_404_to_all_others_and_afterwards(people, attempt, enter, moment):
    showing = shown(attempt, people.mia)
    address = reverse("community:review_attempt", args=[showing.pk])
    opened = {name: enter(name).get(address).status_code for name in ("ada", "mia", "kim", "lea", "opal", "eve")}
    assert opened == {"ada": 404, "mia": 200, "kim": 404, "lea": 404, "opal": 404, "eve": 404}
    moment.pass_by(days=14)
    assert enter("mia").get(address).status_code == 404
    assert "ended; nobody but you opens it" in text(enter("ada"), "spread", showing.pk)
    assert QUESTION not in text(enter("mia"), "show_community")


def test_a_refused_view_keeps_its_words_on_the_page(people, attempt, enter):
    showing = shown(attempt, gathered(people.ada, people.mia, people.kim), wished=1)
    reviewed(showing, people.mia)
    kim = enter("kim")
    assert "nothing is asked of you" in text(kim, "review_attempt", showing.pk)
    answer = send(kim, "review_attempt", showing.pk, **WORDS)
    page = unescape(answer.content.decode())
    assert "I saw you wait." in page and "was not sent" in page and Review.objects.count() == 1


def test_taking_back_is_one_tap(people, attempt, enter):
    showing, ada = shown(attempt, people.mia), enter("ada")
    send(ada, "take_back", showing.pk)
    assert "taken back" in text(ada, "spread", showing.pk)
    assert enter("mia").get(reverse("community:review_attempt", args=[showing.pk])).status_code == 404


def test_one_voice_is_noticed_and_said_to_the_maker_alone(people, aloud, enter):
    for _ in range(6):
        reviewed(shown(tried(aloud, people.ada), people.mia), people.mia)
    assert "Most of what you heard lately came from Mia." in text(enter("ada"), "show_community")
    assert "Most of what you heard" not in text(enter("mia"), "show_community")


def test_a_circle_is_begun_joined_with_its_ground_rules_and_left(people, enter):
    ada, mia = enter("ada"), enter("mia")
    send(ada, "make_circle", name="Tuesdays", colleagues=[people.mia.pk, people.kim.pk])
    circle = Circle.objects.get()
    assert "Mia asked, and free to say no" in re.sub(r"<[^>]+>", "", text(ada, "circle", circle.pk))
    page = text(mia, "show_community")
    assert "Ada asks you into “Tuesdays”" in page and "What is shown here stays here." in page
    send(mia, "join_circle", Place.objects.get(member=people.mia).pk)
    send(enter("kim"), "refuse_circle", Place.objects.get(member=people.kim).pk)
    assert f'value="{people.kim.pk}"' in text(mia, "circle", circle.pk), "who said no may be asked again"
    send(mia, "invite_to_circle", circle.pk, colleague=people.lea.pk)
    assert Place.objects.filter(member=people.lea, left_at=None).exists()
    send(mia, "leave_circle", circle.pk)
    assert mia.get(reverse("community:circle", args=[circle.pk])).status_code == 404


def test_coaching_begins_with_how_it_was(people, aloud, enter):
    ada, mia = enter("ada"), enter("mia")
    send(ada, "ask_coach", coach=people.mia.pk, about="silence")
    coaching = Coaching.objects.get()
    page = text(mia, "coaching", coaching.pk)
    assert "Show somebody one, and you can take on somebody new." in page and "Yes, gladly" not in page
    send(mia, "accept_coaching", coaching.pk)
    assert Coaching.objects.get().accepted_at is None
    shown(tried(aloud, people.mia), people.kim)
    assert "Yes, gladly" in text(mia, "coaching", coaching.pk)
    send(mia, "accept_coaching", coaching.pk)
    send(ada, "say_how", coaching.pk, words="It was lonely.")
    page = text(mia, "coaching", coaching.pk)
    assert page.index("How was it to practise?") < page.index("It was lonely.") < page.index("What Ada shows you")
    assert send(ada, "say_how", coaching.pk, words="").status_code == 422
    send(ada, "end_coaching", coaching.pk)
    assert mia.get(reverse("community:coaching", args=[coaching.pk])).status_code == 404


def test_days_away_are_noted_and_taken_out(people, enter):
    ada = enter("ada")
    send(ada, "mark_leave", begins_on="2026-11-01", ends_on="2026-11-10")
    assert "You are away today." in text(ada, "mark_leave")
    leave = Leave.objects.get()
    assert send(enter("mia"), "forget_leave", leave.pk).status_code == 404
    send(ada, "forget_leave", leave.pk)
    assert "You are away today." not in text(ada, "mark_leave")


def test_nothing_of_the_coach_shows_to_the_trainee_but_what_was_shown(people, aloud, enter):
    shown(tried(aloud, people.mia), people.kim)
    coaching = coached(people.ada, people.mia)
    page = text(enter("ada"), "coaching", coaching.pk)
    assert QUESTION not in page and "You last showed" not in page


def test_today_offers_what_colleagues_show_and_ask_and_then_no_more(people, aloud, enter):
    def today(name) -> str:
        return re.sub(r"\s+", " ", unescape(enter(name).get("/").content.decode()))

    assert "In your circle" not in today("mia")
    showing = shown(tried(aloud, people.ada), people.mia)
    send(enter("ada"), "make_circle", name="Tuesdays", colleagues=[people.mia.pk])
    send(enter("ada"), "ask_coach", coach=people.mia.pk, about="silence")
    page = today("mia")
    assert QUESTION in page and "Ada asks you into “Tuesdays”" in page and "Ada would like to learn with you" in page
    assert "Nothing waits for you." in page, "an offer is nothing that has to be answered"
    reviewed(showing, people.mia)
    assert QUESTION not in today("mia") and "somebody wrote to you" in today("ada")
    send(enter("ada"), "open_views", showing.pk, how="all")
    assert "In your circle" not in today("ada")


def test_today_asks_nobody_for_a_view_that_is_not_wished_any_more(people, attempt, enter):
    reviewed(shown(attempt, gathered(people.ada, people.mia, people.kim), wished=1), people.mia)
    assert QUESTION not in unescape(enter("kim").get("/").content.decode())
