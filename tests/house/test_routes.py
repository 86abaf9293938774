"""Every route stands in the policy, and every page refuses a stranger."""

import pytest
from django.urls import URLPattern, get_resolver

from shoshin.kit.policy import DEMO, LINK, MEMBER, OWNER, PAGE, SIGNED_IN
from shoshin.policy import POLICY


def routes(patterns=None, namespace=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def test_every_route_has_its_row_and_every_row_its_route():
    names = {name for name, _ in routes()}
    assert names - set(POLICY) == set(), "routes without a policy row open for nobody"
    assert set(POLICY) - names == set(), "policy rows without a route protect nothing"


CLOSED = sorted(name for name, row in POLICY.items() if row.door in (MEMBER, OWNER, SIGNED_IN))


def address(name: str) -> str:
    """An address of this route that would work for the right person's ids, or for nobody's."""
    from django.urls import reverse

    pattern = dict(routes())[name]
    values = {"ref": "benbenbe", "pk": 1, "reference": "NONE2222", "measure_id": "shoshin-check", "token": "x" * 43}
    return reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters if key in values})


@pytest.mark.parametrize("name", CLOSED)
def test_a_page_for_members_sends_a_visitor_to_sign_in(name, client, cast):
    method = client.post if POLICY[name].methods == ("POST",) else client.get
    response = method(address(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


WITH_CLIENT = sorted(name for name in CLOSED if "ref" in dict(routes())[name].pattern.converters)


@pytest.mark.parametrize("who", ["eve", "mia"])
@pytest.mark.parametrize("name", WITH_CLIENT)
def test_a_clients_page_answers_404_to_a_stranger(name, who, as_member, cast):
    browser = as_member(getattr(cast, who))
    method = browser.post if "GET" not in POLICY[name].methods else browser.get
    assert method(address(name)).status_code == 404


def test_a_method_that_no_row_names_is_refused(client, db):
    assert client.put("/accounts/login/").status_code == 405


def test_demo_link_and_page_doors_are_used_by_the_routes_meant_for_them():
    doors = {row.door for row in POLICY.values()}
    assert {DEMO, LINK, PAGE} <= doors
