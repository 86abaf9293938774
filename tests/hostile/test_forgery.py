"""A post that another site sends changes nothing, and looking at a page changes nothing."""

import hashlib

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client as Browser

from shoshin.policy import POLICY

# Where looking is counted (who looked, sessions), and where allauth copies the address of an account when it meets it.
NOT_COUNTED = {"kit.AuditEvent", "kit.ChainHead", "people.PersonSession", "account.EmailAddress"}
POSTED = sorted(name for name, row in POLICY.items() if "POST" in row.methods)


def state() -> dict[str, str]:
    """For each table one hash over all its rows, but for the trail of who looked, and sessions."""
    hashes = {}
    for model in apps.get_models():
        if model._meta.label in NOT_COUNTED or not model._meta.managed or model._meta.proxy:
            continue
        rows = sorted(repr(row) for row in model._base_manager.values_list())
        hashes[model._meta.label] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    assert len(hashes) > 20
    return hashes


def test_looking_at_every_page_changes_nothing(full_house, browsers, capsys, bare_frame):
    before, pages = state(), 0
    for name, row in POLICY.items():
        if "GET" in row.methods and name != "account_logout":
            for method in ("get", "head"):
                getattr(browsers[name], method)(full_house.address(name))
                pages += 1
            assert state() == before, f"looking at {name} changed something"
    with capsys.disabled():
        print(f"\n{pages} looks, {len(before)} tables, {connection.vendor}: unchanged")


def test_a_single_changed_cell_would_be_seen(full_house):
    before = state()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE care_client SET code = 'B. M.' WHERE ref = 'benbenbe'")
    assert {table for table, held in state().items() if held != before[table]} == {"care.Client"}


def strict(browsers, name) -> Browser:
    """The same browser, at a server that asks for the mark against forgery, as the real one does."""
    browser = Browser(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies = browsers[name].cookies.copy()
    return browser


def unguarded(full_house, browsers) -> list[str]:
    return [
        name
        for name in POSTED
        if strict(browsers, name).post(full_house.address(name), {"what": "send"}).status_code != 403
    ]


def test_every_post_without_the_forms_own_mark_is_refused(full_house, browsers, capsys):
    before = state()
    assert unguarded(full_house, browsers) == []
    assert state() == before
    with capsys.disabled():
        print(f"\n{len(POSTED)} routes take a post; {len(POSTED)} refused it without the form's mark")


def test_a_view_without_the_guard_would_be_seen(full_house, browsers, monkeypatch):
    from django.middleware.csrf import CsrfViewMiddleware

    guard = CsrfViewMiddleware.process_view

    def asleep(self, request, view, args, kwargs):
        return None if view.__name__ == "add_client" else guard(self, request, view, args, kwargs)

    monkeypatch.setattr(CsrfViewMiddleware, "process_view", asleep)
    assert unguarded(full_house, browsers) == ["care:add_client"]


@pytest.mark.parametrize("name", ["feedback:form", "account_login"])
def test_with_the_mark_the_same_post_is_taken(full_house, browsers, name):
    browser = strict(browsers, name)
    page = browser.get(full_house.address(name)).content.decode()
    mark = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert browser.post(full_house.address(name), {"csrfmiddlewaretoken": mark}).status_code != 403
