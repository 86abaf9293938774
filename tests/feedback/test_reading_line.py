"""The line on who reads is true: for everybody in the cast it names them if, and only if, the answers open to them."""

from datetime import timedelta

import pytest

from shoshin.care import queries as care
from shoshin.feedback.queries.readers import in_words, reading_line
from shoshin.kit.action import OPERATOR, action
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
    assert "Mia" not in page and "Eve" not in page


def test_the_page_names_who_answers_for_the_clinic_and_says_where_answers_go(begun, phone, cast):
    hand_over(cast=cast, to=cast.mia, by=OPERATOR, at=NOW)
    begun("shoshin-check")
    page = phone.get("/f/now/").content.decode()
    assert "What you answer here goes to Mia and to nobody else." in page
    assert "Ada answers for the clinic." in page
    assert {reader.member.person.name for reader in care.readers_of(cast.ben)} == {"Mia"}


def test_names_are_said_as_one_says_them():
    assert in_words(("Ada",)) == "Ada"
    assert in_words(("Ada", "Jo", "Mia")) == "Ada, Jo and Mia"
