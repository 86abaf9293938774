"""A recording is played to those its maker lets hear it, part by part, and to them only while it is shown and kept."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from shoshin.community import queries
from shoshin.community.actions import (
    CannotShow,
    Said,
    hear_recording,
    leave_circle,
    open_views,
    review_attempt,
    take_back,
)
from shoshin.community.models import Showing
from shoshin.kit.action import OPERATOR, SYSTEM, action
from shoshin.kit.models import AuditEvent
from shoshin.practice.actions import keep_recording, remove_recording, withdraw_recordings
from tests.cast import NOW
from tests.community.steps import QUESTION, gathered, reviewed, said, shown
from tests.doors import come_in
from tests.practice.reels import PLAIN, played, recorded

DAY = timedelta(days=1)
RANGES = {
    "": (0, len(PLAIN)),
    "bytes=0-": (0, len(PLAIN)),
    "bytes=100-70000": (100, 70001),
    "bytes=-5": (255995, 256000),
}


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def enter(people, moment, long_sessions):
    return lambda name: come_in(Browser(), getattr(people, name).person)


@pytest.fixture
def recording(attempt, home):
    return recorded(attempt, plain=PLAIN)


@pytest.fixture
def showing(people, attempt, recording):
    return shown(attempt, people.mia, with_recording=True)


def hear(browser, showing, part=""):
    address = reverse("community:shown_recording", args=[showing.pk])
    return browser.get(address, headers={"Range": part} if part else {})


def page(browser, name, showing) -> str:
    return unescape(browser.get(reverse(f"community:{name}", args=[showing.pk])).content.decode())


@action("tests.film")
def film(*, recording, by, at):
    """The recording has a picture, too."""
    recording.kind, recording.mime = "video", "video/webm"
    recording.save(update_fields=["kind", "mime"])


@action("tests.answer_aloud")
def answer_aloud(*, attempt, by, at):
    """The answer was said and not written."""
    attempt.text, attempt.answer = "", "spoken"
    attempt.save(update_fields=["text", "answer"])
    return attempt


# To whom


@pytest.mark.parametrize("part", RANGES)
def test_the_witness_hears_any_part_of_it(enter, showing, part):
    start, stop = RANGES[part]
    answer = hear(enter("mia"), showing, part)
    assert played(answer) == PLAIN[start:stop]
    assert (answer.status_code, answer["Content-Type"]) == (206 if part else 200, "audio/webm")
    assert "no-store" in answer["Cache-Control"] and answer["Content-Disposition"] == "inline"


def test_nobody_else_hears_any_part_of_it_and_the_maker_only_where_it_lies(enter, showing, recording):
    for name in ("ada", "kim", "lea", "opal", "eve"):
        browser = enter(name)
        assert {hear(browser, showing, part).status_code for part in RANGES} == {404}, name
        own = browser.get(reverse("practice:recording", args=[recording.key])).status_code
        assert own == (200 if name == "ada" else 404)
    assert enter("mia").get(reverse("practice:recording", args=[recording.key])).status_code == 404


def test_over_a_picture_stands_the_name_of_whoever_looks_and_over_ones_own_none(people, enter, showing, recording):
    assert "data-mark" not in page(enter("mia"), "review_attempt", showing)
    film(recording=recording, by=people.ada, at=NOW)
    assert f'data-mark="{people.mia}"' in page(enter("mia"), "review_attempt", showing)
    assert "data-mark" not in page(enter("ada"), "spread", showing)


def test_without_the_tick_the_words_are_shown_and_no_recording(people, attempt, recording, enter):
    quiet, mia = shown(attempt, people.mia), enter("mia")
    assert hear(mia, quiet).status_code == 404
    assert "My own words." in page(mia, "review_attempt", quiet) and "<audio" not in page(mia, "review_attempt", quiet)


def test_the_tick_stands_on_the_form_only_where_something_was_recorded_and_is_off(people, aloud, attempt, enter, home):
    ada, address = enter("ada"), reverse("community:show_attempt", args=[attempt.pk])
    assert "with_recording" not in ada.get(address).content.decode()
    recorded(attempt, plain=PLAIN)
    form = ada.get(address).content.decode()
    assert 'name="with_recording"' in form and 'name="with_recording" checked' not in form and "<audio" in form
    asked = {"to": f"person-{people.mia.pk}", "question": QUESTION, "wished": "2", "lasts": "14"}
    ada.post(address, asked)
    ada.post(address, asked | {"to": f"person-{people.kim.pk}", "with_recording": "on"})
    assert list(Showing.objects.order_by("pk").values_list("with_recording", flat=True)) == [False, True]


def test_what_was_only_said_aloud_is_shown_with_its_recording_or_not_at_all(people, attempt, recording, enter):
    spoken = answer_aloud(attempt=attempt, by=people.ada, at=NOW)
    attempts = enter("ada").get("/practice/attempts/").content.decode()
    assert reverse("community:show_attempt", args=[spoken.pk]) in attempts
    with pytest.raises(CannotShow, match="Let them hear it"):
        shown(spoken, people.mia)
    assert hear(enter("mia"), shown(spoken, people.mia, with_recording=True)).status_code == 200
    remove_recording(recording=recording, by=people.ada, at=NOW)
    for terms in ({}, {"with_recording": True}):
        with pytest.raises(CannotShow):
            shown(spoken, people.kim, **terms)
    assert Showing.objects.count() == 1


def test_the_lists_say_what_is_shown_with_its_recording(people, attempt, recording, enter):
    def says_so(name) -> bool:
        return "with the recording" in enter(name).get(reverse("community:show_community")).content.decode()

    shown(attempt, people.kim)
    assert [says_so(name) for name in ("ada", "kim", "mia")] == [False, False, False]
    shown(attempt, people.mia, with_recording=True)
    assert [says_so(name) for name in ("ada", "kim", "mia")] == [True, False, True]


# Until when


@pytest.mark.parametrize("how", ["taken back", "removed", "withdrawn", "circle left"])
def test_the_next_part_is_404_once_it_is(people, attempt, recording, enter, how):
    circle = gathered(people.ada, people.mia)
    showing, mia = shown(attempt, circle, with_recording=True), enter("mia")
    assert hear(mia, showing, "bytes=0-9").status_code == 206
    {
        "taken back": lambda: take_back(showing=showing, by=people.ada, at=NOW),
        "removed": lambda: remove_recording(recording=recording, by=people.ada, at=NOW),
        "withdrawn": lambda: withdraw_recordings(by=people.ada, at=NOW),
        "circle left": lambda: leave_circle(circle=circle, by=people.mia, at=NOW),
    }[how]()
    assert {hear(mia, showing, part).status_code for part in RANGES} == {404}


def test_what_plays_while_it_is_taken_back_ends_there(people, enter, showing):
    playing = hear(enter("mia"), showing).streaming_content
    first = next(iter(playing))
    take_back(showing=showing, by=people.ada, at=NOW)
    assert len(first) > 0 and len(first) + len(b"".join(playing)) < len(PLAIN)
    again = shown(showing.attempt, people.mia, with_recording=True)
    assert len(played(hear(enter("mia"), again))) == len(PLAIN), "and not taken back it plays to its end"


def test_it_ends_with_the_showing_though_the_recording_is_kept(people, enter, showing, recording, moment):
    moment.pass_by(days=13)
    assert hear(enter("mia"), showing).status_code == 200
    moment.pass_by(days=1)
    assert hear(enter("mia"), showing).status_code == 404
    assert enter("ada").get(reverse("practice:recording", args=[recording.key])).status_code == 200


def test_it_ends_with_the_recording_though_the_showing_goes_on_and_nothing_has_swept_yet(
    people, attempt, recording, enter, moment
):
    moment.pass_by(days=50)
    late = shown(attempt, people.mia, at=NOW + 50 * DAY, with_recording=True)
    assert hear(enter("mia"), late).status_code == 200
    moment.pass_by(days=10)
    mia = enter("mia")
    assert hear(mia, late).status_code == 404
    assert "Its recording is not kept any more." in page(mia, "review_attempt", late)
    keep_recording(recording=recording, by=people.ada, at=NOW + 60 * DAY)
    assert hear(mia, late).status_code == 200


def test_a_file_that_was_changed_is_not_played(enter, showing, recording):
    from shoshin.kit.vault.tapes import Tape

    Tape(recording.key).file.write_bytes(b"SHV1 and nothing else")
    assert hear(enter("mia"), showing).status_code == 404


# What the trail says


def test_each_part_leaves_a_row_that_somebody_listened_and_not_to_whom(people, enter, showing):
    mia = enter("mia")
    for part in ("bytes=0-9", "bytes=100-"):
        hear(mia, showing, part)
    assert hear(mia, showing, "bytes=999999-").status_code == 416
    hear(enter("kim"), showing)
    rows = AuditEvent.objects.filter(event="community.hear_recording")
    assert [(row.actor_id, row.about, row.subjects) for row in rows] == [(people.mia.actor.id, None, {})] * 2


def test_no_row_says_that_somebody_listened_who_may_not(people, showing):
    for member in (people.kim, people.ada):
        with pytest.raises(CannotShow):
            hear_recording(showing=showing, by=member, at=NOW)
    assert not AuditEvent.objects.filter(event="community.hear_recording").exists()


# Comments on moments


def test_a_comment_with_its_time_stands_beside_the_player_of_witness_and_maker(people, enter, showing, recording):
    mia, ada = enter("mia"), enter("ada")
    words = {"view": "partly", "words": "I saw.", "strength": "Your pause.", "to_try": "Wait."}
    form = page(mia, "review_attempt", showing)
    assert "Begin it with the time" in form and 'preload="none"' in form
    mia.post(reverse("community:review_attempt", args=[showing.pk]), words | {"moment": "0:42 here you wait"})
    open_views(showing=showing, everything=True, by=people.ada, at=NOW)
    for browser, name in ((mia, "review_attempt"), (ada, "spread")):
        seen = page(browser, name, showing)
        assert '<span class="moment" data-second="42">at 0:42</span> here you wait' in seen
        assert "<audio" in seen and "community/moments" in seen
    assert reverse("practice:recording", args=[recording.key]) in seen
    assert "media-src 'self'" in ada.get(reverse("community:spread", args=[showing.pk]))["Content-Security-Policy"]


def test_when_the_recording_is_gone_its_comments_stay_as_words(people, enter, showing, recording):
    with_time = Said(**(vars(said()) | {"moment": "0:42 here you wait"}))
    review_attempt(showing=showing, said=with_time, by=people.mia, at=NOW)
    open_views(showing=showing, everything=True, by=people.ada, at=NOW)
    remove_recording(recording=recording, by=SYSTEM, at=NOW)
    seen = page(enter("ada"), "spread", showing)
    assert "at 0:42" in seen and "here you wait" in seen
    assert "<audio" not in seen and "community/moments" not in seen and "not kept any more" in seen


def test_where_only_words_are_shown_no_time_is_asked_for(people, attempt, enter):
    assert "Begin it with the time" not in page(enter("mia"), "review_attempt", shown(attempt, people.mia))


def test_a_witness_who_left_the_clinic_hears_nothing_more(people, enter, showing):
    @action("tests.leave_clinic")
    def leave_clinic(*, member, by, at):
        member.ended_at = at
        member.save()

    reviewed(showing, people.mia)
    leave_clinic(member=people.ada, by=OPERATOR, at=NOW)
    assert not queries.still_plays(people.mia, showing, NOW)
    assert hear(enter("mia"), showing).status_code == 404
