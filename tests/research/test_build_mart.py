"""Who is in the outcomes mart, what is in it of them, and what is not."""

import json
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from django.urls import get_resolver

from shoshin.care import queries as care
from shoshin.care.models.courses import Ending
from shoshin.feedback.actions import correct_response
from shoshin.kit.models import AuditEvent
from shoshin.mart.read import closed_courses, mart_facts
from shoshin.mart.schema import CourseRow, ResponseRow
from shoshin.research.queries import mart_key, mart_rows
from tests.cast import NOW
from tests.forms_of_ben import ben_answers
from tests.research.conftest import add_clients, batch_without_days, built, change, ended, own_copy, says

pytestmark = pytest.mark.usefixtures("measures_loaded", "home")


def table(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


@pytest.fixture
def answered(cast):
    """Ben answers three times and says yes to clinic figures."""
    for weeks, total in ((8, 16), (4, 11), (1, 7)):
        ben_answers(cast, total, weeks=weeks, source="paper")
    says(cast.ben, True)
    return cast


def test_a_score_is_a_row_with_opaque_keys_and_weeks(answered, home):
    facts = built(home / "mart")
    rows = table(home / "mart", "responses")
    assert [(row["value"], row["week"], row["closed"]) for row in rows] == [
        (16, 1, False),
        (11, 5, False),
        (7, 8, False),
    ]
    assert {(row["measure"], row["version"], row["score"], row["headline"]) for row in rows} == {
        ("phq-9", "1", "total", True)
    }
    assert {row["client"] for row in rows} == {mart_key("client", answered.ben.pk)}
    assert {row["therapist"] for row in rows} == {mart_key("therapist", answered.ada.pk)}
    assert len({row["response"] for row in rows}) == 3
    assert (facts.rows, facts.clients, facts.therapists, facts.clinics) == ({"responses": 3, "courses": 0}, 1, 1, 1)


def test_a_closed_course_is_a_line_with_what_it_is_read_by(answered, home):
    ended(answered.course)
    built(home / "mart")
    held = closed_courses(home / "mart")
    assert (held.first.tolist(), held.last.tolist(), held.weeks.tolist()) == ([16], [7], [7])
    assert (held.direction.tolist(), held.reliable.tolist(), held.cutoff.tolist()) == ([1], [6], [10])
    assert (held.appointments.tolist(), held.planned.tolist()) == ([3], [True])
    assert all(row["closed"] for row in table(home / "mart", "responses"))


def test_a_course_that_ended_otherwise_says_so(answered, home):
    ended(answered.course, Ending.UNPLANNED)
    built(home / "mart")
    assert closed_courses(home / "mart").planned.tolist() == [False]


def test_one_score_makes_no_line(cast, home):
    ben_answers(cast, 16, weeks=8, source="paper")
    says(cast.ben, True)
    ended(cast.course)
    built(home / "mart")
    assert len(table(home / "mart", "responses")) == 1
    assert len(closed_courses(home / "mart").first) == 0


def test_where_the_days_are_not_known_there_are_no_weeks(answered, home):
    batch = batch_without_days(member=answered.ada, by=answered.ada, at=NOW)
    for response in answered.ben.responses.all():
        change(row=response, values={"batch": batch}, by=answered.ada, at=NOW)
    ended(answered.course)
    built(home / "mart")
    assert [row["week"] for row in table(home / "mart", "responses")] == [None] * 3
    (weeks,) = closed_courses(home / "mart").weeks
    assert weeks != weeks


def test_nobody_is_in_it_who_did_not_say_yes(cast, home):
    ben_answers(cast, 16, source="paper")
    facts = built(home / "mart")
    assert table(home / "mart", "responses") == [] and facts.clients == 0


def test_who_says_no_is_gone_from_the_next_build(answered, home):
    built(home / "mart")
    assert len(table(home / "mart", "responses")) == 3
    says(answered.ben, False, NOW + timedelta(hours=1))
    built(home / "mart")
    assert table(home / "mart", "responses") == []
    assert mart_key("client", answered.ben.pk).encode() not in b"".join(
        path.read_bytes() for path in (home / "mart").iterdir()
    )


def test_who_is_in_it_is_who_care_says_agreed(answered, home):
    clients = add_clients(cast=answered, count=3, by=answered.ada, at=NOW)
    says(clients[0], True)
    says(clients[1], True)
    says(clients[1], False, NOW + timedelta(minutes=1))
    everybody = [answered.ben, answered.noa, *clients]
    assert set(care.clients_in_figures()) == {client for client in everybody if care.agreed(client, "figures")}
    assert care.clients_not_in_figures() == {"said_no": 1, "not_asked": 2}


def test_an_imported_client_is_not_in_it_until_asked_in_person(answered, home):
    change(row=answered.ben, values={"care_only": True}, by=answered.ada, at=NOW)
    add_clients(cast=answered, count=1, care_only=True, by=answered.ada, at=NOW)
    facts = built(home / "mart")
    assert table(home / "mart", "responses") == [] and facts.clients == 0


def test_small_counts_of_those_left_out_are_not_told(answered, home):
    for client in add_clients(cast=answered, count=6, by=answered.ada, at=NOW):
        says(client, False)
    assert built(home / "mart").left_out == {"said_no": 6, "not_asked": None}
    assert mart_facts(home / "mart").left_out == {"said_no": 6, "not_asked": None}


def test_a_corrected_form_counts_once_as_it_stands(cast, home):
    filed = ben_answers(cast, 6, source="paper")
    says(cast.ben, True)
    correct_response(response=filed, answers=filed.answers | {"1": 0}, because="a slip", by=cast.ada, at=NOW)
    built(home / "mart")
    assert [row["value"] for row in table(home / "mart", "responses")] == [3]


def test_no_name_code_date_or_word_leaves(answered, home):
    ended(answered.course)
    built(home / "mart")
    rows = [*table(home / "mart", "responses"), *table(home / "mart", "courses")]
    words = {value for row in rows for value in row.values() if isinstance(value, str)}
    plain = {word for word in words if not (len(word) == 24 and set(word) <= set("0123456789abcdef"))}
    assert plain == {"phq-9", "1", "total", "paper"}
    told = json.loads((home / "mart" / "mart.json").read_text())
    assert "2026" not in json.dumps(told | {"built_at": "", "build": ""})
    for word in ("B. N.", "b. n.", "benbenbe", "Ada", "Willow"):
        assert word not in json.dumps(rows) + json.dumps(told)


def test_keys_are_of_this_house_only_and_lie_outside_of_the_database(answered, home, settings):
    here = mart_key("client", 1)
    assert here == mart_key("client", 1) != mart_key("therapist", 1)
    assert (home / "keys" / "mart" / "master").stat().st_mode & 0o777 == 0o600
    settings.MART_KEY = "x" * 40
    assert mart_key("client", 1) != here
    settings.MART_KEY = "short"
    with pytest.raises(ValueError, match="40 random characters"):
        mart_key("client", 1)


def test_a_clinics_own_measure_bears_no_name(answered, home):
    filed = ben_answers(answered, 5, measure="gad-7", source="paper")
    own = own_copy(version=filed.version, cast=answered, by=answered.ada, at=NOW)
    change(row=filed, values={"version": own, "measure_id": own.measure_id}, by=answered.ada, at=NOW)
    found = [row for rows in mart_rows() for row in rows]
    row = next(row for row in found if row.measure != "phq-9")
    assert row.headline and len(found) == 4
    assert "own" not in row.measure and "total" not in row.score and len(row.version) == 24


def test_rows_of_several_courses_stay_apart(answered, home):
    clients = add_clients(cast=answered, count=2, by=answered.ada, at=NOW)
    for client, total in zip(clients, (20, 5), strict=True):
        says(client, True)
        answered.course = client.courses.get()
        ben_answers(answered, total, source="paper")
        ben_answers(answered, total - 2, source="paper")
        ended(answered.course)
    found = [[type(row) for row in rows] for rows in mart_rows()]
    assert found == [[ResponseRow] * 3, [ResponseRow] * 2 + [CourseRow], [ResponseRow] * 2 + [CourseRow]]
    lines = [row for rows in mart_rows() for row in rows if isinstance(row, CourseRow)]
    assert [(row.client, row.first, row.last) for row in lines] == [
        (mart_key("client", clients[0].pk), 20, 18),
        (mart_key("client", clients[1].pk), 5, 3),
    ]


def test_a_build_is_in_the_trail_and_one_that_fails_leaves_the_old_mart(answered, home, monkeypatch):
    from shoshin.research.actions import mart as actions

    built(home / "mart")
    assert AuditEvent.objects.filter(event="research.build_mart").count() == 1
    before = (home / "mart" / "mart.json").read_text()

    def broken():
        raise RuntimeError("the database went away")

    monkeypatch.setattr(actions.care, "clients_not_in_figures", broken)
    with pytest.raises(RuntimeError):
        built(home / "mart")
    assert (home / "mart" / "mart.json").read_text() == before
    assert len(list((home / "mart").iterdir())) == 3


def test_no_page_leads_to_the_mart():
    assert not [name for name in get_resolver().reverse_dict if isinstance(name, str) and "mart" in name]
