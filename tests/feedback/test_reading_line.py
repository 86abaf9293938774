"""The line on who reads is true: for everybody in the cast it names them if, and only if, the answers open to them."""

import re
from datetime import time, timedelta

import pytest

from shoshin.care import queries as care
from shoshin.care.actions import name_duty, set_reading_hours
from shoshin.feedback.queries.own_page import own_page
from shoshin.feedback.queries.readers import in_words, reading_line
from shoshin.kit.action import OPERATOR, action
from tests.care.absences import away
from tests.cast import NOW
from tests.forms_of_ben import ben_answers


@action("tests.hand_over")
def hand_over(*, cast, to, by, at) -> None:
    """Ben is held by somebody else from now on."""
    type(cast.ben).objects.filter(pk=cast.ben.pk).update(therapist=to)
    cast.ben.refresh_from_db()


@action("tests.leave")
def leave(*, member, by, at) -> None:
    type(member).objects.filter(pk=member.pk).update(ended_at=at)
    member.refresh_from_db()


def opens_answers(as_member, member, response) -> bool:
    addresses = (f"/responses/{response.reference}/", f"/responses/{response.reference}/correct/")
    opened = {as_member(member).get(address).status_code == 200 for address in addresses}
    assert len(opened) == 1, "two pages of the same answers open to different people"
    return opened.pop()


@pytest.mark.parametrize("held_by", ["ada", "mia"])
def test_the_line_names_exactly_those_to_whom_the_answers_open(held_by, cast, measures_loaded, as_member):
    response = ben_answers(cast, 9, source="paper")
    hand_over(cast=cast, to=getattr(cast, held_by), by=OPERATOR, at=NOW)
    line = reading_line(cast.ben, cast.ben_today, NOW)
    for name in ("ada", "mia", "eve"):
        member = getattr(cast, name)
        named = member.person.name in line.text
        assert named == opens_answers(as_member, member, response), name
        assert named == (name == held_by)


def test_whoever_has_left_is_neither_named_nor_let_in(cast, measures_loaded, as_member):
    response = ben_answers(cast, 9, source="paper")
    leave(member=cast.ada, by=OPERATOR, at=NOW)
    cast.ben.refresh_from_db()
    line = reading_line(cast.ben, cast.ben_today, NOW)
    assert line.names == ()
    assert line.text == "Nobody is named to read this yet. Nobody reads it live."
    assert as_member(cast.ada).get(f"/responses/{response.reference}/correct/").status_code != 200


def test_it_names_the_appointment_on_the_clinics_clock(cast):
    assert reading_line(cast.ben, cast.ben_today, NOW).text.startswith("Ada reads this before Tuesday 14:00,")


def test_an_appointment_further_off_has_its_date(cast):
    early = cast.ben_today.starts_at - timedelta(days=9)
    assert "before Tuesday 3 November, 14:00" in reading_line(cast.ben, cast.ben_today, early).text


def test_without_an_appointment_it_promises_no_day(cast):
    assert "before you next meet" in reading_line(cast.ben, None, NOW).text


@action("tests.plan_again")
def plan_again(*, cast, by, at):
    """Ben comes again a week after today."""
    today = cast.ben_today
    return type(today).objects.create(
        clinic=today.clinic,
        course=today.course,
        therapist=today.therapist,
        starts_at=today.starts_at + timedelta(weeks=1),
        state_at=at,
    )


@pytest.mark.parametrize("hours", [0, 5, 6])
def test_a_form_about_an_appointment_is_read_before_the_one_that_follows(hours, begun, phone, cast, moment):
    plan_again(cast=cast, by=OPERATOR, at=NOW)
    moment.pass_by(hours=hours)
    begun("shoshin-check", appointment=cast.ben_today)
    assert "Ada reads this before Tuesday 10 November, 14:00" in phone.get("/f/now/").content.decode()


def test_a_form_about_the_last_appointment_planned_promises_no_day(begun, phone, cast):
    begun("shoshin-check", appointment=cast.ben_today)
    assert "before you next meet" in phone.get("/f/now/").content.decode()


def test_somebody_else_is_named_only_where_there_is_somebody_else(cast):
    assert reading_line(cast.ben, None, NOW).others == ()
    hand_over(cast=cast, to=cast.mia, by=OPERATOR, at=NOW)
    assert reading_line(cast.ben, None, NOW).others == ("Ada",)


def test_the_page_never_promises_a_person_who_is_not_there(begun, phone, cast):
    begun("shoshin-check")
    page = phone.get("/f/now/").content.decode()
    assert "Tell someone other than Ada" in page
    assert "nobody else we can name" in page
    told = re.sub(r"[\w-]{32,}", "", page)  # a name of three letters comes by chance in a long token
    assert "Mia" not in told and "Eve" not in told


def test_the_page_names_who_answers_for_the_clinic_and_says_where_answers_go(begun, phone, cast):
    hand_over(cast=cast, to=cast.mia, by=OPERATOR, at=NOW)
    begun("shoshin-check")
    page = phone.get("/f/now/").content.decode()
    assert "What you answer here goes to Mia, and to a colleague only while they cover an absence." in page
    assert "Ada answers for the clinic." in page
    assert {reader.member.person.name for reader in care.readers_of(cast.ben, NOW)} == {"Mia"}


# What the form says of hours and of absences.


def hour(cast, member, weekday, begins=time(9), ends=time(10)):
    set_reading_hours(member=member, hours=[(weekday, begins, ends)], by=member, at=NOW - timedelta(days=1))


def test_before_a_safety_question_the_form_says_when_somebody_next_reads_and_the_receipt_says_it_again(
    begun, phone, cast, moment
):
    begun("phq-9")
    hour(cast, cast.ada, 3)
    sentence = "Ada next reads this on Thursday between 09:00 and 10:00."
    page = phone.get("/f/now/").content.decode()
    assert page.index(sentence) < page.index("A made-up question 9")
    answers = {f"q-{number}": "0" for number in range(1, 10)} | {"gaps-seen": "1"}
    assert phone.post("/f/now/", answers).status_code == 303
    assert sentence in phone.get("/f/received/").content.decode()


def test_a_form_without_a_safety_question_promises_no_hour(begun, phone, cast):
    begun("shoshin-check")
    assert "next reads" not in phone.get("/f/now/").content.decode()


def test_an_hour_that_is_almost_over_is_not_promised(cast):
    hour(cast, cast.ada, 1, time(8), time(9, 10))
    assert "on Tuesday 10 November between 08:00 and 09:10" in safety_line(cast)
    hour(cast, cast.ada, 1, time(8), time(10))
    assert "today between 09:15 and 10:00" in safety_line(cast)


def safety_line(cast, at=NOW) -> str:
    return reading_line(cast.ben, None, at, asks_about_safety=True).text


def test_without_any_promise_the_form_says_so(cast):
    assert "Nobody has promised an hour at which this is read." in safety_line(cast)


def test_somebody_who_may_not_read_is_never_said_to_read(cast):
    name_duty(member=cast.mia, by=cast.ada, at=NOW)
    hour(cast, cast.mia, 2)
    line = safety_line(cast)
    assert "Mia next takes it up on Wednesday between 09:00 and 10:00" in line
    assert "Mia reads" not in line and "Mia next reads" not in line
    assert "If a marked safety question waits, Mia is told too." in line


def test_whoever_will_cover_by_then_is_said_to_read(cast):
    hour(cast, cast.ada, 4)
    hour(cast, cast.mia, 4)
    away(cast.ada, "2026-11-05 09:00", "2026-11-07 17:00", colleague=cast.mia, accepted=True)
    assert "Mia next reads this on Friday between 09:00 and 10:00." in safety_line(cast)


def test_the_form_and_the_clients_own_page_say_who_covers_this_week(cast):
    away(cast.ada, "2026-11-05 09:00", "2026-11-07 17:00", colleague=cast.mia, accepted=True)
    coming = own_page(cast.ben, NOW).reading.text
    assert "From Thursday 09:00 until Saturday 17:00 Ada is away, and Mia covers and reads." in coming
    during = reading_line(cast.ben, None, NOW + timedelta(days=2, hours=1))
    assert during.text.startswith("Ada is away until Saturday 17:00. Mia covers and reads this.")
    assert set(during.names) == {"Ada", "Mia"}
    assert "Mia" not in reading_line(cast.ben, None, NOW + timedelta(days=10)).text


def test_a_colleague_who_was_only_asked_is_not_named(cast):
    away(cast.ada, "2026-11-05 09:00", "2026-11-07 17:00", colleague=cast.mia)
    assert "Ada is away, and nobody covers." in reading_line(cast.ben, None, NOW).text
    during = reading_line(cast.ben, None, NOW + timedelta(days=3))
    assert "nobody covers" in during.text and "Mia" not in during.text and during.names == ("Ada",)


def test_names_are_said_as_one_says_them():
    assert in_words(("Ada",)) == "Ada"
    assert in_words(("Ada", "Jo", "Mia")) == "Ada, Jo and Mia"
