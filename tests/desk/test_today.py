"""Today: who is coming, who answered, who has not, what needs an answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shoshin.desk.queries import today
from shoshin.feedback.actions import read_response
from shoshin.kit.policy import Hat
from tests.cast import NOW
from tests.forms_of_ben import ben_answers


@pytest.fixture(autouse=True)
def _measures(measures_loaded):
    pass


def day_of(member, at=NOW):
    return today(Hat(member, ("own",)), at)


def test_it_shows_who_is_coming_today_and_nobody_elses_clients(cast):
    assert [visit.client for visit in day_of(cast.ada).visits] == [cast.ben]
    assert day_of(cast.mia).visits == ()
    assert day_of(cast.eve).visits == ()


def test_a_new_answer_is_called_answered_and_its_signal_waits_behind_the_guess(cast):
    first = ben_answers(cast, 16, weeks=3)
    read_response(response=first, by=cast.ada, at=NOW)
    second = ben_answers(cast, 16)
    page = day_of(cast.ada)
    assert page.visits[0].waiting == (second,)
    assert page.signals == ()
    read_response(response=second, by=cast.ada, at=NOW)
    page = day_of(cast.ada)
    assert page.visits[0].waiting == ()
    assert [(signal.kind, signal.level) for signal in page.signals] == [("no_change", "watch")]


def test_a_reliable_worsening_and_a_marked_safety_question_stand_there_at_once(cast):
    ben_answers(cast, 8, weeks=3, source="paper")
    ben_answers(cast, 20, risk=2)
    page = day_of(cast.ada)
    assert [signal.kind for signal in page.signals] == ["worse"]
    assert [alert.value for alert in page.alerts] == [2]
    assert [item.course for item in page.consultations] == [cast.course]


def test_the_page_never_shows_a_score(cast, as_member):
    ben_answers(cast, 23, source="paper")
    page = as_member(cast.ada).get("/").content.decode()
    assert "B. N." in page
    assert ">23<" not in page


def test_the_number_of_queries_does_not_grow_with_the_answers(cast):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            day_of(cast.ada)
        return len(queries)

    ben_answers(cast, 9, weeks=3)
    before = asked()
    for weeks in (2, 1, 0):
        ben_answers(cast, 9, weeks=weeks)
    assert asked() == before
