"""The sheet of questions: who reads it, what is saved, and a receipt only after the server has it."""

import gzip
import re
from pathlib import Path

from shoshin.feedback.models import Alert, Assignment, Draft, Response
from shoshin.feedback.queries.forms import _lead_in

STATIC = Path("src/shoshin")
PHQ9 = {f"q-{number}": "1" for number in range(1, 9)}


def page_of(phone) -> str:
    return phone.get("/f/now/").content.decode()


def test_it_says_who_reads_it_before_when_and_that_nobody_reads_it_live(begun, phone, cast):
    begun("phq-8", appointment=cast.ben_today)
    assert "Ada reads this before Tuesday 14:00" in page_of(phone)
    assert "Nobody reads it live" in page_of(phone)


def test_before_the_first_safety_question_it_says_that_stopping_still_tells_the_therapist(begun, phone):
    begun("phq-9")
    page = page_of(phone)
    said = page.index("If you mark a safety question and stop, your therapist is still told.")
    assert said < page.index('id="q1"')


def test_a_measure_without_a_safety_question_does_not_speak_of_one(begun, phone):
    begun("phq-8")
    assert "safety question" not in page_of(phone)


def test_nothing_is_chosen_before_it_is_touched(begun, phone):
    begun("shoshin-check")
    page = page_of(phone)
    assert " checked" not in page
    assert page.count('type="radio"') == 4 * 11 + 3
    assert 'type="range"' not in page


def test_yes_not_now_and_no_are_three_equal_buttons(begun, phone):
    begun("phq-9")
    group = re.search(r'<div class="three" data-end>(.*?)</div>', page_of(phone), re.DOTALL)[1]
    buttons = re.findall(r"<button([^>]*)>([^<]+)</button>", group)
    assert [name for _, name in buttons] == ["Send", "Not now", "No, thank you"]
    assert not any("class" in attributes or "disabled" in attributes for attributes, _ in buttons)


def test_each_question_says_how_far_and_how_long_still(begun, phone):
    begun("phq-9")
    assert "3 of 10 · about a minute left" in page_of(phone)
    assert "10 of 10 · almost done" in page_of(phone)


def test_the_first_look_weighs_at_most_50_kb(begun, phone):
    begun("phq-9")
    page = phone.get("/f/now/").content
    parts = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())
    files = [next(STATIC.glob(f"*/static/{part}")) for part in parts]
    assert {path.suffix for path in files} >= {".css", ".js"}
    assert len(page) + sum(path.stat().st_size for path in files) <= 50 * 1024
    assert len(gzip.compress(page)) < 10 * 1024


def test_it_loads_nothing_from_another_host_and_carries_no_inline_script_or_style(begun, phone):
    begun("phq-9")
    page = page_of(phone)
    assert set(re.findall(r'https?://[^"\s<]+', page)) <= {"https://www.wikipedia.org/"}
    assert "style=" not in page and "onclick" not in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []


def test_open_questions_are_named_once_and_may_stay_open(begun, phone):
    begun("phq-9")
    first = phone.post("/f/now/", PHQ9)
    assert first.status_code == 200
    assert "Some questions are still open" in first.content.decode()
    assert not Response.objects.exists()
    again = phone.post("/f/now/", PHQ9 | {"gaps-seen": "1"})
    assert (again.status_code, again["Location"]) == (303, "/f/received/")
    assert Response.objects.get().answers == {str(number): 1 for number in range(1, 9)}


def test_a_receipt_has_a_reference_and_thanks_and_no_score(begun, phone):
    begun("phq-8")
    phone.post("/f/now/", PHQ9 | {"gaps-seen": "1"})
    page = phone.get("/f/received/").content.decode()
    response = Response.objects.get()
    assert f"Received, reference {response.reference}" in page
    assert "Thank you" in page
    assert "Total" not in page and ">8<" not in page
    assert "A made-up question" not in page


def test_a_marked_safety_question_is_met_with_thanks_and_numbers_in_the_page_itself(begun, phone):
    begun("phq-9")
    before = page_of(phone)
    hidden = re.search(r'<div id="safety-now"[^>]*hidden>(.*?)</section>', before, re.DOTALL)[1]
    assert "Thank you" in hidden and "tel:0800000000" in hidden
    assert 'data-risk-from="1"' in before
    phone.post("/f/now/", {"q-9": "1", "gaps-seen": "1"})
    after = phone.get("/f/received/").content.decode()
    assert "your therapist is told" in after and "tel:0800000000" in after
    assert Alert.objects.get().response == Response.objects.get()


def test_the_lead_in_stands_above_each_question_it_belongs_to(begun, phone):
    begun("phq-9")
    page = page_of(phone)
    assert page.count('<p class="lead-in small soft">A made-up lead-in.</p>') == 9, "the tenth asks on its own scale"
    assert page.index('class="lead-in', page.index('id="q9"')) < page.index("A made-up question 9")


def test_of_a_long_lead_in_the_last_sentence_is_repeated():
    long = "A made-up instruction. " * 12
    assert _lead_in(long + "How often was it so?") == "How often was it so?"
    assert _lead_in("Read this. How often was it so?") == "Read this. How often was it so?"


def test_a_sheet_on_one_page_says_its_lead_in_once(begun, phone):
    begun("shoshin-check")
    assert page_of(phone).count("A made-up lead-in.") == 1


def test_numbers_are_in_reach_without_javascript_whatever_is_marked(begun, phone):
    begun("shoshin-check")
    assert re.search(r"<details><summary>If you need someone now</summary>.*tel:0800000000", page_of(phone), re.DOTALL)


def test_the_same_form_sent_twice_is_filed_once(begun, phone):
    begun("phq-8")
    for _ in range(3):
        assert phone.post("/f/now/", PHQ9 | {"gaps-seen": "1"}).status_code == 303
    assert Response.objects.count() == 1


def test_another_copy_from_a_second_tab_is_kept_as_a_later_version(begun, phone):
    begun("phq-9")
    phone.post("/f/now/", PHQ9 | {"gaps-seen": "1"})
    phone.post("/f/now/", PHQ9 | {"q-9": "2", "gaps-seen": "1"})
    first, second = Response.objects.order_by("pk")
    assert second.corrects == first
    assert Alert.objects.get().value == 2


def test_an_answer_that_is_not_on_offer_is_refused_and_nothing_is_filed(begun, phone):
    begun("phq-8")
    refused = phone.post("/f/now/", PHQ9 | {"q-1": "7", "gaps-seen": "1"})
    assert refused.status_code == 422
    assert "Nothing is sent yet" in refused.content.decode()
    assert not Response.objects.exists()


def test_not_now_keeps_the_draft_and_says_until_when(begun, phone, moment):
    begun("shoshin-check")
    page = phone.post("/f/now/", {"what": "later", "q-amiss-note": "a thought"}).content.decode()
    assert "kept for this browser until 10:00" in page
    assert "You can open the form again until" in page
    assert "a thought" in page_of(phone)
    assert not Response.objects.exists()


def test_an_hour_idle_or_four_hours_in_all_close_the_form_in_this_browser(begun, phone, moment):
    begun("shoshin-check")
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-amiss-note": "a thought"}}, "application/json")
    moment.pass_by(minutes=59)
    assert "a thought" in page_of(phone)
    moment.pass_by(minutes=61)
    assert phone.get("/f/now/").status_code == 404
    begun("shoshin-check")
    for _ in range(4):
        moment.pass_by(minutes=55)
        assert phone.get("/f/now/").status_code == 200
    moment.pass_by(minutes=25)
    assert phone.get("/f/now/").status_code == 404


def test_after_sending_the_form_shows_no_answers_again(begun, phone):
    begun("shoshin-check")
    phone.post("/f/now/", {"q-amiss-note": "a thought", "gaps-seen": "1"})
    assert phone.get("/f/now/")["Location"] == "/f/received/"
    assert "a thought" not in phone.get("/f/received/").content.decode()
    assert not Draft.objects.exists()


def test_a_link_never_reads_answers_not_even_for_whoever_holds_it_later(ask, phone, client):
    sent = ask("shoshin-check")
    phone.post(f"/f/{sent.token}/")
    phone.post("/f/now/", {"q-amiss-note": "a thought", "gaps-seen": "1"})
    for page in (client.get(f"/f/{sent.token}/"), client.post(f"/f/{sent.token}/"), client.get("/f/received/")):
        assert "a thought" not in page.content.decode()
        assert Response.objects.get().reference not in page.content.decode()


def test_pages_of_the_form_are_never_cached_and_never_indexed(begun, phone):
    begun("phq-9")
    page = phone.get("/f/now/")
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]


def test_the_form_speaks_the_language_it_was_sent_in(begun, phone):
    assignment = begun("shoshin-check")
    assert 'lang="en"' in phone.get("/f/now/", headers={"accept-language": "de"}).content.decode()
    assert Assignment.objects.get(pk=assignment.pk).language == "en"


def test_every_form_says_before_its_first_item_that_it_is_saved_as_one_goes(begun, phone):
    begun("shoshin-check")
    page = phone.get("/f/now/").content.decode()
    assert page.index("Saved as you go.") < page.index('id="q1"')
    assert "your therapist is still told" not in page
