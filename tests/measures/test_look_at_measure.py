"""Looking at a form before it is stored: its name, which lists of answers count, and the file that is asked for."""

import json

import pytest
from django.urls import reverse

from shoshin.measures.queries import Choices, facts, measure_version, proposal_from
from tests.measures.conftest import option, question, tea_form, unweighted, weighted
from tests.measures.test_pages import answers_to, upload


@pytest.fixture
def ada(cast, loaded, as_member):
    return as_member(cast.ada)


def hard(link: str) -> dict:
    return question(link, [{"valueString": text} for text in ("not hard", "hard", "very hard")])


def weighing(*keys: str) -> dict:
    return {f"weight-{key}-{n}": str(n) for key in keys for n in range(3)}


def test_a_second_list_of_answers_does_not_count_unless_it_is_ticked(ada, cast):
    response = upload(ada, tea_form(unweighted("a"), unweighted("b"), hard("c")))
    assert "These items count in the sum too" in response.content.decode()
    weights = weighing("scale-1", "scale-2")
    looked = ada.post(reverse("measures:import_measure"), answers_to(response, look="1", **weights))
    assert looked.context["proposal"].measure.primary.items == ("a", "b")
    ticked = answers_to(response, look="1", **weights, **{"weight-also-scale-2": "on"})
    looked = ada.post(reverse("measures:import_measure"), ticked)
    assert looked.context["proposal"].measure.primary.items == ("a", "b", "c")


def test_answers_in_other_words_do_not_count_where_most_share_theirs():
    items = [weighted("a"), weighted("b"), question("c", [option(f"hard {n}", n) for n in range(3)])]
    proposal = proposal_from("tea.json", json.dumps(tea_form(*items)).encode(), Choices())
    assert proposal.measure.primary.items == ("a", "b")
    own = [question(link, [option(f"{link} {n}", n) for n in range(3)]) for link in "abc"]
    proposal = proposal_from("tea.json", json.dumps(tea_form(*own)).encode(), Choices())
    assert proposal.measure.primary.items == ("a", "b", "c")


ANSWERED = {"direction": "worse", "risk": "none", "counted": ["a", "b"], "terms": "on", "store": "1"}


@pytest.mark.parametrize("title", ["", "A title far too long for any chart"])
def test_a_form_without_a_name_or_with_a_long_one_is_given_a_short_one(ada, cast, title):
    response = upload(ada, tea_form(weighted("a"), weighted("b"), title=title, name=""))
    assert response.context["form"]["short"].value() == title[:24].strip()
    again = ada.post(reverse("measures:import_measure"), answers_to(response, short="", **ANSWERED))
    assert set(again.context["form"].errors) == {"short"}
    done = ada.post(reverse("measures:import_measure"), answers_to(response, short="GAD-T", **ANSWERED))
    assert done["Location"] == reverse("measures:measure", args=["gad-t"])
    stored = facts(measure_version("gad-t", clinic=cast.clinic))
    assert (stored.short, stored.title["en"]) == ("GAD-T", title or "GAD-T")


def test_a_form_with_a_short_name_of_its_own_is_not_asked_for_one(ada):
    assert "short" not in upload(ada, tea_form(weighted("a"), weighted("b"))).context["form"].fields


def test_choosing_a_file_is_not_called_optional(ada):
    page = ada.get(reverse("measures:import_measure")).content.decode()
    assert "Choose a file" in page and "(optional)" not in page
    again = ada.post(reverse("measures:import_measure"), {})
    assert again.context["form"].errors["file"] == ["Choose a file first."]
