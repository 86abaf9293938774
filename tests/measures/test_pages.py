"""The measures pages, as a member and as an owner sees them."""

import json

import pytest
from django.urls import reverse

from shoshin.measures.actions import confirm_licence
from shoshin.measures.models import LicenceConfirmation, MeasureVersion
from shoshin.measures.queries import is_worded, measure_version
from tests.cast import NOW
from tests.measures.conftest import tea_form, unweighted, weighted
from tests.measures.test_add_wording import folder_with


@pytest.fixture
def ada(as_member, cast, loaded):
    return as_member(cast.ada)


def upload(browser, form) -> str:
    """Send a file and return the preview page."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("tea.json", json.dumps(form).encode())
    response = browser.post(reverse("measures:import_measure"), {"file": file})
    assert response.status_code == 200
    return response


def answers_to(response, **said) -> dict:
    return {"packed": response.context["packed"], "name": "tea.json", "target": "new"} | said


def test_the_list_says_what_is_worded_and_what_is_not_validated(ada, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        page = ada.get(reverse("measures:list_measures")).content.decode()
    for words in ("not validated", "skeleton", "worded: English, German", "6 points or more (published)"):
        assert words in page
    assert "10 or more, caseness" in page


def test_a_page_names_both_reliable_changes_with_their_sources(ada):
    page = ada.get(reverse("measures:measure", args=["phq-9"])).content.decode()
    for words in ("more than 5.6 points (computed)", "From SD 6.1", "NHS Talking Therapies manual", "from memory"):
        assert words in page


def test_a_measure_without_norms_says_that_nothing_can_be_computed(ada):
    page = ada.get(reverse("measures:measure", args=["shoshin-check"])).content.decode()
    assert "cannot be computed yet" in page
    assert "Nobody has tested yet how well this form measures" in page


def test_the_pages_speak_german(ada):
    ada.cookies["django_language"] = "de"
    page = ada.get(reverse("measures:measure", args=["phq-9"])).content.decode()
    assert "Depressionsfragebogen" in page
    assert "mittelschwer" in page


@pytest.mark.parametrize("name", ["measure", "export_measure", "confirm_licence"])
def test_an_unknown_measure_is_not_found(ada, name):
    assert ada.get(reverse(f"measures:{name}", args=["bdi"])).status_code == 404


def test_a_measure_of_another_clinic_is_not_found(as_member, cast, loaded):
    owner = as_member(cast.ada)
    response = upload(owner, tea_form(weighted("a"), weighted("b")))
    owner.post(
        reverse("measures:import_measure"),
        answers_to(response, direction="worse", risk="none", counted=["a", "b"], terms="on", store="1"),
    )
    assert owner.get(reverse("measures:measure", args=["tea"])).status_code == 200
    assert as_member(cast.eve).get(reverse("measures:measure", args=["tea"])).status_code == 404


@pytest.mark.parametrize("name", ["import_measure", "confirm_licence"])
def test_only_the_owner_brings_in_or_confirms(as_member, cast, loaded, name):
    args = [] if name == "import_measure" else ["core-10"]
    assert as_member(cast.mia).get(reverse(f"measures:{name}", args=args)).status_code == 404


def test_the_form_goes_out_as_fhir(ada):
    response = ada.get(reverse("measures:export_measure", args=["shoshin-wellbeing"]))
    resource = json.loads(response.content)
    assert "shoshin-wellbeing-1.fhir.json" in response.headers["Content-Disposition"]
    assert resource["item"][0]["text"].startswith("Some part of the day")
    bare = json.loads(ada.get(reverse("measures:export_measure", args=["who-5"])).content)
    assert bare["item"][0]["text"] == "cheer"


def test_a_preview_stores_nothing(ada):
    before = MeasureVersion.objects.count()
    page = upload(ada, tea_form(weighted("a"), weighted("b"))).content.decode()
    assert "How about a?" in page
    assert "Nothing is stored yet" in page
    assert MeasureVersion.objects.count() == before


def test_the_last_button_stores_it(ada, cast):
    response = upload(ada, tea_form(weighted("a"), weighted("b")))
    said = answers_to(response, direction="better", risk="none", counted=["a", "b"], terms="on", store="1")
    stored = ada.post(reverse("measures:import_measure"), said, follow=True)
    assert stored.redirect_chain[0][0] == reverse("measures:measure", args=["tea"])
    assert is_worded(measure_version("tea", clinic=cast.clinic), "en", cast.clinic)


def test_what_is_still_open_is_said_beside_the_question(ada):
    response = upload(ada, tea_form(weighted("a"), weighted("b")))
    again = ada.post(reverse("measures:import_measure"), answers_to(response, terms="on", store="1"))
    assert set(again.context["form"].errors) == {"direction", "risk"}
    again = ada.post(reverse("measures:import_measure"), answers_to(response, store="1"))
    assert set(again.context["form"].errors) == {"terms"}
    assert not LicenceConfirmation.objects.exists()


def test_weights_are_asked_for_and_taken(ada, cast):
    response = upload(ada, tea_form(unweighted("a"), unweighted("b")))
    page = response.content.decode()
    assert "the answers have no weights, so nothing can be scored" in page
    assert "What is each answer worth?" in page
    weights = {f"weight-scale-1-{n}": str(n) for n in range(3)}
    said = answers_to(response, direction="worse", risk="none", terms="on", store="1", **weights)
    assert ada.post(reverse("measures:import_measure"), said).status_code == 302
    assert MeasureVersion.objects.filter(clinic=cast.clinic, measure_id="tea").exists()


def test_a_weight_beyond_all_bounds_is_sent_back(ada):
    response = upload(ada, tea_form(unweighted("a"), unweighted("b")))
    heavy = {f"weight-scale-1-{n}": f"{n}e300" for n in range(3)}
    again = ada.post(reverse("measures:import_measure"), answers_to(response, look="1", **heavy))
    assert set(again.context["form"].errors) == {"weight-scale-1-1", "weight-scale-1-2"}


def test_half_a_list_of_weights_is_sent_back(ada):
    response = upload(ada, tea_form(unweighted("a"), unweighted("b")))
    again = ada.post(reverse("measures:import_measure"), answers_to(response, **{"weight-scale-1-0": "0", "look": "1"}))
    assert "weight-scale-1-1" in again.context["form"].errors


def test_a_file_that_cannot_be_read_lists_its_problems(ada):
    page = upload(ada, tea_form({"linkId": "a", "type": "attachment"}, {"type": "choice"})).content.decode()
    assert "item[0]" in page
    assert "item[1]" in page
    assert "Choose another file" in page


@pytest.mark.parametrize("sent", [{}, {"packed": "not base64!"}, {"packed": "AAAA"}])
def test_no_file_or_a_spoilt_one_is_asked_for_again(ada, sent):
    response = ada.post(reverse("measures:import_measure"), sent)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_confirming_a_licence_brings_in_the_installed_wording(ada, cast, settings, tmp_path):
    settings.HOME = tmp_path
    folder = tmp_path / "wording"
    folder.mkdir()
    folder_with(folder, "core-10")
    address = reverse("measures:confirm_licence", args=["core-10"])
    assert "as the CORE System Trust asks" in ada.get(address).content.decode()
    assert ada.post(address, {}).context["form"].errors
    assert ada.post(address, {"confirmed": "on"}).status_code == 302
    kept = LicenceConfirmation.objects.get()
    assert (kept.confirmed_by, kept.clinic) == (cast.ada, cast.clinic)
    assert is_worded(measure_version("core-10"), "en", cast.clinic)


def test_a_confirmed_or_free_measure_says_so(ada, cast):
    confirm_licence(version=measure_version("who-5"), statement="Yes.", clinic=cast.clinic, by=cast.ada, at=NOW)
    assert "confirmed already" in ada.get(reverse("measures:confirm_licence", args=["who-5"])).content.decode()
    assert "needs no confirmation" in ada.get(reverse("measures:confirm_licence", args=["gad-7"])).content.decode()
