"""The client's own page: opened by link and PIN, their own points and words, and no mark of anybody else's."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from shoshin.care import queries as care
from shoshin.care.actions import make_page_key, record_choices
from shoshin.feedback.models import Change, SignalRow
from shoshin.kit.action import OPERATOR, action
from tests.cast import NOW
from tests.forms_of_ben import ben_answers

PIN = "8305"


@pytest.fixture
def token(cast, measures_loaded, moment):
    return make_page_key(client=cast.ben, pin=PIN, by=cast.ada, at=NOW).token


@pytest.fixture
def own(token, phone):
    """Ben's phone, with his own page open."""
    answer = phone.post(f"/p/{token}/", {"pin": PIN})
    assert (answer.status_code, answer["Location"]) == (303, "/p/now/")
    return phone


@action("tests.tell_change")
def tell_change(*, cast, by, at) -> Change:
    return Change.objects.create(
        course=cast.course,
        you_said="too fast",
        i_changed="more time at the start",
        occasion=3,
        made_at=at,
        made_by=cast.ada,
    )


def page_of(browser) -> str:
    answer = browser.get("/p/now/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_door_is_neutral_and_the_same_for_a_link_nobody_made(token, phone):
    def door(address: str) -> str:
        page = phone.get(address).content.decode()
        return "\n".join(line for line in page.splitlines() if "csrf" not in line and "next" not in line)

    assert door(f"/p/{token}/") == door("/p/unknown/")
    assert not any(name in door(f"/p/{token}/") for name in ("Ada", "B. N.", "Willow"))


def test_an_unknown_link_and_a_wrong_pin_get_the_same_answer(token, phone):
    wrong, unknown = phone.post(f"/p/{token}/", {"pin": "9999"}), phone.post("/p/unknown/", {"pin": PIN})
    assert wrong.status_code == unknown.status_code == 422
    assert "open no page" in wrong.content.decode() and "open no page" in unknown.content.decode()
    assert "page" not in phone.cookies


def test_five_wrong_pins_lock_the_link_even_for_the_right_one(token, phone, cast):
    for _ in range(5):
        phone.post(f"/p/{token}/", {"pin": "9999"})
    assert phone.post(f"/p/{token}/", {"pin": PIN}).status_code == 422
    assert care.page_key_of(cast.ben).locked_at is not None


def test_it_shows_their_points_as_a_line_a_table_and_words(own, cast):
    for weeks, total in enumerate((14, 12, 9, 7)):
        ben_answers(cast, total, weeks=3 - weeks)
    page = page_of(own)
    assert "You answered four times." in page
    assert "<svg" in page and "The same as a table" in page
    assert all(f"<td>{total}</td>" in page for total in (14, 12, 9, 7))


def test_every_answer_is_on_the_line_even_on_one_day(own, cast):
    for hours, total in enumerate((14, 12, 9)):
        ben_answers(cast, total, at=NOW + timedelta(hours=hours))
    page = page_of(own)
    assert "You answered three times." in page
    assert all(f"<td>{total}</td>" in page for total in (14, 12, 9))


def test_it_shows_no_signal_no_cut_off_no_band_and_no_guess(own, cast):
    for weeks, total in enumerate((8, 9, 16)):
        ben_answers(cast, total, weeks=2 - weeks)
    assert SignalRow.objects.exists()
    page = page_of(own).lower()
    for word in (
        "cut-off",
        "measurement error",
        "moderate",
        "severe",
        "worse",
        "signal",
        "guess",
        "recover",
        "caseness",
    ):
        assert word not in page, word


def test_you_said_i_changed_comes_back(own, cast):
    tell_change(cast=cast, by=OPERATOR, at=NOW)
    page = page_of(own)
    assert "You said, I changed" in page and "too fast" in page and "more time at the start" in page


def test_it_says_who_reads_and_that_nobody_reads_live_and_has_the_numbers(own):
    page = page_of(own)
    assert "Ada reads this before Tuesday 14:00" in page and "Nobody reads it live" in page
    assert "tel:0800000000" in page


def test_a_yes_can_be_taken_back_here_and_care_stays(own, cast):
    record_choices(client=cast.ben, choices={"care": True, "learning": True}, by=cast.ada, at=NOW)
    assert "Take this yes back" in page_of(own)
    assert own.post("/p/now/", {"withdraw": "learning"}).status_code == 303
    own.post("/p/now/", {"withdraw": "care"})
    assert not care.agreed(cast.ben, "learning")
    assert care.agreed(cast.ben, "care")
    assert "Take this yes back" not in page_of(own)


def test_what_was_never_a_yes_cannot_be_changed_by_a_forged_post(own, cast):
    for purpose in ("figures", "nonsense", ""):
        assert own.post("/p/now/", {"withdraw": purpose}).status_code == 303
    assert not cast.ben.choices.exists()


def test_half_an_hour_idle_or_a_new_key_closes_it(own, cast, moment):
    moment.pass_by(minutes=29)
    page_of(own)
    moment.pass_by(minutes=31)
    assert own.get("/p/now/").status_code == 404


def test_a_new_key_closes_the_page_opened_with_the_old_one(own, cast):
    make_page_key(client=cast.ben, pin="7052", by=cast.ada, at=NOW)
    assert own.get("/p/now/").status_code == 404


def test_closing_it_leaves_nothing_in_the_browser(own):
    assert own.post("/p/close/").status_code == 200
    assert own.get("/p/now/").status_code == 404


def test_nobody_opens_it_without_the_link_and_the_pin_not_even_somebody_signed_in(token, cast, as_member):
    assert as_member(cast.ada).get("/p/now/").status_code == 404
    assert Browser().get("/p/now/").status_code == 404
    assert Browser().post("/p/now/", {"withdraw": "learning"}).status_code == 404
