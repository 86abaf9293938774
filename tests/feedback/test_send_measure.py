"""Asking for a measure: by link where clients can be reached, always here or on paper, and what goes instead."""

import re
from datetime import timedelta

import pytest

from shoshin.care.actions import cancel_appointment, keep_appointment, set_reading_hours
from shoshin.feedback.actions import schedule_measures
from shoshin.feedback.actions.assignments import CannotSendMeasure, send_measure
from shoshin.feedback.models import Assignment, Response
from shoshin.feedback.queries.offers import offers_for
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.backup.state import note_backup, note_drill, note_installed
from shoshin.measures import queries as measures
from tests.cast import promise_hours

PAGE = "/clients/benbenbe/send/"


@action("tests.part_ways")
def part_ways(*, cast, by, at) -> None:
    """Ada leaves the clinic: nobody is named any more who reads Ben's answers."""
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(ended_at=at)
    cast.course.refresh_from_db()


def send(cast, moment, measure_id="phq-9", way="link", language="en"):
    return send_measure(
        course=cast.course,
        versions=[measures.measure_version(measure_id)],
        language=language,
        way=way,
        appointment=None,
        by=cast.ada,
        at=moment.at,
    )


def test_without_a_public_address_the_page_says_why_and_how_and_makes_no_link(
    cast, worded, moment, as_member, settings
):
    settings.PUBLIC_ADDRESS = ""
    browser = as_member(cast.ada)
    page = browser.get(PAGE).content.decode()
    assert "public https address" in page and "docs/for_clinics.md" in page
    assert "Make a link" not in page and "Answer on this device" in page
    refused = browser.post(PAGE, {"measures": "shoshin-check", "language": "en", "appointment": ""})
    assert refused.status_code == 422
    assert not Assignment.objects.exists()


def test_a_link_is_shown_once_with_a_qr_code_that_a_strict_page_may_hold(cast, worded, moment, as_member, public):
    answer = as_member(cast.ada).post(PAGE, {"measures": "phq-9", "language": "en", "appointment": ""})
    page = answer.content.decode()
    link = re.search(r'id="link"[^>]*value="([^"]+)"', page)[1]
    assert re.fullmatch(r"https://forms\.example\.org/f/[\w-]{43}/", link)
    drawing = re.search(r'<figure class="qr".*?</figure>', page, re.DOTALL)[0]
    assert "<svg" in drawing and "style=" not in drawing
    assert link not in as_member(cast.ada).get(PAGE).content.decode()


def test_the_words_to_copy_are_neutral(cast, worded, moment, as_member, public):
    page = as_member(cast.ada).post(PAGE, {"measures": "phq-9", "language": "en", "appointment": ""}).content.decode()
    words = re.search(r'<textarea id="words"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]
    assert words.startswith("Here is a short form for you")
    assert not any(name in words for name in ("PHQ", "Ada", "therap", "B. N.", "Willow", "depress"))


@pytest.mark.parametrize("demo", [False, True])
def test_without_a_promised_hour_a_safety_question_does_not_go_by_link_and_the_page_says_what_to_do(
    demo, cast, worded, moment, as_member, settings
):
    settings.PUBLIC_ADDRESS, settings.DEMO = "https://forms.example.org", demo
    browser = as_member(cast.ada)
    refused = browser.post(PAGE, {"measures": "phq-9", "language": "en", "appointment": ""})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "nobody has promised to read within the next 72 hours" in page and 'href="/cover/"' in page
    assert "ask for PHQ-8" in page and "let the client answer here, or use paper" in page
    assert not Assignment.objects.exists()
    assert browser.post(PAGE, {"measures": "phq-8", "language": "en", "appointment": ""}).status_code == 200


@pytest.mark.parametrize(("hours", "goes"), [(71, True), (72, True), (73, False), (100, False)])
def test_a_safety_question_goes_by_link_where_somebody_has_promised_to_read_within_72_hours(
    hours, goes, cast, worded, moment, settings
):
    settings.PUBLIC_ADDRESS, settings.DEMO = "https://forms.example.org", False
    reads = (moment.at + timedelta(hours=hours)).replace(tzinfo=None)
    hour = (reads.weekday(), reads.time(), (reads + timedelta(minutes=30)).time())
    set_reading_hours(member=cast.ada, hours=[hour], by=cast.ada, at=moment.at)
    if goes:
        assert send(cast, moment).token
    else:
        with pytest.raises(CannotSendMeasure, match="within the next 72 hours"):
            send(cast, moment)


def test_a_stranger_to_the_client_promises_nothing_for_them(cast, worded, moment, settings):
    settings.PUBLIC_ADDRESS, settings.DEMO = "https://forms.example.org", False
    promise_hours(cast.mia)
    promise_hours(cast.eve)
    with pytest.raises(CannotSendMeasure, match="within the next 72 hours"):
        send(cast, moment)


def test_without_a_promised_hour_a_safety_question_may_be_answered_on_this_device(cast, worded, moment, settings):
    settings.PUBLIC_ADDRESS, settings.DEMO = "", False
    assert send(cast, moment, way="device").assignments[0].version.measure_id == "phq-9"


def test_where_nobody_is_named_to_read_phq_8_is_offered_instead_of_phq_9(cast, worded, moment, public):
    part_ways(cast=cast, by=OPERATOR, at=moment.at)
    offered = {offer.facts.id for offer in offers_for(cast.course, "en", moment.at)}
    assert "phq-8" in offered and "phq-9" not in offered
    for way in ("link", "device"):
        with pytest.raises(CannotSendMeasure, match="PHQ-8 instead"):
            send(cast, moment, way=way)
    assert send(cast, moment, "phq-8").token


def test_a_measure_without_wording_goes_on_paper_only(cast, worded, moment, as_member, public):
    with pytest.raises(CannotSendMeasure, match="no wording here in this language"):
        send(cast, moment, "ors", way="device")
    page = as_member(cast.ada).get(PAGE).content.decode()
    assert 'value="ors"' not in page
    assert "/clients/benbenbe/paper/ors/" in page


def test_the_page_names_the_command_for_public_wording_that_is_missing_and_only_for_that(cast, worded, as_member):
    page = as_member(cast.ada).get(PAGE).content.decode()
    assert "the wording of GAD-7, PCL-5. It is in the public domain." in page
    assert "<code>shoshin measures wording</code>" in page


def test_only_measures_for_clients_are_offered(cast, worded, moment, as_member, public):
    page = as_member(cast.ada).get(PAGE).content.decode()
    assert "phq-9" in page and "cbi" not in page


def test_one_of_several_that_cannot_go_holds_all_of_them_back(cast, worded, moment, as_member, public):
    browser = as_member(cast.ada)
    browser.post(PAGE, {"measures": ["shoshin-check", "phq-9"], "language": "de", "appointment": ""})
    assert not Assignment.objects.exists()


def test_choosing_nothing_says_so(cast, worded, moment, as_member, public):
    answer = as_member(cast.ada).post(PAGE, {"language": "en", "appointment": ""})
    assert answer.status_code == 422
    assert "Choose at least one measure." in answer.content.decode()


@pytest.fixture
def ticked(cast, worded, moment, as_member, public):
    """What the page suggests, under a plan of one measure before and one after each appointment."""
    schedule_measures(course=cast.course, plan={"phq-8": "every", "shoshin-check": "every"}, by=cast.ada, at=moment.at)

    def look(search=""):
        page = as_member(cast.ada).get(PAGE + search).content.decode()
        boxes = re.findall(r'name="measures" value="([^"]+)" checked', page)
        chosen = re.search(r'<option value="(\d*)" selected>([^<]*)', page)
        return boxes, (int(chosen[1] or 0), chosen[2])

    return look


def test_before_an_appointment_only_what_is_asked_before_it_is_ticked(ticked, cast):
    assert ticked() == (["phq-8"], (cast.ben_today.pk, "before Tue 3 Nov, 14:00"))


@pytest.mark.parametrize("kept", [False, True])
def test_once_it_has_begun_the_check_is_ticked_and_that_appointment_chosen(kept, ticked, cast, moment):
    moment.pass_by(hours=5)
    if kept:
        keep_appointment(appointment=cast.ben_today, by=cast.ada, at=moment.at)
    assert ticked() == (["shoshin-check"], (cast.ben_today.pk, "after Tue 3 Nov, 14:00"))


def test_yesterdays_appointment_asks_for_no_check(ticked, moment):
    moment.pass_by(hours=15)
    assert ticked() == (["phq-8"], (0, "none in particular"))


def test_a_cancelled_appointment_asks_for_no_check(ticked, cast, moment):
    cancel_appointment(appointment=cast.ben_today, side="client", by=cast.ada, at=moment.at)
    moment.pass_by(hours=6)
    assert ticked() == (["phq-8"], (0, "none in particular"))


def test_a_check_that_is_answered_is_not_suggested_again(ticked, cast, moment, as_member):
    moment.pass_by(hours=6)
    device = as_member(cast.ada)
    asked = {"measures": "shoshin-check", "language": "en", "appointment": str(cast.ben_today.pk)}
    assert device.post("/clients/benbenbe/answer-here/", asked).status_code == 303
    device.post("/f/now/", {"q-understood": "8", "gaps-seen": "1"})
    assert ticked() == (["phq-8"], (0, "none in particular"))


def test_coming_from_the_summary_the_check_is_ticked_whatever_the_plan_says(cast, ticked, moment):
    schedule_measures(course=cast.course, plan={"shoshin-check": ""}, by=cast.ada, at=moment.at)
    moment.pass_by(hours=6)
    assert ticked("?about=appointment") == (["shoshin-check"], (cast.ben_today.pk, "after Tue 3 Nov, 14:00"))


@pytest.mark.parametrize("who", ["eve", "mia"])
def test_a_stranger_gets_404_and_sends_nothing(who, cast, worded, moment, as_member, public):
    browser = as_member(getattr(cast, who))
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, {"measures": "phq-9", "language": "en", "appointment": ""}).status_code == 404
    assert not Assignment.objects.exists()


@pytest.fixture
def overdue(public, settings, tmp_path, moment):
    """A clinic in use for a month, whose last backup is three days old."""
    settings.HOME, settings.DEMO = tmp_path, False
    note_installed(tmp_path, moment.at - timedelta(days=30))
    note_backup(tmp_path, moment.at - timedelta(days=3))
    note_drill(tmp_path, moment.at - timedelta(days=3))


ASKED = {"measures": "phq-8", "language": "en", "appointment": ""}


def test_while_backups_are_overdue_no_new_form_goes_out_and_the_page_says_why_and_what_to_do(
    cast, worded, overdue, as_member
):
    browser = as_member(cast.ada)
    page = browser.get(PAGE).content.decode()
    assert "The last backup is older than a day." in page and "section 5 of docs/for_clinics.md" in page
    assert "Make a link" not in page and "Answer on this device" not in page
    assert "/clients/benbenbe/paper/phq-8/" in page
    for way in (PAGE, "/clients/benbenbe/answer-here/"):
        refused = browser.post(way, ASKED)
        assert refused.status_code == 422
        assert "Nothing is sent yet." in refused.content.decode()
    assert not Assignment.objects.exists()


def test_what_was_sent_before_backups_became_overdue_is_received_and_paper_is_entered(
    cast, worded, public, as_member, ask, phone, request
):
    token = ask("phq-8").token
    request.getfixturevalue("overdue")
    assert phone.post(f"/f/{token}/").status_code == 303
    assert phone.post("/f/now/", {"q-1": "1", "gaps-seen": "1"}).status_code == 303
    assert Response.objects.get().source == "link"
    assert as_member(cast.ada).get("/clients/benbenbe/paper/phq-8/").status_code == 200


def test_a_fresh_backup_lets_forms_go_out_again(cast, worded, overdue, moment, as_member, tmp_path):
    note_backup(tmp_path, moment.at)
    assert as_member(cast.ada).post(PAGE, ASKED).status_code == 200
    assert Assignment.objects.count() == 1


def test_a_demo_that_never_made_a_backup_sends(cast, worded, public, moment, as_member, settings, tmp_path):
    settings.HOME, settings.DEMO = tmp_path, True
    note_installed(tmp_path, moment.at - timedelta(days=300))
    assert as_member(cast.ada).post(PAGE, ASKED).status_code == 200
