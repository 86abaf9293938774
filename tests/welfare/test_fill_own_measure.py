"""CBI and SCS-SF about oneself, once they are worded: monthly at most, figures without a verdict."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.measures import queries as measures
from shoshin.welfare.actions import CannotFillOwnMeasure, fill_own_measure
from shoshin.welfare.models import OwnResponse
from shoshin.welfare.queries import doubting, gate, gate_in_words
from tests.cast import NOW
from tests.welfare.conftest import checks

LIST = reverse("welfare:list_own_measures")


def address(measure_id):
    return reverse("welfare:fill_own_measure", args=[measure_id])


def filled(member, version, value, at=NOW, reverse_too=True):
    """Every question answered alike; reversed ones the other way round, so that each scale comes to the value."""
    facts = measures.facts(version)
    turned = {item for score in facts.scores for item in score.reverse} if reverse_too else set()
    low, high = facts.scale_of(facts.items[0].id).ends
    answers = {item.id: (low + high - value if item.id in turned else value) for item in facts.items}
    return fill_own_measure(member=member, version=version, answers=answers, by=member, at=at)


def test_without_wording_the_page_says_so_and_how_to_get_it(cast, measures_loaded, as_member, now):
    page = as_member(cast.ada).get(LIST).content.decode()
    assert page.count("has no wording here yet") == 2
    page = as_member(cast.ada).get(address("cbi")).content.decode()
    assert "does not carry its sentences" in page and reverse("measures:measure", args=["cbi"]) in page
    version = measures.measure_version("cbi")
    with pytest.raises(CannotFillOwnMeasure):
        filled(cast.ada, version, 50)


def test_worded_it_is_filled_in_and_scored(cast, worded, as_member, now):
    browser = as_member(cast.ada)
    page = browser.get(address("scs-sf")).content.decode()
    assert "A made-up question 1" in page and "Raes" in page
    browser.post(address("scs-sf"), {f"item_{number}": "3" for number in range(1, 13)})
    assert OwnResponse.objects.get().scores["total"] == 3
    page = browser.get(LIST).content.decode()
    assert "higher is kinder" in page and "3 November 2026" in page
    assert not any(word in page for word in ("average", ">low<", "high burnout"))


def test_it_opens_again_after_a_month_and_not_before(cast, worded, as_member, now):
    filled(cast.ada, worded["cbi"], 25, at=NOW - timedelta(days=29))
    assert "It opens again on 4 November 2026." in as_member(cast.ada).get(address("cbi")).content.decode()
    with pytest.raises(CannotFillOwnMeasure):
        filled(cast.ada, worded["cbi"], 25)
    filled(cast.ada, worded["cbi"], 25, at=NOW + timedelta(days=1))
    assert OwnResponse.objects.count() == 2


def test_an_empty_form_and_an_answer_that_is_none_are_refused(cast, worded, as_member, now):
    assert "Answer at least one question" in as_member(cast.ada).post(address("cbi"), {"item_1": ""}).content.decode()
    as_member(cast.ada).post(address("cbi"), {"item_1": "30"})
    with pytest.raises(CannotFillOwnMeasure):
        fill_own_measure(member=cast.ada, version=worded["cbi"], answers={"personal-1": 30}, by=cast.ada, at=NOW)
    assert not OwnResponse.objects.exists()


@pytest.mark.parametrize(("value", "colour"), [(25, "green"), (50, "amber"), (75, "red")])
def test_the_burnout_measure_opens_the_gates_it_should_for_a_quarter(cast, worded, value, colour):
    filled(cast.ada, worded["cbi"], value)
    found = gate(cast.ada, NOW)
    assert found.colour == colour
    if colour != "green":
        assert "a screen, not a diagnosis" in gate_in_words(found).because[0]
    assert gate(cast.ada, NOW + timedelta(days=93)).colour == "green"


def test_doubt_with_little_kindness_to_oneself_is_met_with_support_and_doubt_alone_with_nothing(
    cast, worded, as_member, now
):
    checks(cast.ada, 6, causes=["doubt"])
    assert not doubting(cast.ada, NOW)
    filled(cast.ada, worded["scs-sf"], 2)
    assert doubting(cast.ada, NOW)
    assert gate(cast.ada, NOW).colour == "green"
    page = as_member(cast.ada).get(reverse("welfare:show_welfare")).content.decode()
    assert "often goes with good work" in page
    assert not any(word in page.lower() for word in ("deficit", "too little", "weak", "poor", "edge"))


def test_kind_to_oneself_doubt_is_left_alone(cast, worded):
    checks(cast.ada, 6, causes=["doubt"])
    filled(cast.ada, worded["scs-sf"], 4)
    assert not doubting(cast.ada, NOW)


def test_a_measure_for_clients_is_none_about_oneself(cast, worded, as_member, now):
    for measure_id in ("phq-9", "who-5", "no-such"):
        assert as_member(cast.ada).get(address(measure_id)).status_code == 404
    with pytest.raises(CannotFillOwnMeasure):
        fill_own_measure(
            member=cast.ada, version=measures.measure_version("phq-9"), answers={"1": 1}, by=cast.ada, at=NOW
        )
