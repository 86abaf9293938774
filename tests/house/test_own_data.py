"""What is mine goes with me: rows of every app, and my recordings as they sound; nothing of anybody else."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from shoshin.care.queries.own_export import OWN_TABLES as CARE
from shoshin.community.queries.export import TABLES as COMMUNITY
from shoshin.desk.queries.own_export import own_archive
from shoshin.feedback.queries.own_export import OWN_TABLES as FEEDBACK
from shoshin.growth.queries.export import TABLES as GROWTH
from shoshin.kit.models import AuditEvent
from shoshin.people.queries.own_export import OWN_TABLES as PEOPLE
from shoshin.people.queries.own_export import ROWS
from shoshin.practice.actions import remove_recording
from shoshin.practice.models import Recording
from shoshin.practice.queries.export import TABLES as PRACTICE
from shoshin.research.queries.own_export import OWN_TABLES as RESEARCH
from shoshin.welfare.queries.export import TABLES as WELFARE
from tests.cast import NOW
from tests.growth.steps import hand_over, hat_of

INSIDE = {own.model for tables in (PEOPLE, CARE, FEEDBACK, PRACTICE, COMMUNITY, RESEARCH) for own in tables.values()}
INSIDE |= {*ROWS, *WELFARE.values(), *(model for model, _path in GROWTH.values())}
# Tables with a field of somebody who works here that stay out, each with its reason.
STAYS_OUT = {
    "kit.AuditEvent": "what one did is in the archive as acts; what others did is theirs",
    "people.Clinic": "the clinic's own",
    "people.Invitation": "about a guest",
    "people.PersonSession": "a secret by which one is signed in",
    "measures.MeasureVersion": "the clinic's measure; who made it is among the acts",
    "measures.LicenceConfirmation": "the clinic's word; who gave it is among the acts",
    "practice.Pack": "the clinic's content; who brought it in is among the acts",
    "care.Client": "a client's, exported with the client",
    "care.BreakGlass": "a client's, exported with the client",
    "growth.ClientRecording": "a client's voice, exported with the client",
    "feedback.ImportBatch": "clients' earlier answers, exported with each client",
    "feedback.WaitingFile": "a file about clients that nobody has kept yet",
}


def holds_own_data(model, inside) -> bool:
    """Whether a table says something of one who works here, or hangs on such a table."""
    hangs_on = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - {*ROWS}
    return bool(model.Privacy.personal) or bool(hangs_on & inside)


def forgotten(models, inside=INSIDE) -> set[str]:
    return {
        model._meta.label
        for model in models
        if model not in inside and model._meta.label not in STAYS_OUT and holds_own_data(model, inside)
    }


OURS = [model for model in apps.get_models() if model.__module__.startswith("shoshin.")]


def test_no_table_of_ones_own_is_forgotten():
    assert forgotten(OURS) == set()
    assert len(INSIDE) > 30 and not {model._meta.label for model in INSIDE} & {*STAYS_OUT}


@pytest.mark.parametrize("label", ["practice.Attempt", "growth.BackInRoom", "community.Review", "welfare.FeelingNote"])
def test_a_table_that_were_forgotten_is_named(label):
    model = apps.get_model(label)
    assert label in forgotten(OURS, INSIDE - {model})


def unpacked(browser, **asked) -> zipfile.ZipFile:
    answer = browser.get(reverse("desk:export_own"), asked)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert packed.testzip() is None
    return packed


def test_everything_of_mine_is_in_it_and_nothing_of_a_colleagues(walls):
    found = json.loads(unpacked(walls.browsers["ada"]).read("my_data.json"))
    left_empty = {"week_plans", "minutes_practised", "guesses", "statements_flagged", "statements_sorted"}
    left_empty |= {"pauses", "own_measures", "times_to_go_easier", "person_to_talk_to", "back_in_the_room"}
    left_empty |= {"reading_hours", "duty", "lost_second_factors", "views_written"}
    empty = {name for name, rows in found.items() if not rows}
    assert empty <= left_empty
    assert found["person"][0]["email"] == "ada@example.org" and "password" not in found["person"][0]
    assert len(found["my_clients_results"]) == 3 and len(found["results_shown"]) == 1
    assert found["attempts"][0]["statement"] and found["views_received"][0]["words"]
    assert {row["client"] for row in found["episodes"] + found["notes_about_clients"]} == {walls.cast.ben.code}
    assert "welfare.write_note" in {act["event"] for act in found["acts"]}
    assert all("Ada" in (row["trainee"], row["coach"]) for row in found["coaching"])
    given = {"views_received", "shown_to"}
    others = {name for name, rows in found.items() for row in rows if row.get("member", "Ada") != "Ada"}
    assert others <= given and all(row["name"] in ("Mondays", "Tuesdays") for row in found["circles"])
    text = json.dumps(found)
    for foreign in (walls.cast.noa.code, walls.clients["zoe"].code, "mia@example.org", "eve@example.org"):
        assert foreign not in text
    for key in ("mia", "eve", "lea"):
        theirs = json.loads(unpacked(walls.browsers[key]).read("my_data.json"))
        mine = {row["id"] for row in found["attempts"]}
        assert not mine & {row["id"] for row in theirs["attempts"]}
        assert walls.cast.ben.code not in json.dumps(theirs)


def test_recordings_come_as_they_sound_where_they_are_asked_for(walls):
    ada = walls.browsers["ada"]
    assert [name for name in unpacked(ada).namelist() if name.startswith("recordings/")] == []
    packed = unpacked(ada, recordings="1")
    (name,) = [name for name in packed.namelist() if name.startswith("recordings/")]
    own = Recording.objects.get(member=walls.cast.ada)
    assert name == f"recordings/{own.key}.webm" and packed.read(name) == b"not sound, but sealed as sound is"
    assert "no longer encrypted" in packed.read("README.txt").decode()


def test_a_recording_removed_meanwhile_is_no_longer_in_it(walls):
    hat = hat_of(walls.cast.ada)
    archive = own_archive(hat, NOW, with_recordings=True)
    own = Recording.objects.get(member=walls.cast.ada)
    remove_recording(recording=own, by=walls.cast.ada, at=NOW)
    packed = zipfile.ZipFile(io.BytesIO(b"".join(archive)))
    assert packed.read(f"recordings/{own.key}.webm") == b""
    assert own_archive(hat, NOW, with_recordings=True).reels == ()


def test_a_view_that_i_have_not_opened_stays_sealed(walls):
    from shoshin.community.models import Review
    from shoshin.kit.action import OPERATOR, action

    @action("tests.seal_again")
    def seal_again(*, by, at):
        Review.objects.update(opened_at=None)

    seal_again(by=OPERATOR, at=NOW)
    found = json.loads(unpacked(walls.browsers["ada"]).read("my_data.json"))
    assert found["views_received"] == [] and found["shown_attempts"]


def test_of_a_client_handed_over_neither_code_nor_figure_is_in_it(walls):
    hand_over(walls.cast)
    found = json.loads(unpacked(walls.browsers["ada"]).read("my_data.json"))
    (episode,) = found["episodes"]
    assert episode["sentence"] == "a moment" and not {"client", "course", "opening_score", "outcome"} & {*episode}
    assert walls.cast.ben.code not in json.dumps(found)


def test_the_page_names_what_there_is_and_taking_it_is_in_the_trail(walls):
    ada = walls.browsers["ada"]
    page = ada.get(reverse("desk:my_data")).content.decode()
    assert reverse("desk:export_own") in page and "With my recording" in page
    unpacked(ada)
    act = AuditEvent.objects.get(event="desk.export_own")
    assert (act.actor_id, act.about) == (str(walls.cast.ada.pk), None)
    read = AuditEvent.objects.get(event="read desk:export_own")
    assert read.about == walls.cast.ben.pk or read.subjects["seen"] == [walls.cast.ben.pk]


def test_the_archive_goes_out_in_pieces(walls):
    archive = own_archive(hat_of(walls.cast.ada), NOW + timedelta(days=1), with_recordings=True)
    assert len([piece for piece in archive if piece]) > 2
