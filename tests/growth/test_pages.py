"""The whole way in the browser, with no script: signal, what it might be, one moment, back in the room, outcome."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from shoshin.feedback.queries import expected
from shoshin.growth.actions import note_back_in_room
from shoshin.growth.models import BackInRoom, Episode, Reviewed
from shoshin.kit.action import SYSTEM
from shoshin.kit.models import AuditEvent
from shoshin.practice.actions import load_packs
from shoshin.practice.queries import active_goal
from tests.care.absences import away
from tests.cast import NOW
from tests.forms_of_ben import ben_answers
from tests.growth.steps import MOMENT, began, came, hand_over, kept
from tests.practice.tries import begin, met

CLAIMS = ("helped", "because you practised", "thanks to", "effect", "proves", "improved your client")


@pytest.fixture
def ada(as_member, cast, moment):
    return as_member(cast.ada)


def text(browser, name, *args, **query):
    answer = browser.get(reverse(f"growth:{name}", args=args), query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def send(browser, name, *args, **fields):
    return browser.post(reverse(f"growth:{name}", args=args), fields)


def test_from_a_signal_to_the_room_and_back(cast, signal, ada, moment, pack):
    page = ada.get(reverse("feedback:answer_signal", args=[signal.pk])).content.decode()
    assert reverse("growth:begin_episode", args=[cast.ben.ref]) in page
    page = text(ada, "begin_episode", cast.ben.ref)
    assert page.count('name="what"') == 5 and "no change" in page
    begun = send(ada, "begin_episode", cast.ben.ref, what="mine")
    episode = Episode.objects.get()
    assert begun["Location"] == reverse("growth:meet_differently", args=[episode.pk])
    page = text(ada, "meet_differently", episode.pk)
    assert "Hearing · An exercise, silent" in page
    chosen = send(ada, "meet_differently", episode.pk, sentence=MOMENT, skill=pack.skills.get().pk)
    assert chosen["Location"] == reverse("growth:show_episode", args=[episode.pk])
    page = text(ada, "show_episode", episode.pk)
    assert MOMENT in page and reverse("practice:show_exercise", args=[pack.exercises.get(slug="within").pk]) in page
    assert active_goal(cast.ada).skill == pack.skills.get()
    round = begin(pack.exercises.get(slug="within"), cast.ada)
    met(round)
    moment.pass_by(weeks=1, hours=2)
    (visit,) = came(cast, 1)
    client_page = ada.get(reverse("desk:client", args=[cast.ben.ref])).content.decode()
    assert reverse("growth:note_back_in_room", args=[episode.pk]) in client_page
    send(ada, "note_back_in_room", episode.pk, appointment=visit.pk, did="did_it")
    assert BackInRoom.objects.get().did == "did_it"
    ben_answers(cast, 8, at=NOW + timedelta(weeks=3), source="paper")
    moment.pass_by(weeks=8)
    page = text(ada, "show_episode", episode.pk)
    assert "better than when the episode began" in page and "Closed by itself" in page
    assert "1 round, 1 try" in re.sub(r"\s+", " ", page)


def test_the_first_three_exercises_for_a_low_check_are_of_the_alliance(cast, signal, ada):
    from shoshin.growth.queries import suggestions
    from shoshin.kit.action import OPERATOR

    load_packs(by=OPERATOR, at=NOW)
    after_drop = suggestions(cast.clinic, "mine", "drop")
    assert len(after_drop) == 3 and {each.skill.family for each in after_drop} == {"alliance"}
    assert {each.skill.family for each in suggestions(cast.clinic, "relationship", "worse")} == {"alliance"}
    others = suggestions(cast.clinic, "mine", "worse")
    assert all("not_improving" in each.skill.helps_with for each in others)
    assert all(each.exercise.skill_id == each.skill.pk for each in [*after_drop, *others])


@pytest.mark.parametrize("what", ["life", "fit"])
def test_life_and_fit_ask_for_nothing_to_practise(cast, signal, ada, what):
    begun = send(ada, "begin_episode", cast.ben.ref, what=what)
    episode = Episode.objects.get()
    assert begun["Location"] == reverse("growth:show_episode", args=[episode.pk])
    assert "Not everything is yours to practise" in text(ada, "show_episode", episode.pk)
    assert active_goal(cast.ada) is None


def test_an_episode_may_begin_without_a_signal_and_not_without_a_course(cast, measures_loaded, ada):
    assert "Nothing has to be wrong" in text(ada, "begin_episode", cast.ben.ref)
    send(ada, "begin_episode", cast.ben.ref, what="unknown")
    assert Episode.objects.get().signal is None


def test_the_code_in_a_sentence_is_refused_on_the_page(cast, ada):
    episode = began(cast, sentence="")
    answer = send(ada, "meet_differently", episode.pk, sentence="With B. N. I rush", skill="")
    assert "Leave it out" in unescape(answer.content.decode()) and active_goal(cast.ada) is None


def test_every_page_with_figures_says_one_client_and_chance_and_low_points(cast, signal, ada):
    episode = began(cast, signal)
    ben_answers(cast, 8, at=NOW + timedelta(weeks=3), source="paper")
    for page in (text(ada, "show_growth"), text(ada, "show_episode", episode.pk)):
        assert "one client" in page and "could well be chance" in page and "low points" in page
        assert "exploratory" in page
        assert [claim for claim in CLAIMS if claim in page.lower()] == []


@pytest.mark.parametrize("by_appointment", [True, False])
def test_the_client_stands_beside_the_expected_course_where_one_is_known(
    cast, measures_loaded, ada, moment, monkeypatch, by_appointment
):
    monkeypatch.setattr(expected, "LATEST_START", 9)  # Ben came before he first answered
    moment.pass_by(days=20)
    for week in (0, 1, 2):
        ben_answers(cast, 16, at=NOW + timedelta(weeks=week, days=1), source="paper")
        if by_appointment:
            kept(cast=cast, weeks=[week + 0.5], by=SYSTEM, at=NOW)
    page = text(ada, "show_episode", began(cast, at=NOW + timedelta(weeks=2, days=2)).pk)
    assert ("8 in 10 courses that begin at 16 are expected" in page) is by_appointment
    assert ("No expected course is known" in page) is not by_appointment


def test_nobody_else_opens_an_episode_by_its_address(cast, signal, as_member, moment):
    episode = began(cast, signal)
    for other in (cast.mia, cast.eve):
        browser = as_member(other)
        for name in ("show_episode", "meet_differently"):
            assert browser.get(reverse(f"growth:{name}", args=[episode.pk])).status_code == 404
        assert send(browser, "note_back_in_room", episode.pk, did="did_it").status_code == 404
        assert MOMENT not in text(browser, "show_growth")


def test_after_a_handover_neither_the_code_nor_a_figure_shows(cast, signal, as_member, moment):
    episode = began(cast, signal)
    hand_over(cast)
    ada = as_member(cast.ada)
    for page in (text(ada, "show_growth"), text(ada, "show_episode", episode.pk)):
        assert MOMENT in page and "no longer yours" in page
        assert cast.ben.code not in page and cast.ben.ref not in page and "16" not in re.sub(r"<[^>]+>", "", page)
    mia = as_member(cast.mia)
    page = mia.get(reverse("desk:client", args=[cast.ben.ref])).content.decode()
    assert MOMENT not in page and "/growth/episodes/" not in page


def test_the_mark_is_on_my_picture_and_not_on_the_one_we_look_at_together(cast, signal, as_member, moment):
    episode, (visit,) = began(cast, signal), came(cast, 1)
    moment.pass_by(weeks=1, hours=1)
    note_back_in_room(episode=episode, appointment=visit, did="did_it", by=cast.ada, at=moment.at)
    ada = as_member(cast.ada)
    picture = reverse("desk:line_picture", args=[cast.ben.ref, cast.course.pk, "phq-9", "for-wide"])
    assert "tried it" in ada.get(picture).content.decode()
    together = ada.get(reverse("desk:show_client_page", args=[cast.ben.ref])).content.decode()
    assert "tried it" not in together and MOMENT not in together
    hand_over(cast)
    assert "tried it" not in as_member(cast.mia).get(picture).content.decode()


def test_a_colleague_who_covers_sees_the_client_and_no_episode(cast, signal, as_member, moment):
    episode, (visit,) = began(cast, signal), came(cast, 1)
    moment.pass_by(weeks=1, hours=2)
    note_back_in_room(episode=episode, appointment=visit, did="did_it", by=cast.ada, at=moment.at)
    away(cast.ada, "2026-11-10 08:00", "2026-11-14 08:00", colleague=cast.mia, accepted=True)
    mia = as_member(cast.mia)
    page = mia.get(reverse("desk:client", args=[cast.ben.ref]))
    assert page.status_code == 200 and "You cover for Ada" in page.content.decode()
    assert MOMENT not in page.content.decode() and "/growth/clients/" not in page.content.decode()
    picture = mia.get(reverse("desk:line_picture", args=[cast.ben.ref, cast.course.pk, "phq-9", "for-wide"]))
    assert picture.status_code == 200 and "tried it" not in picture.content.decode()
    assert mia.get(reverse("growth:begin_episode", args=[cast.ben.ref])).status_code == 404


def test_the_clients_archive_holds_no_word_of_it(cast, signal, ada):
    import io
    import zipfile

    episode = began(cast, signal)
    text(ada, "show_episode", episode.pk)
    assert AuditEvent.objects.filter(event="read growth:show_episode", about=cast.ben.pk).exists()
    packed = ada.get(reverse("desk:export_client", args=[cast.ben.ref])).getvalue()
    archive = zipfile.ZipFile(io.BytesIO(packed))
    for name in archive.namelist():
        assert MOMENT not in archive.read(name).decode() and "growth" not in archive.read(name).decode().lower()


def test_the_friday_review_takes_each_client_somewhere(cast, signal, ada):
    page = text(ada, "review_week")
    assert "B. N." in page and reverse("growth:begin_episode", args=[cast.ben.ref]) in page
    send(ada, "decide_review", cast.ben.ref, to="not_now", reason="")
    assert not Reviewed.objects.exists()
    send(ada, "decide_review", cast.ben.ref, to="not_now", reason="ill this week")
    page = text(ada, "review_week")
    assert "ill this week" in page and "comes back on 6 November" in page and "Nobody is left" in page
    send(ada, "decide_review", cast.ben.ref, to="consultation", reason="what do I miss?")
    assert cast.course.consultations.get().question == "what do I miss?"


def test_looking_at_the_pages_changes_no_row(cast, signal, ada, moment):
    episode = began(cast, signal)
    moment.pass_by(weeks=9)
    before = list(Episode.objects.values())
    for page in (("show_growth",), ("show_episode", episode.pk), ("review_week",), ("begin_episode", cast.ben.ref)):
        text(ada, *page)
    assert list(Episode.objects.values()) == before
