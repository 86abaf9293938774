"""The database itself keeps clinics apart: tried on a real PostgreSQL, as a role that owns no table."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from shoshin.care import queries as care
from shoshin.care.models import Client
from shoshin.feedback.models import Assignment
from shoshin.kit import chain, row_security
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from tests.cast import NOW
from tests.doors import come_in
from tests.house import matrix
from tests.walls import build_walls, whole_walls

ROLE = "pages_of_the_tests"
OPEN_TABLES = {
    "people.person",  # accounts sign in before a clinic is known
    "people.personsession",  # so do their sessions
    "people.clinic",  # safety numbers are public
    "kit.task",  # ids only; workers act for every clinic
    "kit.beat",
}
postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps one clinic a file")


def counted() -> dict[str, int]:
    return {model._meta.label_lower: model.objects.count() for model in row_security.walled()}


def test_every_table_of_ours_stands_behind_a_wall_but_five_that_say_why():
    ours = {model for model in apps.get_models() if model.__module__.startswith("shoshin.")}
    walls = {model._meta.label_lower for model in row_security.walled()}
    print(f"\n{len(walls)} of {len(ours)} tables behind a wall")
    assert {model._meta.label_lower for model in ours} - walls == OPEN_TABLES


@pytest.fixture
def walls(db, measures_loaded):
    return build_walls(by=OPERATOR, at=NOW)


@pytest.fixture
def as_pages(walls):
    """The role that serves pages: not the owner of any table, and nobody's clinic to begin with."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        cursor.execute(f"GRANT {ROLE} TO current_user")
        row_security.raise_walls(app_role=ROLE)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        with row_security.acting_for(None):
            yield walls
        cursor.execute("RESET ROLE")


@postgres
def test_who_acts_for_nobody_sees_nothing_but_what_comes_with_the_product(as_pages):
    with row_security.acting_for(row_security.EVERY):
        there = counted()
    seen = {table: n for table, n in counted().items() if n}
    print(f"\n{sum(there.values())} rows in {len(there)} tables; without a clinic {seen}")
    assert sum(n > 0 for n in there.values()) > 15, "too few tables are filled to prove anything"
    assert set(seen) <= {"measures.measureversion", "measures.wordingpack", "measures.licenceconfirmation"} | {
        "kit.auditevent",
        "kit.chainhead",
    }
    assert not AuditEvent.objects.exclude(clinic_id=0).exists()


@postgres
def test_who_acts_for_a_clinic_sees_its_rows_and_no_other_clinics(as_pages):
    home, elsewhere = as_pages.cast.clinic.pk, as_pages.cast.eve.clinic_id
    with row_security.acting_for(row_security.EVERY):
        there = counted()
    with row_security.acting_for(home):
        assert set(Client.objects.values_list("code", flat=True)) == {"B. N.", "N. A."}
        here = counted()
        foreign = [
            model
            for model in row_security.walled()
            if "clinic" in {field.name for field in model._meta.fields}
            and model.objects.filter(clinic=elsewhere).exists()
        ]
    with row_security.acting_for(elsewhere):
        assert set(Client.objects.values_list("code", flat=True)) == {"Z. O."}
        beyond = counted()
        shared = {model for model in there if here[model] + beyond[model] != there[model]}
    print(f"\nhere {sum(here.values())}, elsewhere {sum(beyond.values())}, together {sum(there.values())} rows")
    assert foreign == []
    assert shared <= {"measures.measureversion", "kit.auditevent", "kit.chainhead"}, (
        "seen from both sides, or from neither"
    )


@postgres
def test_an_access_query_that_forgets_its_filter_still_shows_nothing_of_another_clinic(as_pages, monkeypatch):
    eve = as_pages.cast.eve
    monkeypatch.setattr(care.clients_of, "__code__", (lambda hat: Client.objects.all()).__code__)
    with row_security.acting_for(row_security.EVERY):
        assert {client.code for client in care.clients_of(None)} == {"B. N.", "N. A.", "Z. O."}, "the mutant lives"
    with row_security.acting_for(eve.clinic_id):
        assert {client.code for client in care.clients_of(None)} == {"Z. O."}


@postgres
def test_a_row_can_neither_be_put_into_another_clinic_nor_moved_there(as_pages):
    cast = as_pages.cast
    moves = (
        lambda: Client._base_manager.filter(pk=cast.ben.pk)._raw_delete("default"),
        lambda: Assignment._base_manager.filter(clinic=cast.clinic)._raw_delete("default"),
    )
    with row_security.acting_for(cast.eve.clinic_id):
        assert [move() for move in moves] == [0, 0]
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            forged = chain.Entry(NOW, "member", "1", "tests.forge", cast.clinic.pk)
            AuditEvent.objects.bulk_create([AuditEvent(seq=10**6, hash="0" * 64, **vars(forged))])


@postgres
def test_the_role_of_the_pages_changes_no_audit_row_and_no_table(as_pages):
    with row_security.acting_for(row_security.EVERY):
        for wrong in (
            "UPDATE kit_auditevent SET event = 'x'",
            "DELETE FROM kit_auditevent",
            "ALTER TABLE care_client DISABLE ROW LEVEL SECURITY",
            "DROP TABLE care_client",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(wrong)
        assert row_security.raise_walls() == len(row_security.walled())


@postgres
def test_missing_walls_are_refused_where_the_role_may_not_raise_them(as_pages):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE care_strength NO FORCE ROW LEVEL SECURITY")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    with pytest.raises(row_security.CannotRaiseWalls, match="1 tables"):
        row_security.raise_walls()


@postgres
@pytest.mark.timeout(600)
def test_every_page_opens_as_before_for_a_role_that_owns_no_table(
    db, measures_loaded, bare_refusals, monkeypatch, settings
):
    settings.PUBLIC_ADDRESS = "https://forms.example.org"
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    walls = whole_walls()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        cursor.execute(f"GRANT {ROLE} TO current_user")
        row_security.raise_walls(app_role=ROLE)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    lines = [
        line for line in matrix.lines() if line.kind != "-" or line.route.startswith(("feedback:", "desk:", "care:"))
    ]
    cells, wrong = matrix.deviations(walls, lines, methods=("GET",))
    print(f"\n{cells:,} pages as a role that owns no table, {len(wrong)} wrong")
    assert wrong == [], "\n".join(wrong)


@postgres
def test_a_request_leaves_nothing_open_behind_it(walls, client):
    come_in(client, walls.cast.ada.person)
    with row_security.acting_for(None):
        assert client.get("/").status_code == 200
        assert not Client.objects.exists()


@postgres
def test_the_servers_connections_begin_with_nobody_and_the_operators_with_everybody(db, monkeypatch):
    closed = []
    monkeypatch.setattr(row_security.connections, "close_all", lambda: closed.append(True))
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", dict(connection.settings_dict["OPTIONS"]))
    assert row_security.AS_OPERATOR in connection.settings_dict["OPTIONS"]["options"]
    row_security.stop_acting_as_operator()
    assert row_security.AS_OPERATOR not in connection.settings_dict["OPTIONS"]["options"]
    assert closed == [True]
