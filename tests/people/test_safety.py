"""Safety numbers: each region's file, the clinic's own, and the owner who stands behind them."""

import re

import pytest

from shoshin.people import queries
from tests.cast import NOW
from tests.people.test_first_run import filled_form

SHIPPED = [region for region in queries.regions() if region.code != "other"]


@pytest.mark.parametrize("region", SHIPPED, ids=lambda region: region.code)
def test_every_region_names_its_numbers_and_where_they_are_from(region):
    assert re.fullmatch(r"\d{3}", region.safety.emergency)
    assert len(region.safety.lines) >= 2
    assert {name for name, _ in region.names} == {"en", "de"}
    assert region.compiled_on is not None
    assert "confirm before use" in region.note
    for line in region.safety.lines:
        assert line.name
        assert line.source
        assert line.hours
        assert line.languages
        assert line.dial or line.text_dial


def test_the_regions_a_clinic_may_choose_stand_by_name_with_elsewhere_last():
    names = [region.name for region in queries.regions()]
    assert names[:-1] == sorted(names[:-1])
    assert names[-1] == "Somewhere else"
    assert {"gb", "ie", "us", "ca", "de", "at", "ch", "au", "nz"} <= {region.code for region in SHIPPED}


def test_anybody_reads_the_numbers_without_signing_in(client, cast):
    page = client.get("/safety/")
    assert page.status_code == 200
    assert "Night line" in page.content.decode()
    assert 'href="tel:0800000000"' in page.content.decode()
    assert len(page.content) < 8_000


def test_before_there_is_a_clinic_the_page_still_says_what_to_do(client, db):
    assert "call your local emergency number" in client.get("/safety/").content.decode()


def test_several_clinics_show_each_line_once(cast):
    together = queries.safety_for(None)
    assert together.emergency == "112"
    assert [line.name for line in together.lines] == ["Night line"]


def test_only_the_owner_opens_the_page_that_confirms(as_member, cast):
    assert as_member(cast.mia).get("/clinic/safety/").status_code == 404
    page = as_member(cast.ada).get("/clinic/safety/").content.decode()
    assert "Last confirmed on 3 November 2026 by Ada." in page


def test_the_owner_mends_a_number_and_clients_see_it(as_member, cast):
    browser = as_member(cast.ada)
    given = filled_form(emergency="112", **{"lines-0-name": "Day line", "lines-0-number": "0800 111 111"})
    assert browser.post("/clinic/safety/", given).status_code == 302
    cast.clinic.refresh_from_db()
    assert cast.clinic.safety_confirmed_by == cast.ada.person
    assert cast.clinic.safety_confirmed_at > NOW
    assert queries.safety_for(cast.clinic).lines[0].name == "Day line"
    assert queries.safety_for(cast.eve.clinic).lines[0].name == "Night line"


def test_a_confirmation_without_checking_changes_nothing(as_member, cast):
    response = as_member(cast.ada).post("/clinic/safety/", filled_form(checked=""))
    assert "Check each number first" in response.content.decode()
    cast.clinic.refresh_from_db()
    assert cast.clinic.safety_confirmed_at == NOW


def test_an_emptied_line_goes(as_member, cast):
    given = filled_form(**{f"lines-0-{field}": "" for field in ("name", "number", "text_to")})
    as_member(cast.ada).post("/clinic/safety/", given)
    names = [line.name for line in queries.safety_for(cast.clinic.__class__.objects.get(pk=cast.clinic.pk)).lines]
    assert "Samaritans" not in names
    assert len(names) == 3


def test_a_page_that_claims_a_thousand_lines_is_not_drawn_with_a_thousand(as_member, cast):
    given = filled_form(checked="", **{"lines-TOTAL_FORMS": "1000"})
    page = as_member(cast.ada).post("/clinic/safety/", given).content.decode()
    assert page.count('name="lines-') < 400
