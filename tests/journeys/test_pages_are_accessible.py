"""Every page a person can open, looked at by axe in light and dark, on a laptop and a phone: nothing serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from shoshin.care.actions import make_page_key, open_consultation, write_summary
from shoshin.feedback.models import Alert, Response, SignalRow
from shoshin.policy import POLICY
from tests.cast import PASSWORD
from tests.forms_of_ben import ben_answers
from tests.journeys.conftest import LAPTOP, PHONE, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]

FORM = {
    "feedback:form",
    "feedback:form_received",
    "feedback:start_form",
    "feedback:save_draft",
    "feedback:decline_form",
}
OWN_PAGE = {"feedback:client_page", "feedback:open_client_page", "feedback:leave_client_page"}
# No page of its own: a file, a redirect, a door that another journey goes through, or a page that needs a mail's key.
NO_PAGE = {
    "desk:export_client",
    "measures:export_measure",
    "people:enter_demo",
    "people:first_run",
    "people:no_clinic",
    "account_signup",
    "account_inactive",
    "account_set_password",
    "account_reauthenticate",
    "account_logout",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "set_language",
    "feedback:imported",
}


@pytest.fixture
def filled(now_cast, reachable):
    """Ben's record with something on every page: a line, a signal, an alert, a summary, a consultation."""
    cast, at = now_cast, now_cast.ben.added_at
    for weeks in (3, 2, 1):
        ben_answers(cast, 12, weeks=weeks, source="paper", at=at)
    ben_answers(cast, 22, risk=2, source="paper", at=at)
    kept = cast.course.appointments.filter(state="kept").order_by("-starts_at").first()
    write_summary(appointment=kept, talked_about="sleep", agreed="a walk", until_next_time="notice", by=cast.ada, at=at)
    return cast


def address(name: str, cast) -> str:
    waiting = cast.course.consultations.first() or open_consultation(
        course=cast.course, question="", opened_by_itself=False, by=cast.ada, at=cast.ben.added_at
    )
    pk = {
        "feedback:answer_signal": SignalRow.objects.first().pk,
        "feedback:acknowledge_alert": Alert.objects.first().pk,
        "care:close_consultation": waiting.pk,
    }.get(name, cast.ben_today.pk)
    given = {"ref": cast.ben.ref, "measure_id": "phq-9", "pk": pk, "reference": Response.objects.last().reference}
    for names in ((), ("ref",), ("pk",), ("reference",), ("measure_id",), ("ref", "measure_id")):
        try:
            return reverse(name, kwargs={each: given[each] for each in names})
        except Exception:
            continue
    raise AssertionError(f"no address for {name}")


def serious(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_serious_on_any_staff_page(people, filled, viewport, dark):
    names = sorted(
        name
        for name, row in POLICY.items()
        if "GET" in row.methods and name not in FORM | OWN_PAGE | NO_PAGE and not name.startswith("account_login")
    )
    assert len(names) > 30
    page = people(viewport, dark=dark)
    sign_in(page, "ada@example.org", PASSWORD)
    found = []
    for name in names:
        answer = page.goto(address(name, filled))
        assert answer is not None and answer.status == 200, f"{name} answered {answer and answer.status}"
        found += serious(page)
    assert found == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_on_the_clients_pages(people, filled, dark):
    ada = people()
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/clients/{filled.ben.ref}/send/")
    for box in ada.locator("input[name=measures]:checked").all():
        box.uncheck()
    ada.locator("input[name=measures][value=shoshin-check]").check()
    ada.get_by_role("button", name="Make a link").click()
    found = serious(ada)
    ben = people(PHONE, dark=dark)
    ben.goto(ada.locator("#link").input_value())
    found += serious(ben)
    ben.get_by_role("button", name="Begin").click()
    found += serious(ben)
    ben.get_by_role("button", name="Send", exact=True).click()
    found += serious(ben)
    ben.goto("/f/" + "x" * 43 + "/")
    found += serious(ben)
    key = make_page_key(client=filled.ben, pin="7294", by=filled.ada, at=filled.ben.added_at)
    ben.goto(f"/p/{key.token}/")
    found += serious(ben)
    ben.locator("input[name=pin]").fill("7294")
    ben.get_by_role("button", name="Open").click()
    found += serious(ben)
    ben.goto("/no/such/page/")
    found += serious(ben)
    assert found == []


def test_the_watch_on_the_content_policy_notices_an_inline_style(people, faults, live_server, db):
    """The check that every journey ends with can fail."""
    page = people()
    page.goto("/safety/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.locator("p[style]").wait_for()
    assert len(faults.found) == 1
    assert "Content Security Policy" in faults.found.pop()
