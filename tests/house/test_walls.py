"""Who may open what: every route, every method, everybody, every object, against a table written by hand."""

import pytest
from django.db import connection

from shoshin.care import queries as care
from shoshin.care.models import Client
from shoshin.policy import POLICY
from tests.cast import NOW
from tests.house import matrix

PARTS = [0, pytest.param(1, marks=pytest.mark.rest), pytest.param(2, marks=pytest.mark.rest)]  # both cores share it
pytestmark = pytest.mark.usefixtures("bare_refusals")


def test_routes_policy_and_table_name_the_same_and_a_missing_line_is_named():
    table, names = matrix.lines(), {name for name, _ in matrix.routes()}
    assert matrix.disagreements(table, names, POLICY) == []
    found = matrix.disagreements(table[1:], names, POLICY)
    assert found == [f"{table[0].route} is a route without a line in who_may_open.txt: say who may open it."]
    assert "desk:new_page is a route without a row" in " ".join(
        matrix.disagreements(table, {*names, "desk:new_page"}, POLICY)
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", PARTS)
def test_every_route_opens_for_whom_the_table_says_and_for_nobody_else(walls, part):
    table = matrix.lines()[part :: len(PARTS)]
    cells, wrong = matrix.deviations(walls, table)
    print(f"\n{len(table)} routes, {cells:,} cells, {matrix.opened_cells(table)} words that let in, {len(wrong)} wrong")
    assert wrong == [], "\n".join(wrong)
    assert cells > 5_000 / len(PARTS)


def only(*routes):
    return [line for line in matrix.lines() if line.route in routes]


def test_a_view_that_forgets_its_access_query_is_found(walls, monkeypatch):
    monkeypatch.setattr(care, "client_for", lambda hat, ref: Client.objects.get(ref=ref))
    _, wrong = matrix.deviations(walls, only("desk:show_client_page"))
    assert any("as mia on ben: yes" in sentence for sentence in wrong)
    # In another clinic PostgreSQL's own wall still stands, even where the view forgot.
    assert any("as eve on ben: yes" in sentence for sentence in wrong) is (connection.vendor == "sqlite")


def test_a_line_that_promises_too_much_is_found(walls):
    table = matrix.lines("desk:client client GET login own own yes no own login login")
    _, wrong = matrix.deviations(walls, table)
    assert any("GET desk:client as lea on ben: no, and the table says yes." in sentence for sentence in wrong)


def test_a_page_that_writes_when_looked_at_is_found(walls, monkeypatch):
    from shoshin.care.actions import note_strength

    def careless(hat, ref):
        client = Client.objects.get(ref=ref)
        note_strength(client=client, text="seen", by=hat.member, at=NOW)
        return client

    monkeypatch.setattr(care, "client_for", careless)
    _, wrong = matrix.deviations(walls, only("desk:show_client_page"))
    assert any("only looks, and wrote to ['care_strength']" in sentence for sentence in wrong)
