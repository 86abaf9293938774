"""Every page a person can open, looked at by axe, dark on a laptop and light on a phone: nothing serious."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from shoshin.care.actions import enter_absence, make_page_key, open_break_glass, open_consultation, write_summary
from shoshin.care.models import BreakGlass
from shoshin.community.queries import coachings_of, places_of, shown_by, shown_to
from shoshin.feedback.models import Alert, Response, SignalRow
from shoshin.growth.actions import meet_differently, open_episode
from shoshin.growth.models import ClientRecording, Episode
from shoshin.kit.action import OPERATOR, action
from shoshin.people.actions import ask_factor_reset
from shoshin.people.models import FactorReset, Membership, Person, Role
from shoshin.policy import POLICY
from shoshin.practice.actions import flag_statement, install_pack
from shoshin.practice.models import Exercise
from shoshin.research.actions import show_results
from shoshin.research.models import Counted, EffectView
from shoshin.welfare.actions import check_capacity, mark_lines, note_load, share_check, write_note
from shoshin.welfare.models import FeelingNote, SharedItem
from shoshin.welfare.queries.capacity import checks_of
from tests.cast import PASSWORD
from tests.community.walls import kept_by
from tests.doors import give_app
from tests.forms_of_ben import ben_answers
from tests.growth.reels import client_recorded
from tests.journeys.conftest import LAPTOP, PHONE, sign_in
from tests.practice.packs import small_pack
from tests.practice.reels import recorded
from tests.practice.tries import begin, met
from tests.research.walls import own_figure

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(1200)]

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
    "desk:export_own",
    "desk:line_picture",
    "practice:recording",
    "growth:client_recording",
    "welfare:export_welfare",
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
    "community:shown_recording",
    "research:shown_results",  # who owns the clinic is shown nobody's: looked at below, by a colleague
    # Met in test_the_door.py, which looks at each with axe as well.
    "people:join_clinic",
    "people:kept_words",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
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
    until = at.date() + timedelta(days=9)
    for member, colleague in ((cast.ada, cast.mia), (cast.mia, cast.ada)):
        enter_absence(member=member, from_day=until, until_day=until, colleague=colleague, by=member, at=at)
    lea = a_lead(cast=cast, by=cast.ada, at=at)
    why = "somebody must act before the evening"
    for opener, client in ((cast.ada, cast.noa), (lea, cast.ben)):
        open_break_glass(code=client.code, reason="safety", why=why, by=opener, at=at)
    pack = install_pack(pack=small_pack(), clinic=cast.clinic, by=cast.ada, at=at)
    attempt = met(begin(pack.exercises.get(slug="aloud"), cast.ada, at=at), at=at)
    recorded(attempt, at=at)
    flag_statement(statement=attempt.statement, reason="distressing", by=cast.ada, at=at)
    episode = open_episode(client=cast.ben, course=cast.course, signal=None, what="mine", by=cast.ada, at=at)
    meet_differently(episode=episode, sentence="I fill the silence", skill=None, by=cast.ada, at=at)
    give_app(cast.mia.person)
    ask_factor_reset(member=cast.mia, why="I met her at the front door", by=lea, at=at)
    client_recorded(cast.ben, at)
    well_being(cast, at)
    results_shown_to_kim(cast=cast, by=OPERATOR, at=at)
    kept_by(member=cast.ada, by=OPERATOR, at=at)
    return cast


def well_being(cast, at) -> None:
    """Weeks of ada's own, one note, and one check that mia shows her."""
    for days in range(12):
        noted = {"member": cast.ada, "by": cast.ada, "at": at - timedelta(days=days)}
        check_capacity(capacity=4 if days < 3 else 6 + days % 2, causes=["sleep"], words="words", **noted)
        mark_lines(steadiness=8 if days < 4 else 5, closeness=3 if days < 4 else 7, **noted)
    note_load(member=cast.ada, minutes=50, strain=4, by=cast.ada, at=at)
    write_note(member=cast.ada, words="I was bored", by=cast.ada, at=at)
    check = check_capacity(member=cast.mia, capacity=5, by=cast.mia, at=at)
    share_check(check=check, to=cast.ada, until=at + timedelta(days=7), by=cast.mia, at=at)


@action("tests.add_a_lead")
def a_lead(*, cast, by, at) -> Membership:
    """Lea, who leads the team: what she opens, ada reviews."""
    return _joined(cast, "Lea", Role.LEAD, at)


@action("tests.show_results_to_kim")
def results_shown_to_kim(*, cast, by, at) -> EffectView:
    """Ada's figures, and Kim, a colleague to whom she shows them."""
    for outcome in Counted.values:
        own_figure(cast.ada, outcome, at)
    return show_results(to=_joined(cast, "Kim", Role.THERAPIST, at), by=cast.ada, at=at)


def _joined(cast, name: str, role: Role, at) -> Membership:
    person = Person.objects.create_user(f"{name.lower()}@example.org", PASSWORD, name)
    return Membership.objects.create(person=person, clinic=cast.clinic, role=role, began_at=at)


def address(name: str, cast) -> str:
    waiting = cast.course.consultations.first() or open_consultation(
        course=cast.course, question="", opened_by_itself=False, by=cast.ada, at=cast.ben.added_at
    )
    pk = {
        "feedback:answer_signal": SignalRow.objects.first().pk,
        "feedback:acknowledge_alert": Alert.objects.first().pk,
        "care:close_consultation": waiting.pk,
        "care:ask_cover": cast.ada.absences.get().pk,
        "care:write_handover": cast.ada.absences.get().pk,
        "care:answer_cover": cast.ada.covers.get().pk,
        "practice:show_exercise": Exercise.objects.get(slug="aloud").pk,
        "practice:flag_statement": Exercise.objects.get(slug="aloud").pk,
        "practice:sort_statement": Exercise.objects.get(slug="aloud").pack_id,
        "practice:round": cast.ada.rounds.get().pk,
        "growth:show_episode": Episode.objects.get().pk,
        "growth:meet_differently": Episode.objects.get().pk,
        "feedback:end_membership": cast.mia.pk,
        "feedback:hand_over_clients": cast.mia.pk,
        "people:confirm_factor_reset": FactorReset.objects.get().pk,
        "care:review_break_glass": BreakGlass.objects.get(client=cast.ben).pk,
    }.get(name, cast.ben_today.pk)
    if name.startswith("welfare:"):
        pk = (
            SharedItem.objects.get().pk
            if name == "welfare:shown_item"
            else checks_of(cast.ada, cast.ben.added_at)[0].pk
        )
    if name.startswith("community:"):
        pk = of_community(name, cast)
    whose = cast.noa if name == "desk:look_in_emergency" else cast.ben
    measure_id = "cbi" if name.startswith("welfare:") else "phq-9"
    given = {"ref": whose.ref, "measure_id": measure_id, "pk": pk, "reference": Response.objects.last().reference}
    given |= {"slug": "hearing", "reel": ClientRecording.objects.get().key}
    given["key"] = FeelingNote.objects.get().key
    for names in (
        (),
        ("ref",),
        ("pk",),
        ("reference",),
        ("measure_id",),
        ("key",),
        ("reel",),
        ("ref", "measure_id"),
        ("slug",),
    ):
        try:
            return reverse(name, kwargs={each: given[each] for each in names})
        except Exception:
            continue
    raise AssertionError(f"no address for {name}")


def of_community(name: str, cast) -> int:
    """The circle, the showing, the thing shown and the coaching of ada's."""
    rows = {
        "community:circle": places_of(cast.ada).order_by("pk").values("circle__pk"),
        "community:show_attempt": cast.ada.attempts.order_by("pk").values("pk"),
        "community:spread": shown_by(cast.ada).values("pk"),
        "community:review_attempt": shown_to(cast.ada, cast.ben.added_at).values("pk"),
        "community:coaching": coachings_of(cast.ada).exclude(accepted_at=None).values("pk"),
    }
    return next(iter(rows[name][0].values())) if name in rows else 0


def serious(page, heading: str = "") -> list[str]:
    """What axe objects to on the page that is open, once it has come whole.

    After a click name the heading it leads to: until that stands there, axe would look at the page that leaves.
    """
    named = page.get_by_role("heading", level=1, name=heading) if heading else page.locator("h1")
    expect(named.first).to_be_attached()
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url} {each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("viewport", "dark", "every"),
    [
        pytest.param(LAPTOP, True, slice(0, None, 2), id="laptop-dark"),
        pytest.param(PHONE, False, slice(1, None, 2), id="phone-light"),
        pytest.param(LAPTOP, True, slice(1, None, 2), id="laptop-dark, the others", marks=pytest.mark.chaos),
        pytest.param(PHONE, False, slice(0, None, 2), id="phone-light, the others", marks=pytest.mark.chaos),
    ],
)
def test_axe_finds_nothing_serious_on_any_staff_page(people, filled, viewport, dark, every):
    """With every commit each page is looked at in one of two ways, by `make chaos` in the other, too."""
    names = sorted(
        name
        for name, row in POLICY.items()
        if "GET" in row.methods and name not in FORM | OWN_PAGE | NO_PAGE and not name.startswith("account_login")
    )
    assert len(names) > 60
    page = people(viewport, dark=dark)
    sign_in(page, "ada@example.org", PASSWORD)
    found = []
    for name in names[every]:
        asked = address(name, filled)
        answer = page.goto(asked)
        if answer is None or answer.status != 200:
            found.append(f"{name} answered {answer and answer.status}")
        if urlsplit(page.url).path != asked:  # another page was looked at instead
            found.append(f"{name} led to {page.url}")
        found += serious(page)
    assert found == []


def test_axe_finds_nothing_serious_on_results_that_a_colleague_shows(people, filled):
    kim = people(PHONE, dark=True)
    sign_in(kim, "kim@example.org", PASSWORD)
    assert kim.goto(reverse("research:shown_results", args=[EffectView.objects.get().pk])).status == 200
    assert serious(kim) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_on_the_clients_pages(people, filled, dark):
    ada = people()
    sign_in(ada, "ada@example.org", PASSWORD)
    ada.goto(f"/clients/{filled.ben.ref}/send/")
    for box in ada.locator("input[name=measures]:checked").all():
        box.uncheck()
    ada.locator("input[name=measures][value=shoshin-check]").check()
    ada.get_by_role("button", name="Make a link").click()
    found = serious(ada, "Here is the link")
    ben = people(PHONE, dark=dark)
    ben.goto(ada.locator("#link").input_value())
    found += serious(ben)
    ben.get_by_role("button", name="Begin").click()
    expect(ben.locator("#as-you-go")).to_be_visible()
    found += serious(ben)
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(ben.locator("#gaps")).to_be_visible()
    found += serious(ben)
    ben.get_by_role("button", name="Send", exact=True).click()
    found += serious(ben, "Received, reference")
    ben.goto("/f/" + "x" * 43 + "/")
    found += serious(ben)
    key = make_page_key(client=filled.ben, pin="7294", by=filled.ada, at=filled.ben.added_at)
    ben.goto(f"/p/{key.token}/")
    found += serious(ben)
    ben.locator("input[name=pin]").fill("7294")
    ben.get_by_role("button", name="Open").click()
    expect(ben.locator("input[name=pin]")).to_have_count(0)
    found += serious(ben, "Your page")
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
