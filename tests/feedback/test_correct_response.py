"""A slip is put right by a new version with a reason; the earlier one stays visible."""

import pytest

from shoshin.feedback.models import Response
from tests.forms_of_ben import ben_answers


@pytest.fixture
def filed(cast, measures_loaded, moment):
    return ben_answers(cast, 6, source="paper")


def address(response) -> str:
    return f"/responses/{response.reference}/correct/"


def test_it_starts_from_what_was_filed_and_keeps_the_earlier_version_in_sight(cast, filed, as_member):
    browser = as_member(cast.ada)
    assert '<option value="3" selected>' in browser.get(address(filed)).content.decode()
    answer = browser.post(address(filed), {"q-1": "1", "because": "typed 3 for 1"})
    corrected = Response.objects.get(corrects=filed)
    assert answer["Location"] == address(corrected)
    page = browser.get(address(corrected)).content.decode()
    assert filed.reference in page and "typed 3 for 1" in page
    assert corrected.answers == {"1": 1}
    filed.refresh_from_db()
    assert filed.answers["1"] == 3


def test_without_a_reason_nothing_changes(cast, filed, as_member):
    refused = as_member(cast.ada).post(address(filed), {"q-1": "1", "because": ""})
    assert refused.status_code == 422
    assert Response.objects.count() == 1


def test_only_the_latest_version_can_be_corrected(cast, filed, as_member):
    browser = as_member(cast.ada)
    browser.post(address(filed), {"q-1": "1", "because": "a slip"})
    assert "A later version of this form exists" in browser.get(address(filed)).content.decode()
    assert browser.post(address(filed), {"q-1": "2", "because": "again"}).status_code == 422
    assert Response.objects.count() == 2


def test_answers_that_wait_to_be_opened_are_not_shown_here_first(cast, measures_loaded, moment, as_member):
    ben_answers(cast, 6, weeks=1)
    waiting = ben_answers(cast, 9)
    answer = as_member(cast.ada).get(address(waiting))
    assert (answer.status_code, answer["Location"]) == (302, "/clients/benbenbe/")


@pytest.mark.parametrize("who", ["eve", "mia"])
def test_a_stranger_gets_404(who, cast, filed, as_member):
    browser = as_member(getattr(cast, who))
    assert browser.get(address(filed)).status_code == 404
    assert browser.post(address(filed), {"q-1": "1", "because": "x"}).status_code == 404
    assert Response.objects.count() == 1
