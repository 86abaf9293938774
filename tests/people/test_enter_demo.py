"""The demo door opens in demo mode, on this machine, and nowhere else."""

import pytest


@pytest.fixture
def demo(settings, cast):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]
    return cast


def test_it_lists_everybody_by_name(near, demo):
    page = near.get("/demo/").content.decode()
    assert all(f"Enter as {name}" in page for name in ("Ada", "Mia", "Eve"))


def test_one_button_signs_in(near, demo):
    response = near.post("/demo/", {"member": demo.mia.pk})
    assert response["Location"] == "/"
    assert near.session["_auth_user_id"] == str(demo.mia.person.pk)


@pytest.mark.parametrize(
    "far",
    [
        {"REMOTE_ADDR": "192.168.1.20"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "demo.example.org"},
        {"HTTP_HOST": "127.0.0.1.evil.example"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
    ],
    ids=lambda far: "-".join(f"{name}={value}" for name, value in far.items()),
)
def test_it_refuses_anything_that_is_not_this_machine(near, demo, far):
    assert near.get("/demo/", **far).status_code == 404
    assert near.post("/demo/", {"member": demo.ada.pk}, **far).status_code == 404
    assert "_auth_user_id" not in near.session


def test_it_refuses_outside_demo_mode(near, cast):
    assert near.get("/demo/").status_code == 404
    assert near.post("/demo/", {"member": cast.ada.pk}).status_code == 404
    assert "_auth_user_id" not in near.session


@pytest.mark.parametrize("nobody", ["", "0", "999999", "ada", "1 or 1=1"])
def test_it_knows_only_the_people_it_lists(near, demo, nobody):
    assert near.post("/demo/", {"member": nobody}).status_code == 404


def test_an_empty_demo_teaches_how_to_fill_it(near, db, settings):
    settings.DEMO = True
    assert "shoshin demo" in near.get("/demo/").content.decode()


def test_a_far_site_cannot_press_the_button_for_somebody(demo):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/", {"member": demo.ada.pk}).status_code == 403


def test_the_sign_in_page_of_a_demo_leads_to_its_door(near, demo):
    assert 'href="/demo/"' in near.get("/accounts/login/").content.decode()


def test_the_sign_in_page_of_a_real_clinic_knows_no_demo(near, cast):
    assert "/demo/" not in near.get("/accounts/login/").content.decode()
