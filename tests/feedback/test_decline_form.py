"""No, thank you: the draft goes, the state says declined, and care is unaffected."""

from shoshin.feedback.models import Alert, Assignment, Draft, Response


def test_it_deletes_the_draft_and_says_so_and_that_care_stays(begun, phone):
    begun("shoshin-check")
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-amiss-note": "a thought"}}, "application/json")
    page = phone.post("/f/now/decline/").content.decode()
    assert "What you had answered is deleted. Your care stays as it is." in page
    assert not Draft.objects.exists() and not Response.objects.exists()
    assert Assignment.objects.get().state == "declined"


def test_afterwards_this_browser_holds_no_key(begun, phone):
    begun("shoshin-check")
    phone.post("/f/now/decline/")
    assert phone.get("/f/now/").status_code == 404
    assert phone.cookies["form"].value == ""


def test_a_no_counts_for_everything_asked_with_the_same_link(ask, phone):
    sent = ask("shoshin-check", "shoshin-wellbeing")
    phone.post(f"/f/{sent.token}/")
    phone.post("/f/now/decline/")
    assert set(Assignment.objects.values_list("state", flat=True)) == {"declined"}
    assert phone.get(f"/f/{sent.token}/").status_code == 404


def test_a_safety_question_marked_before_is_still_told_and_the_page_does_not_hide_it(begun, phone):
    begun("phq-9")
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-9": "1"}}, "application/json")
    page = phone.post("/f/now/decline/").content.decode()
    assert Alert.objects.count() == 1
    assert "was told to your therapist" in page and "tel:0800000000" in page


def test_it_opens_by_post_only(begun, phone):
    begun("shoshin-check")
    assert phone.get("/f/now/decline/").status_code == 405
    assert Assignment.objects.get().state == "begun"


def test_a_form_already_sent_cannot_be_declined(begun, phone):
    begun("shoshin-check")
    phone.post("/f/now/", {"gaps-seen": "1"})
    assert phone.post("/f/now/decline/").status_code == 404
    assert Response.objects.count() == 1
