"""What the match page asks before a file comes in, and what it warns of."""

import pytest
from django.urls import reverse

from shoshin.feedback.models import ImportBatch
from shoshin.kit.action import OPERATOR
from shoshin.measures.actions import load_measures
from tests.cast import NOW
from tests.feedback.test_import_outcomes import WIDE, as_posted, choose


@pytest.fixture
def here(cast):
    load_measures(by=OPERATOR, at=NOW)
    return cast


def test_whether_courses_go_on_has_no_default_and_is_asked_for(here, as_member):
    browser = as_member(here.ada)
    page = choose(browser, b"who,date,value\nK1,2024-01-05,20\n")
    assert page.context["sheet"].form["ending"].value() is None
    posted = as_posted(page, what="import", role_0="client", role_2="total:phq-9", therapist=here.mia.pk)
    answer = browser.post(reverse("feedback:import_outcomes"), posted | {"ending": ""})
    assert not ImportBatch.objects.exists()
    assert "Say whether these courses go on or are over" in answer.content.decode()
    sheet = answer.context["sheet"]
    assert sheet.form.owner() == here.mia and sheet.rows.entries[0].role == "total:phq-9"
    looked = browser.post(reverse("feedback:import_outcomes"), posted | {"ending": "", "what": "look"})
    assert not looked.context["sheet"].form.errors


WARNING = "change cannot be computed. No figure"


def test_it_warns_beside_the_button_that_change_cannot_be_computed(here, as_member):
    browser = as_member(here.ada)
    page = choose(browser, WIDE)
    assert WARNING in page.content.decode()
    prefix = page.context["sheet"].new_measures["bdi"].prefix
    told = {"name": "BDI", "low": "0", "high": "63", "worse": "high", "points": "9", "source": "me"}
    posted = as_posted(page, what="look") | {f"{prefix}-{key}": value for key, value in told.items()}
    assert WARNING not in browser.post(reverse("feedback:import_outcomes"), posted).content.decode()
    posted[f"{prefix}-points"] = ""
    assert WARNING in browser.post(reverse("feedback:import_outcomes"), posted).content.decode()
