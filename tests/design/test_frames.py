"""The frame of every page: where one can go, which language, and errors a person can read."""

from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

import shoshin.design
from shoshin.design.templatetags import design

pytestmark = pytest.mark.urls("tests.design.urls")
HERE = Path(shoshin.design.__file__).parent


@pytest.fixture(autouse=True)
def _design_alone(settings):
    """The frame without what other apps put above every page."""
    (engine,) = settings.TEMPLATES
    alone = [name for name in engine["OPTIONS"]["context_processors"] if not name.startswith("shoshin.")]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"context_processors": alone}}]


class Nobody:
    is_authenticated = False


class Somebody:
    is_authenticated = True

    def __str__(self):
        return "Ada"


@pytest.fixture
def request_of(rf: RequestFactory):
    def make(path="/clients/", *, signed_in=True):
        request = rf.get(path)
        request.user = Somebody() if signed_in else Nobody()
        request.member = object() if signed_in else None
        return request

    return make


@pytest.fixture
def two_places(monkeypatch):
    """A site on which only Today and Clients exist yet."""
    known = {"desk:today": "/", "care:list_clients": "/clients/"}
    monkeypatch.setattr(design, "address", lambda name: known.get(name, ""))


def test_the_navigation_shows_only_places_that_exist(request_of, two_places):
    items = design.navigation(Context({"request": request_of()}))["items"]
    assert [item["href"] for item in items] == ["/", "/clients/"]


@pytest.mark.parametrize(
    ("path", "here"), [("/clients/", ["", "page"]), ("/clients/am/", ["", "true"]), ("/", ["page", ""])]
)
def test_the_navigation_says_where_one_is(request_of, two_places, path, here):
    items = design.navigation(Context({"request": request_of(path)}))["items"]
    assert [item["here"] for item in items] == here


def test_a_visitor_sees_no_navigation_and_no_account(request_of):
    page = render_to_string("design/base.html", request=request_of("/", signed_in=False))
    assert 'class="tabs"' not in page
    assert "Sign out" not in page


def test_every_page_names_its_language(request_of):
    for name in ("design/base.html", "design/client_base.html"):
        for language in ("en", "de"):
            with translation.override(language):
                assert f'<html lang="{language}"' in render_to_string(name, request=request_of())


def test_the_language_switch_offers_the_other_language_in_its_own_name(request_of):
    with translation.override("en"):
        switch = Template("{% load design %}{% language_switch %}").render(Context({"request": request_of()}))
    assert "Deutsch" in switch
    assert 'lang="de"' in switch
    assert "English" not in switch


def test_demo_mode_is_said_on_staff_and_client_pages(request_of, settings):
    for name in ("design/base.html", "design/client_base.html"):
        settings.DEMO = True
        assert 'class="ribbon"' in render_to_string(name, request=request_of())
        settings.DEMO = False
        assert 'class="ribbon"' not in render_to_string(name, request=request_of())


def test_a_client_page_names_nobody_and_can_be_left_at_once(request_of):
    page = render_to_string("design/client_base.html", request=request_of())
    assert "<title>A short form for you</title>" in page
    assert "Shoshin" not in page and "Ada" not in page
    assert 'rel="noreferrer" data-quick-exit' in page


def test_a_client_page_loads_one_sheet_and_no_font(request_of):
    page = render_to_string("design/client_base.html", request=request_of())
    assert page.count('rel="stylesheet"') == 1
    assert "fonts" not in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_an_error_says_what_happened_what_is_safe_and_what_next(request_of, name):
    for signed_in in (True, False):
        page = render_to_string(name, request=request_of(signed_in=signed_in))
        assert page.count("<h1>") == 1
        assert "Nothing was changed" in page
        assert ("Shoshin" in page) is signed_in, "a stranger may be a client: the page stays neutral"


def test_an_error_page_can_be_drawn_without_a_request():
    assert "Nothing was changed" in render_to_string("404.html")


def test_the_page_for_a_broken_server_asks_nothing_of_the_server():
    page = (HERE / "templates/500.html").read_text(encoding="utf-8")
    assert "{%" not in page and "{{" not in page
    assert render_to_string("500.html") == page


def test_no_template_carries_inline_style_or_script():
    templates = list((HERE / "templates").rglob("*.html"))
    assert len(templates) > 20
    for template in templates:
        text = template.read_text(encoding="utf-8")
        assert " style=" not in text and "<style" not in text, template
        assert "<script" not in text.replace('<script type="module" src=', ""), template
        assert " onclick=" not in text, template


def test_a_field_in_error_is_tied_to_its_help_and_its_error():
    from django import forms

    class Form(forms.Form):
        code = forms.CharField(label="Code", help_text="Two letters.")

    page = render_to_string("design/_fields.html", {"form": Form({"code": ""})})
    assert 'aria-describedby="id_code_helptext id_code_error"' in page
    assert 'id="id_code_helptext"' in page and 'id="id_code_error"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(("kind", "shape"), [("ask", "◆"), ("risk", "■"), ("done", "●"), ("", "○")])
def test_a_tag_has_a_shape_and_a_word_beside_its_colour(kind, shape):
    page = render_to_string("design/_tag.html", {"kind": kind, "word": "no change"})
    assert shape in page and "no change" in page
