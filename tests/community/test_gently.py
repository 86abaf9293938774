"""A coach is told one sentence, without figure or reason: by the trainee's own act or standing yes, and never else."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from shoshin.community.actions import (
    CannotCoach,
    agree_gently,
    ask_coach,
    end_coaching,
    revoke_gently,
    tell_by_yes,
    tell_gently,
    untell_gently,
)
from shoshin.community.models import GentleWord, GentleYes
from shoshin.community.queries import coaches_to_tell, standing_word, words_due
from shoshin.community.tasks import tell_coaches
from shoshin.kit.action import SYSTEM
from shoshin.kit.models import AuditEvent
from shoshin.welfare.actions import check_capacity, ease_off
from tests.cast import NOW
from tests.community.steps import coached, shown, tried
from tests.doors import come_in
from tests.welfare.people import leave

SENTENCE = "Ada would like to go gently this week."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def coaching(people, aloud):
    shown(tried(aloud, people.mia), people.kim)
    return coached(people.ada, people.mia)


@pytest.fixture
def enter(people, moment, long_sessions):
    return lambda name: come_in(Browser(), getattr(people, name).person)


def heavy(people, at=NOW, colour="red"):
    """Ada says that she wants to go easier, with words and causes beside it."""
    check_capacity(member=people.ada, capacity=2, causes=["work"], words="my own words", by=people.ada, at=at)
    ease_off(member=people.ada, colour=colour, by=people.ada, at=at)


def text(browser, name, *args):
    answer = browser.get(reverse(f"community:{name}", args=args))
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def send(browser, name, coaching):
    return browser.post(reverse(f"community:{name}", args=[coaching.pk])).status_code


def agreed(people, coaching, at=NOW):
    return agree_gently(coaching=coaching, by=people.ada, at=at)


@pytest.mark.parametrize("colour", ["amber", "red"])
def test_on_a_heavy_day_i_am_asked_and_nothing_goes_unless_i_say_so(people, coaching, enter, colour):
    ada, mia = enter("ada"), enter("mia")
    assert "Today asks you to go gently" not in text(ada, "coaching", coaching.pk)
    heavy(people, colour=colour)
    assert "Today asks you to go gently" in text(ada, "coaching", coaching.pk)
    assert "Today asks you to go gently" in text(ada, "show_community")
    tell_coaches({}, NOW + HOUR)
    assert not GentleWord.objects.exists() and SENTENCE not in text(mia, "coaching", coaching.pk)
    assert send(ada, "tell_gently", coaching) == 302
    assert SENTENCE in text(mia, "coaching", coaching.pk)


def test_the_coach_reads_one_sentence_and_no_figure_and_no_reason(people, coaching, enter):
    mia = enter("mia")
    before = text(mia, "coaching", coaching.pk)
    heavy(people)
    tell_gently(coaching=coaching, by=people.ada, at=NOW)
    after = text(mia, "coaching", coaching.pk)
    plain = [re.sub(r" +", " ", re.sub(r"<[^>]+>|nonce-\S+", " ", page)) for page in (before, after)]
    added = " ".join(plain[1].replace(SENTENCE, "").split())
    assert SENTENCE in plain[1] and added == " ".join(plain[0].split())
    assert SENTENCE not in text(mia, "show_community") + text(enter("kim"), "show_community")


def test_it_stands_for_a_week_and_i_may_take_it_back_at_once(people, coaching, enter, moment):
    ada, mia = enter("ada"), enter("mia")
    send(ada, "tell_gently", coaching)
    send(ada, "tell_gently", coaching)
    assert GentleWord.objects.count() == 1
    assert standing_word(coaching, NOW + 7 * DAY - HOUR) and not standing_word(coaching, NOW + 7 * DAY)
    send(ada, "untell_gently", coaching)
    assert SENTENCE not in text(mia, "coaching", coaching.pk)
    page = text(ada, "coaching", coaching.pk)
    assert "What was told, and when" in page and "by you" in page and "taken back" in page


def test_a_standing_yes_tells_by_itself_on_a_heavy_day_once_a_week(people, coaching):
    agreed(people, coaching)
    tell_coaches({}, NOW)
    assert not GentleWord.objects.exists()
    heavy(people)
    for hours in range(3):
        tell_coaches({}, NOW + hours * HOUR)
    word = GentleWord.objects.get()
    assert word.by_itself and word.told_at == NOW
    heavy(people, NOW + 7 * DAY)
    tell_coaches({}, NOW + 7 * DAY)
    assert GentleWord.objects.count() == 2


def test_the_yes_is_for_one_coach_and_revoked_at_once(people, coaching, aloud, enter):
    shown(tried(aloud, people.kim), people.mia)
    other = coached(people.ada, people.kim)
    agreed(people, other)
    heavy(people)
    assert words_due(NOW) == [other]
    tell_coaches({}, NOW)
    assert standing_word(other, NOW) and not standing_word(coaching, NOW)
    assert send(enter("ada"), "revoke_gently", other) == 302
    assert not standing_word(other, NOW)
    heavy(people, NOW + 8 * DAY)
    tell_coaches({}, NOW + 8 * DAY)
    assert GentleWord.objects.count() == 1 and GentleYes.objects.get().revoked_at is not None


def test_a_yes_taken_back_while_the_task_runs_tells_nobody(people, coaching):
    agreed(people, coaching)
    heavy(people)
    (due,) = words_due(NOW)
    revoke_gently(coaching=coaching, by=people.ada, at=NOW)
    assert tell_by_yes(coaching=due, by=SYSTEM, at=NOW) is None and not GentleWord.objects.exists()


def test_what_i_took_back_does_not_go_again_by_itself(people, coaching):
    agreed(people, coaching)
    heavy(people)
    tell_coaches({}, NOW)
    untell_gently(coaching=coaching, by=people.ada, at=NOW + HOUR)
    tell_coaches({}, NOW + 2 * HOUR)
    assert GentleWord.objects.count() == 1 and not standing_word(coaching, NOW + 2 * HOUR)
    assert coaches_to_tell(people.ada, NOW + 2 * HOUR) == []


@pytest.mark.parametrize("ends", ["coaching", "membership"])
def test_after_the_coaching_or_the_work_here_ended_nothing_goes(people, coaching, ends):
    agreed(people, coaching)
    heavy(people)
    if ends == "coaching":
        end_coaching(coaching=coaching, by=people.mia, at=NOW)
    else:
        leave(member=people.mia, by=SYSTEM, at=NOW)
    tell_coaches({}, NOW + HOUR)
    assert not GentleWord.objects.exists()


def test_nobody_but_the_one_who_learns_says_any_of_it(people, coaching, enter):
    heavy(people)
    for name in ("mia", "kim", "lea"):
        browser = enter(name)
        for verb in ("tell_gently", "untell_gently", "agree_gently", "revoke_gently"):
            assert send(browser, verb, coaching) == 404
    for act in (tell_gently, untell_gently, agree_gently, revoke_gently):
        with pytest.raises(CannotCoach):
            act(coaching=coaching, by=people.mia, at=NOW)
    page = text(enter("mia"), "coaching", coaching.pk)
    assert "go gently" not in page and "Going gently" not in page
    assert not GentleWord.objects.exists() and not GentleYes.objects.exists()


def test_a_coach_who_has_not_said_yes_is_told_nothing(people, aloud, enter):
    asked = ask_coach(coach=people.mia, about="pace", by=people.ada, at=NOW)
    heavy(people)
    with pytest.raises(CannotCoach):
        tell_gently(coaching=asked, by=people.ada, at=NOW)
    assert send(enter("ada"), "agree_gently", asked) == 404
    assert coaches_to_tell(people.ada, NOW) == []


def test_the_trail_says_that_it_was_done_and_not_between_whom(people, coaching):
    agreed(people, coaching)
    heavy(people)
    tell_coaches({}, NOW)
    rows = AuditEvent.objects.filter(event__in=["community.agree_gently", "community.tell_by_yes"])
    assert rows.count() == 2 and all(row.about is None and row.subjects == {} for row in rows)
    tell_coaches({}, NOW + HOUR)
    assert AuditEvent.objects.filter(event="community.tell_by_yes").count() == 1
