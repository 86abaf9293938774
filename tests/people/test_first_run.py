"""An empty installation gets its clinic once, from this machine or with the terminal's code."""

from datetime import UTC, date, datetime

import pytest

from shoshin.kit import setup_code
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.people import actions, queries
from shoshin.people.models import Clinic, Membership, Person, Role

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def filled_form(**changes):
    """The second step as somebody in the United Kingdom sends it, with every number as it was shown."""
    lines = queries.region("gb").safety.lines
    given = {
        "clinic": "Willow House",
        "name": "Ada Ashby",
        "email": "ada@example.org",
        "password": "a long quiet evening",
        "time_zone": "Europe/London",
        "emergency": "999",
        "checked": "on",
        "lines-TOTAL_FORMS": str(len(lines) + 2),
        "lines-INITIAL_FORMS": str(len(lines)),
    }
    for place, line in enumerate(lines):
        given |= {
            f"lines-{place}-name": line.name,
            f"lines-{place}-number": line.number,
            f"lines-{place}-text_to": line.text_to,
            f"lines-{place}-text_word": line.text_word,
            f"lines-{place}-hours": line.hours,
            f"lines-{place}-languages": ", ".join(line.languages),
            f"lines-{place}-source": line.source,
        }
    return given | changes


def test_an_empty_installation_leads_to_the_first_run(near, db):
    response = near.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/start/"


def test_it_asks_for_the_region_first(near, db):
    page = near.get("/start/").content.decode()
    assert "United Kingdom" in page
    assert 'name="password"' not in page


def test_it_shows_the_regions_numbers_with_source_and_date(near, db):
    page = near.get("/start/?region=gb").content.decode()
    assert "116 123" in page
    assert "samaritans.org" in page
    assert "22 November 2026" in page
    assert "nobody has verified them on your behalf" in page


def test_it_makes_the_clinic_and_signs_its_owner_in(near, db):
    response = near.post("/start/?region=gb", filled_form())
    assert response.status_code == 302
    owner = Membership.objects.get()
    assert (owner.clinic.name, owner.is_owner, owner.role) == ("Willow House", True, Role.THERAPIST)
    assert owner.person.check_password("a long quiet evening")
    assert near.session["_auth_user_id"] == str(owner.person.pk)


def test_it_keeps_the_numbers_with_the_day_they_were_checked(near, db):
    near.post("/start/?region=gb", filled_form(**{"lines-0-number": "116 124"}))
    kept = queries.safety_for(Clinic.objects.get())
    assert kept.lines[0].number == "116 124"
    assert kept.lines[1].text_word == "SHOUT"
    assert isinstance(kept.checked_on, date)
    assert Clinic.objects.get().safety_confirmed_by.email == "ada@example.org"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("checked", "", "Check each number first"),
        ("password", "short", "too short"),
        ("emergency", "the police", "Write one number, in digits."),
        ("email", "ada", "valid email"),
        ("time_zone", "Middle/Earth", "valid choice"),
        ("lines-0-name", "", "Say whose number this is."),
        ("lines-1-text_to", "", "Add a number to call or to text"),
    ],
)
def test_it_says_what_is_missing_and_makes_nothing(near, db, field, value, sentence):
    response = near.post("/start/?region=gb", filled_form(**{field: value}))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Clinic.objects.exists()
    assert not Person.objects.exists()


def test_it_refuses_a_clinic_without_any_line(near, db):
    empty = {f"lines-{place}-{field}": "" for place in range(4) for field in ("name", "number", "text_to")}
    response = near.post("/start/?region=gb", filled_form(**empty))
    assert "at least one line" in response.content.decode()
    assert not Clinic.objects.exists()


def test_a_region_of_its_own_begins_without_numbers(near, db):
    page = near.get("/start/?region=other").content.decode()
    assert "<details open>" in page
    assert "enter the ones you trust" in page


def test_it_is_gone_once_a_clinic_exists(near, cast):
    assert near.get("/start/").status_code == 404
    assert near.post("/start/?region=gb", filled_form(email="thief@example.org")).status_code == 404


def test_it_does_not_exist_in_the_demo(near, db, settings):
    settings.DEMO = True
    assert near.get("/start/").status_code == 404


def test_a_stranger_on_the_network_cannot_take_a_fresh_clinic(near, db, settings, tmp_path):
    settings.HOME, settings.ALLOWED_HOSTS = tmp_path, ["*"]
    setup_code.write_code(tmp_path)
    for far in (
        {"REMOTE_ADDR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
        {"HTTP_HOST": "evil.example"},
    ):
        refused = near.post("/start/?region=gb", filled_form(setup_code="AAAAA-AAAAA-AAAAA-AAAAA"), **far)
        assert "This is not the code the terminal shows." in refused.content.decode()
        assert near.post("/start/?region=gb", filled_form(), **far).status_code == 200
    assert not Clinic.objects.exists()


def test_the_terminals_code_opens_the_first_run_from_another_machine_once(near, db, settings, tmp_path):
    settings.HOME = tmp_path
    code = setup_code.write_code(tmp_path)
    given = filled_form(setup_code=code.lower().replace("-", " "))
    assert near.post("/start/?region=gb", given, REMOTE_ADDR="10.0.0.7").status_code == 302
    assert Clinic.objects.exists()
    assert not setup_code.code_fits(tmp_path, code)


def test_the_codes_file_holds_no_code_and_only_its_owner_reads_it(tmp_path):
    code = setup_code.write_code(tmp_path)
    kept = tmp_path / "setup_code"
    assert code not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert setup_code.write_code(tmp_path) != code
    assert not setup_code.code_fits(tmp_path, code)


def test_a_second_clinic_is_refused_and_changes_nothing(cast):
    with pytest.raises(actions.CannotOpenClinic, match="has its clinic already"):
        actions.open_clinic(
            name="Another",
            owner_name="Eve",
            email="eve2@example.org",
            password="a long quiet evening",
            time_zone="UTC",
            safety=queries.region("gb").safety,
            by=OPERATOR,
            at=NOW,
        )
    assert not Person.objects.filter(email="eve2@example.org").exists()
    assert not AuditEvent.objects.filter(event="people.open_clinic").exists()


def test_a_new_member_joins_by_address_and_not_twice(cast):
    joined = actions.add_member(
        clinic=cast.clinic, name="Noor", email="Noor@example.org", role="lead", by=cast.ada, at=NOW
    )
    assert joined.person.email == "noor@example.org"
    assert not joined.person.has_usable_password()
    with pytest.raises(actions.CannotAddMember, match="Noor has this role"):
        actions.add_member(clinic=cast.clinic, name="Noor", email="noor@example.org", role="lead", by=cast.ada, at=NOW)


def test_behind_a_proxy_every_sender_looks_near_so_the_setup_code_is_asked(near, db, settings):
    settings.REACHED_FROM_OUTSIDE = True
    assert "setup_code" in near.get("/start/?region=gb").content.decode()
