"""A question goes to colleagues and comes back with an outcome (P92)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.kit import clock
from shoshin.kit.action import SYSTEM
from tests.cast import NOW


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def waiting(cast):
    return actions.open_consultation(course=cast.course, question="Are we stuck?", by=cast.ada, at=NOW)


def test_open_ones_are_listed_for_their_own_therapist_the_oldest_first(cast, hat, waiting):
    earlier = actions.open_consultation(
        course=cast.course, opened_by_itself=True, by=SYSTEM, at=NOW - timedelta(days=9)
    )
    assert list(queries.open_consultations(hat(cast.ada))) == [earlier, waiting]
    assert list(queries.open_consultations(hat(cast.mia))) == []


def test_closing_keeps_day_outcome_and_who(cast, hat, waiting, as_member):
    given = {"held_on": "2026-11-02", "outcome": "Ask about the pace."}
    assert as_member(cast.ada).post(address(waiting), given).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.held_on, waiting.outcome, waiting.closed_by) == (
        date(2026, 11, 2),
        given["outcome"],
        cast.ada,
    )
    assert list(queries.open_consultations(hat(cast.ada))) == []
    assert queries.last_consulted_on(hat(cast.ada)) == date(2026, 11, 2)
    assert queries.last_consulted_on(hat(cast.eve)) is None


def test_it_asks_for_an_outcome_and_a_day_that_has_been(cast, waiting, as_member):
    given = {"held_on": "2026-11-04", "outcome": "Ask about the pace."}
    assert "still to come" in as_member(cast.ada).post(address(waiting), given).content.decode()
    with pytest.raises(actions.CannotCloseConsultation, match="what came of it"):
        close(cast, waiting, outcome=" ")
    waiting.refresh_from_db()
    assert waiting.closed_at is None


def test_a_closed_one_is_shown_and_not_rewritten(cast, waiting, as_member):
    close(cast, waiting, outcome="Ask about the pace.")
    page = as_member(cast.ada).get(address(waiting)).content.decode()
    assert "Ask about the pace." in page
    assert 'name="outcome"' not in page
    with pytest.raises(actions.CannotCloseConsultation, match="stands as written"):
        close(cast, waiting, outcome="Something else")


def test_one_that_opened_by_itself_says_why(cast, as_member):
    opened = actions.open_consultation(course=cast.course, opened_by_itself=True, by=SYSTEM, at=NOW)
    assert "opened by itself" in as_member(cast.ada).get(address(opened)).content.decode()


def test_a_stranger_does_not_learn_that_it_exists(waiting, refuses_strangers):
    refuses_strangers(address(waiting))


def close(cast, consultation, outcome):
    return actions.close_consultation(
        consultation=consultation, held_on=date(2026, 11, 2), outcome=outcome, by=cast.ada, at=NOW
    )


def address(consultation):
    return reverse("care:close_consultation", args=[consultation.pk])
