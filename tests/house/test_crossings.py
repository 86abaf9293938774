"""No address and no form field reaches into another clinic, and no secret of a client shows where it should not."""

import re
from collections.abc import Collection
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from shoshin.care.models import (
    Absence,
    Appointment,
    BreakGlass,
    Client,
    Consultation,
    Course,
    Disclosure,
    Strength,
    Summary,
)
from shoshin.community.models import Circle, Coaching, HowItWas, Review, Showing
from shoshin.feedback.models import Alert, Change, ImportBatch, Response, SignalAnswer
from shoshin.growth.models import Episode, Reviewed
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.row_security import walled
from shoshin.research.queries.words import told_result
from shoshin.welfare.models import CapacityCheck, FeelingNote
from tests.cast import NOW
from tests.house import matrix
from tests.house.test_walls import PARTS
from tests.walls import MEMBERS, ROLES

OURS = [model for model in apps.get_models() if model.__module__.startswith("shoshin.")]


class Fields(HTMLParser):
    """The fields of a page's forms that carry a choice made for the person: hidden, radio, box, option."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.all: dict[str, str] = {}
        self.select = ""

    def handle_starttag(self, tag, pairs):
        said = dict(pairs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag in ("select", "textarea"):
            self.select = name
            self.all.setdefault(name, "some words that are long enough for anything asked")
        if tag == "option" and self.select:
            self.found[self.select] = self.all[self.select] = value or self.all[self.select]
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            self.all.setdefault(name, value or "words")
            if said.get("type") in ("hidden", "radio", "checkbox"):
                self.found[name] = value


def crossings(tables: Collection[str] | None = None) -> list[str]:
    """Rows that hang on a row of another clinic, in all tables or in some."""
    found = []
    for model in OURS:
        fields = model._meta.concrete_fields
        if "clinic" not in {field.name for field in fields} or (tables and model._meta.db_table not in tables):
            continue
        for field in fields:
            there = field.related_model
            if field.is_relation and there and "clinic" in {each.name for each in there._meta.fields}:
                wrong = model.objects.exclude(clinic=None).exclude(**{f"{field.name}__clinic": None})
                wrong = wrong.exclude(**{f"{field.name}__clinic": models.F("clinic")}).exclude(**{field.name: None})
                found += [f"{model.__name__} {pk} by {field.name}" for pk in wrong.values_list("pk", flat=True)]
    return found


@cache
def paths_to_clinic() -> dict[type[models.Model], str]:
    """By which path each table of a clinic's rows leads to it."""
    whose = {model: "clinic" for model in walled() if "clinic" in {field.name for field in model._meta.fields}}
    return whose | {Strength: "client__clinic"}


def elsewhere(walls, tables: Collection[str] | None = None) -> dict[str, list]:
    """Every row of eve's clinic, as it stands, in all tables or in some."""
    return {
        model._meta.db_table: list(model.objects.filter(**{path: walls.cast.eve.clinic}).order_by("pk").values_list())
        for model, path in paths_to_clinic().items()
        if tables is None or model._meta.db_table in tables
    }


def foreign_values(walls) -> list[str]:
    """Numbers and names by which a form could mean something of Elsewhere's."""
    eve, zoe = walls.cast.eve, walls.clients["zoe"]
    held = walls.named["appointment"]["zoe"]["pk"]
    return [str(held), str(zoe.pk), zoe.ref, str(eve.pk), str(zoe.courses.get().pk), f"own-{zoe.ref}"]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", PARTS)
def test_no_field_of_any_form_reaches_into_another_clinic(walls, bare_refusals, part):
    before, posts, forms = elsewhere(walls), 0, 0

    def look(written):
        assert crossings(written) == []
        assert elsewhere(walls, written).items() <= before.items()

    assert crossings() == []
    assert sum(map(len, before.values())) > 10
    for line in matrix.lines()[part :: len(PARTS)]:
        if "POST" not in line.methods or line.words["ada"] not in ("own", "yes", "clinic"):
            continue
        address = reverse(
            line.route,
            kwargs=matrix.objects_of(walls, line).get("ben") or next(iter(matrix.objects_of(walls, line).values())),
        )
        fields = Fields()
        if "GET" in line.methods:
            fields.feed(walls.browsers["ada"].get(address).content.decode(errors="replace"))
        forms += bool(fields.all)
        # Names that no form has are sent together; each field that a form does have, by itself.
        for names in [*([name] for name in fields.found), ["clinic", "client", "therapist", "course", "appointment"]]:
            for value in foreign_values(walls):
                matrix.tried(walls, "ada", "POST", address, fields.all | dict.fromkeys(names, value), look=look)
                posts += 1
    print(f"\n{posts} posts with another clinic's value in a field, from {forms} forms: 0 crossings")
    assert posts > 100 and forms > 10


def test_no_address_mixes_ones_own_client_with_anothers_course(walls):
    """Addresses that name two things: each is swapped by another clinic's, one at a time."""
    tries = 0
    for line in matrix.lines():
        if line.kind not in ("line", "paper"):
            continue
        own = walls.named[line.kind]["ben"]
        for foreign in (walls.named[line.kind][name] | walls.named["measure"][name] for name in ("noa", "zoe")):
            for key in own:
                swapped = own | {key: foreign[key]}
                if swapped == own or (line.kind == "paper" and key == "measure_id" and foreign is None):
                    continue
                tries += 1
                clinic_measure = (
                    key == "measure_id" and foreign["measure_id"] == walls.named["measure"]["noa"]["measure_id"]
                )
                response, _ = matrix.tried(walls, "ada", "GET", reverse(line.route, kwargs=swapped))
                assert clinic_measure or response.status_code == 404, (line.route, swapped)
    print(f"\n{tries} mixed addresses: 0 opened")
    assert tries >= 5


@action("tests.cross_clinics")
def cross_clinics(*, appointment, course, by, at):
    Appointment.objects.filter(pk=appointment).update(course=course)


def test_a_row_hung_on_another_clinics_is_found(walls):
    course = walls.clients["zoe"].courses.get()
    cross_clinics(appointment=walls.named["appointment"]["ben"]["pk"], course=course, by=OPERATOR, at=NOW)
    assert any(sentence.startswith("Appointment") for sentence in crossings())


# Every field of free words about a client. A canary is put into each, and all pages of everybody are looked at.
CANARIES = {
    Client: ("code",),
    Strength: ("text",),
    Summary: ("talked_about", "agreed", "until_next_time"),
    Consultation: ("question", "outcome"),
    Course: ("ground_words", "consulted", "held_meanwhile_by", "referred_to"),
    BreakGlass: ("why", "review_note"),
    Absence: ("handover",),
    Disclosure: ("to_whom", "what", "why_needed", "why_not_less", "consulted", "why_client_does_not_know"),
    Alert: ("note", "closing_note"),
    Change: ("you_said", "i_changed"),
    SignalAnswer: ("words",),
    Response: ("corrected_because",),
    ImportBatch: ("file_name",),
    # What a therapist wrote about themself: for nobody's eyes but their own, and those they show it to.
    FeelingNote: ("words",),
    CapacityCheck: ("words",),
    Episode: ("sentence",),
    Reviewed: ("reason",),
    # What is between colleagues: for those it was shown to, and those in it.
    Circle: ("name",),
    Showing: ("question",),
    Review: ("words", "strength", "to_try", "moment"),
    Coaching: ("about",),
    HowItWas: ("words",),
}
# The rows of a therapist, and not of a client.
OF_THERAPIST = {ImportBatch: "therapist", Absence: "member"}
OF_THERAPIST |= {FeelingNote: "person__memberships", CapacityCheck: "person__memberships"}
OF_THERAPIST |= {Circle: "places__member", Showing: "member", Review: "showing__member"}
OF_THERAPIST |= {Coaching: "trainee", HowItWas: "coaching__trainee"}
# Codes, names of states and fingerprints: no words about anybody stand in them.
NO_WORDS = {
    "Client": {"code_key", "ref"},
    "PageKey": {"token_hash", "pin_hash"},
    "Assignment": {"language", "token_hash", "form_hash"},
    "Alert": {"item_id"},
    "Response": {"measure_id", "reference", "digest"},
    "ScoreRow": {"score_id"},
    "Schedule": {"measure_id"},
    "Episode": {"measure"},
    "WaitingFile": {"file_name"},
    "ClientRecording": {"mime", "refused"},
    # A colleague who is asked to join, by name and address: no client.
    "Invitation": {"name", "email"},
}
WHERE = Path(__file__).parent / "what_shows_where.txt"


def canary(model, field: str) -> str:
    return f"Canary{model.__name__}{field.title().replace('_', '')}"


@action("tests.tell_and_settle")
def tell_and_settle(*, walls, client, by, at):
    """Somebody outside was told about this client, and beside the alert that waits there is one that is closed."""
    therapist, facts = client.therapist, {"told_on": at.date(), "ground": "law", "client_knows": False}
    Disclosure.objects.create(clinic=client.clinic, client=client, written_at=at, written_by=therapist, **facts)
    settled = Alert.objects.get(client=client)
    settled.pk, settled._state.adding = None, True
    settled.acknowledged_at, settled.acknowledged_by = at, therapist
    settled.closed_at, settled.closed_by = at, therapist
    settled.save()
    walls.named["alert"]["settled"] = {"pk": settled.pk}


@action("tests.plant_canaries")
def plant_canaries(*, client, by, at):
    """A canary in each field of words that hangs on this client."""
    paths = {Client: "pk", Summary: "appointment__course__client", Change: "course__client"}
    paths |= {Consultation: "course__client", SignalAnswer: "signal__client"} | OF_THERAPIST
    for model, fields in CANARIES.items():
        whose = client.therapist if model in OF_THERAPIST else client.pk
        rows = model.objects.filter(**{paths.get(model, "client"): whose})
        assert rows.exists(), f"{model.__name__}: nothing to plant a canary in"
        rows.update(**{field: canary(model, field) for field in fields})


def test_every_field_of_words_about_a_client_has_its_canary():
    missing = []
    for model in OURS:
        for field in model._meta.concrete_fields:
            sensitive = field.name in (*model.Privacy.identifying, *model.Privacy.clinical)
            worded = isinstance(field, models.CharField | models.TextField) and not field.choices
            known = field.name in CANARIES.get(model, ()) or field.name in NO_WORDS.get(model.__name__, ())
            if sensitive and worded and not known and model.__name__ not in ("Person", "Clinic", "Membership"):
                missing.append(f"{model.__name__}.{field.name}")
    assert missing == []


def seen(walls) -> dict[str, set[str]]:
    """Which canaries each role meets on which route, over all pages and objects."""
    found: dict[str, set[str]] = {}
    for line in matrix.lines():
        if "GET" not in line.methods:
            continue
        for arguments in matrix.objects_of(walls, line).values():
            for role in ROLES:
                response, _ = matrix.tried(walls, role, "GET", reverse(line.route, kwargs=arguments))
                body = b"".join(response.streaming_content) if response.streaming else response.content
                names = set(re.findall(r"Canary\w+", body.decode(errors="replace")))
                if len(figures_in(names)) > 1:
                    found.setdefault("two people's results", set()).add(f"{role} {line.route}")
                for name in names:
                    found.setdefault(f"{role} {line.route}", set()).add(name)
    return found


def figures_in(names: Collection[str]) -> set[str]:
    """Whose results stand in one answer: each owner's name is planted beside their figures (research/walls.py)."""
    return {name for name in names if name.startswith("CanaryFigureOf")}


def allowed() -> dict[str, set[str]]:
    rows = (row.split() for row in WHERE.read_text().splitlines() if row.strip() and not row.startswith("#"))
    return {f"{role} {route}": set(names) for role, route, *names in rows}


@pytest.mark.rest
@pytest.mark.timeout(600)
def test_what_is_written_about_a_client_shows_only_where_the_table_says(walls, bare_frame):
    tell_and_settle(walls=walls, client=walls.cast.ben, by=OPERATOR, at=NOW)
    plant_canaries(client=walls.cast.ben, by=OPERATOR, at=NOW)
    found = seen(walls)
    planted = sum(map(len, CANARIES.values()))
    print(f"\n{planted} canaries, seen on {len(found)} pages of {len({each.split()[0] for each in found})} roles")
    shown = "\n".join(f"{where} {' '.join(sorted(names))}" for where, names in sorted(found.items()))
    assert found == allowed(), shown
    assert "two people's results" not in found  # E1: no answer to anybody holds two identifiable people's
    assert {role_of(where) for where, names in found.items() if figures_in(names)} == {*MEMBERS}


def role_of(where: str) -> str:
    return where.split()[0]


def test_an_answer_with_two_people_s_results_is_found(walls, monkeypatch):
    from shoshin.research import queries
    from shoshin.research.models import OwnEffect

    def everybody(member):
        """The defect: a page that takes a clinic for a person."""
        told = tuple(told_result(row) for row in OwnEffect.objects.filter(clinic=member.clinic))
        return queries.Results(NOW, 40, 0, told)

    monkeypatch.setattr(queries, "results_of", everybody)
    response, _ = matrix.tried(walls, "ada", "GET", reverse("research:own_results"))
    assert len(figures_in(re.findall(r"Canary\w+", response.content.decode()))) > 1


def test_a_page_that_shows_too_much_is_found(walls, monkeypatch):
    from shoshin.care import queries as care

    tell_and_settle(walls=walls, client=walls.cast.ben, by=OPERATOR, at=NOW)
    plant_canaries(client=walls.cast.ben, by=OPERATOR, at=NOW)
    monkeypatch.setattr(care, "client_for", lambda hat, ref: Client.objects.get(ref=ref))
    response, _ = matrix.tried(walls, "mia", "GET", reverse("care:record_choices", args=[walls.cast.ben.ref]))
    assert "CanaryClientCode" in response.content.decode()
    assert "CanaryClientCode" not in allowed().get("mia care:record_choices", set())
