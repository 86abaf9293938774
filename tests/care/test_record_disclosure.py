"""Telling somebody outside leaves an account: why it was needed, and why less would not do."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care.actions import CannotRecordDisclosure, record_disclosure
from shoshin.care.models import Disclosure
from shoshin.care.queries import record_of
from shoshin.kit import clock
from tests.cast import NOW

TOLD = {
    "told_on": NOW.date(),
    "to_whom": "the out-of-hours doctor",
    "ground": "danger_to_self",
    "what": "that he has tablets and a plan for tonight",
    "why_needed": "nobody else could reach him tonight",
    "why_not_less": "without the plan they would not have gone out",
    "consulted": "Mia",
}
BLANK = ("to_whom", "what", "why_needed", "why_not_less")


@pytest.mark.parametrize("name", BLANK)
def test_an_account_without_its_reasons_is_not_kept(cast, name):
    with pytest.raises(CannotRecordDisclosure) as refusal:
        record_disclosure(client=cast.ben, by=cast.ada, at=NOW, client_knows=True, **(TOLD | {name: "  "}))
    assert list(refusal.value.missing) == [name]
    assert not Disclosure.objects.exists()


def test_not_having_told_the_client_needs_its_own_reason_and_a_day_to_come_is_refused(cast):
    tomorrow = TOLD | {"told_on": NOW.date() + timedelta(days=1)}
    with pytest.raises(CannotRecordDisclosure) as refusal:
        record_disclosure(client=cast.ben, by=cast.ada, at=NOW, client_knows=False, **tomorrow)
    assert set(refusal.value.missing) == {"told_on", "why_client_does_not_know"}


def test_it_is_written_on_the_page_stays_there_and_goes_with_the_record(cast, as_member, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    address = reverse("care:record_disclosure", args=[cast.ben.ref])
    browser = as_member(cast.ada)
    assert browser.post(address, TOLD | {"client_knows": "no"}).status_code == 200
    assert not Disclosure.objects.exists()
    page = browser.post(address, TOLD | {"client_knows": "yes"}, follow=True).content.decode()
    assert "the out-of-hours doctor" in page
    assert "without the plan they would not have gone out" in page
    (row,) = record_of(cast.ben)["disclosures"]
    assert (row["to_whom"], row["written_by"]) == ("the out-of-hours doctor", "Ada")
    assert as_member(cast.mia).get(address).status_code == 404
