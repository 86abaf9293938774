"""A colleague comes in: invitation, password, passkey or app, recovery codes; axe looks at every page on the way."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from shoshin.people.actions import invite_member
from shoshin.people.models import Person
from tests.cast import PASSWORD
from tests.doors import SECRET, code_of_app, give_app
from tests.journeys.conftest import LAPTOP, PHONE
from tests.journeys.test_pages_are_accessible import serious

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def wanted(settings, live_server):
    """A clinic that is no demo, reached under a name to which passkeys can belong."""
    settings.DEMO = False
    settings.PUBLIC_ADDRESS = ""


@pytest.fixture(autouse=True)
def fresh_limits(transactional_db):
    from django.core.cache import cache

    cache.clear()


def with_authenticator(page):
    """A device that keeps passkeys and knows its owner by finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return devtools, key


def at_localhost(page, live_server):
    """Passkeys belong to a name; browsers refuse them at a number."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_colleague_joins_with_a_passkey_and_comes_back_with_it_alone(people, now_cast, wanted, live_server, viewport):
    cast, found = now_cast, []
    invited = invite_member(name="Uma", email="uma@example.org", role="therapist", by=cast.ada, at=cast.ben.added_at)
    uma = people(viewport)
    devtools, key = with_authenticator(uma)
    base = at_localhost(uma, live_server)
    uma.goto(f"{base}/join/{invited.token}/")
    found += serious(uma)
    uma.locator("input[name=password]").fill(PASSWORD)
    uma.get_by_role("button", name="Join").click()
    found += serious(uma, "One more lock before you begin")
    uma.goto(f"{base}/clients/")
    expect(uma).to_have_url(f"{base}/me/factor/")
    uma.get_by_role("link", name="Set up a passkey").click()
    found += serious(uma, "Set up a passkey")
    uma.get_by_role("button", name="Go on").click()
    expect(uma.locator(".codes li")).to_have_count(10)
    found += serious(uma)
    uma.get_by_role("link", name="I have kept them").click()
    expect(uma.locator("main h1")).to_be_visible()
    for path in ("", "passkeys/", "codes/new/", "app/"):
        uma.goto(f"{base}/accounts/factors/{path}")
        found += serious(uma)
    give_app(Person.objects.get(email="uma@example.org"))  # the page that removes a passkey is not for the last factor
    uma.goto(f"{base}/accounts/factors/passkeys/")
    for name in ("Rename", "Remove"):
        uma.get_by_role("link", name=name).click()
        found += serious(uma, name)
        uma.go_back()
    Authenticator.objects.filter(type="totp").delete()
    uma.context.clear_cookies()
    uma.goto(f"{base}/accounts/login/")
    found += serious(uma)
    uma.get_by_role("button", name="Sign in with a passkey").click()
    expect(uma.locator(".account summary")).to_contain_text("Uma")
    uma.goto(f"{base}/clients/")
    expect(uma).to_have_url(f"{base}/clients/")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    uma.context.clear_cookies()
    uma.goto(f"{base}/accounts/login/")
    uma.locator("input[type=email]").fill("uma@example.org")
    uma.locator("input[type=password]").fill(PASSWORD)
    uma.get_by_role("button", name="Sign in", exact=True).click()
    found += serious(uma, "And your second factor")
    uma.get_by_role("button", name="Use a passkey").click()
    expect(uma.locator(".account summary")).to_contain_text("Uma")
    assert found == []


def test_an_app_works_without_javascript_and_a_device_that_knows_nobody_opens_nothing(
    people, now_cast, wanted, live_server
):
    ada, base = people(scripts=False), at_localhost(None, live_server)
    ada.goto(f"{base}/accounts/login/")
    ada.locator("input[type=email]").fill("ada@example.org")
    ada.locator("input[type=password]").fill(PASSWORD)
    ada.get_by_role("button", name="Sign in", exact=True).click()
    ada.get_by_role("link", name="Set up an app").click()
    ada.locator("input[type=password]").fill(PASSWORD)
    ada.get_by_role("button", name="Go on").click()
    secret = ada.locator("#secret").input_value()
    assert secret != SECRET
    ada.locator("input[name=code]").fill(code_of_app(secret=secret, to_type=15))
    ada.get_by_role("button", name="Set it up").click()
    expect(ada.locator(".codes li")).to_have_count(10)
    code = ada.locator(".codes code").first.inner_text()
    ada.get_by_role("link", name="I have kept them").click()
    expect(ada).to_have_url(f"{base}/")

    again = people()
    with_authenticator(again)
    again.goto(f"{base}/accounts/login/")
    again.get_by_role("button", name="Sign in with a passkey").click()
    expect(again.locator("[data-failed]")).to_be_visible(timeout=60_000)
    again.locator("input[type=email]").fill("ada@example.org")
    again.locator("input[type=password]").fill(PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.locator("input[name=code]").fill(code)
    again.get_by_role("button", name="Go on").click()
    expect(again).to_have_url(f"{base}/")
