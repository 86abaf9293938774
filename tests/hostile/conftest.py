"""Willow House with something behind every address, and the browsers that may open them."""

from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as Browser
from django.urls import resolve, reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from shoshin.care.actions import (
    ask_cover,
    enter_absence,
    make_page_key,
    name_duty,
    note_strength,
    open_break_glass,
    open_consultation,
    write_summary,
)
from shoshin.feedback.actions.assignments import send_measure
from shoshin.feedback.models import Alert, SignalRow
from shoshin.growth.actions import meet_differently, open_episode
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.policy import DEMO, LEAD, LINK, MEMBER, OWNER, PAGE, SIGNED_IN
from shoshin.measures import queries as measures
from shoshin.measures.actions import add_wording, confirm_licence
from shoshin.people.actions import add_member, ask_factor_reset, invite_member
from shoshin.people.models import Role
from shoshin.policy import POLICY
from shoshin.practice.actions import flag_statement, install_pack
from shoshin.practice.models import Attempt
from shoshin.research.actions import show_results
from shoshin.welfare.actions import check_capacity, share_check, write_note
from tests.addresses import parts
from tests.cast import NOW, promise_hours
from tests.community.walls import kept_by
from tests.doors import come_in, give_app
from tests.feedback.conftest import made_up_wording
from tests.feedback.test_import_outcomes import bring
from tests.forms_of_ben import ben_answers
from tests.growth.reels import client_recorded
from tests.house.matrix import lines
from tests.practice.packs import small_pack
from tests.practice.reels import recorded
from tests.practice.tries import begin, met
from tests.research.walls import own_figure, past_the_rule

PIN = "8305"
HISTORY = b"client,date,phq-9\nC. D.,2025-01-01,12\nC. D.,2025-02-01,9\n"


@dataclass
class House:
    """The people, the secrets of two links, and for each route the arguments that open it."""

    cast: object
    link: str
    page: str
    arguments: dict[str, dict[str, object]]

    def address(self, name: str, **changed) -> str:
        return reverse(name, kwargs=self.arguments[name] | changed)


@dataclass(frozen=True)
class Form:
    """A form as some page shows it: its route, where it goes, and its fields with what they hold."""

    route: str
    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


@pytest.fixture
def full_house(cast, measures_loaded, monkeypatch, settings):
    """Every page of ben's record holds something; a form waits behind a link, and his own page behind another."""
    settings.PUBLIC_ADDRESS, settings.DEMO = "https://forms.example.org", True
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    for measure_id in ("phq-9", "shoshin-check"):
        version = measures.measure_version(measure_id)
        add_wording(
            version=version, wording=made_up_wording(version), source_sha256="0" * 64, clinic=None, by=OPERATOR, at=NOW
        )
    promise_hours(cast.ada)
    for weeks in (3, 2, 1):
        ben_answers(cast, 12, weeks=weeks, source="paper")
    last = ben_answers(cast, 22, risk=2, source="paper")
    kept = cast.course.appointments.filter(state="kept").order_by("-starts_at").first()
    write_summary(
        appointment=kept, talked_about="sleep", agreed="a walk", until_next_time="notice", by=cast.ada, at=NOW
    )
    strength = note_strength(client=cast.ben, text="keeps a garden", by=cast.ada, at=NOW)
    consultation = cast.course.consultations.first() or open_consultation(
        course=cast.course, question="", opened_by_itself=False, by=cast.ada, at=NOW
    )
    link = send_measure(
        course=cast.course,
        versions=[measures.measure_version("shoshin-check")],
        language="en",
        way="link",
        appointment=None,
        by=cast.ada,
        at=NOW,
    ).token
    page = make_page_key(client=cast.ben, pin=PIN, by=cast.ada, at=NOW).token
    pks = {
        "appointment": cast.ben_today.pk,
        "signal": SignalRow.objects.first().pk,
        "alert": Alert.objects.first().pk,
        "consultation": consultation.pk,
        "strength": strength.pk,
        "batch": bring(cast, HISTORY, ending="planned").batch.pk,
        "line": cast.course.pk,
    }
    people, invitation = people_and_hours(cast)
    own, note = well_being(cast)
    pks |= people | own | practised(cast) | results(cast=cast, by=OPERATOR, at=NOW)
    given = {"ref": cast.ben.ref, "measure_id": "phq-9", "measure": "phq-9", "fit": "for-wide"}
    given |= {"reference": last.reference, "uidb36": "1", "key": "abc-def", "token": link, "slug": "hearing"}
    given |= {"reel": recorded(Attempt.objects.get(pk=pks["attempt"])).key, "number": 1}
    special = {
        "feedback:open_client_page": {"token": page},
        "people:join_clinic": {"token": invitation},
        "desk:look_in_emergency": {"ref": cast.noa.ref},
        "welfare:fill_own_measure": {"measure_id": "scs-sf"},
        "growth:link_note": {"key": note},
    } | {f"welfare:{name}": {"key": note} for name in ("note", "keep_note", "forget_note", "share_note")}
    special |= of_a_recording(cast)
    arguments = {}
    for row in lines():
        own = given | {"pk": pks.get(row.kind)} | special.get(row.route, {})
        arguments[row.route] = {each: own[each] for each in parts(row.route)}
        assert None not in arguments[row.route].values(), f"{row.route}: give full_house one {row.kind}"
    return House(cast, link, page, arguments)


def of_a_recording(cast) -> dict[str, dict]:
    """A recording of ben's, by the routes that lead to it."""
    reel = {"reel": client_recorded(cast.ben).key}
    kinds = ("client_recording", "client_part", "asked_to_record")
    return {row.route: reel for row in lines() if row.kind in kinds}


def practised(cast) -> dict[str, int]:
    """A pack, a round of ada's with an attempt, and an episode of hers about ben, by their ids."""
    pack = install_pack(pack=small_pack(), clinic=cast.clinic, by=cast.ada, at=NOW)
    exercise = pack.exercises.get(slug="aloud")
    attempt = met(begin(exercise, cast.ada))
    episode = open_episode(client=cast.ben, course=cast.course, signal=None, what="mine", by=cast.ada, at=NOW)
    meet_differently(episode=episode, sentence="a moment", skill=None, by=cast.ada, at=NOW)
    flag_statement(statement=attempt.statement, reason="unreal", by=cast.ada, at=NOW)
    rows = {"pack": pack, "exercise": exercise, "round": attempt.round, "attempt": attempt, "episode": episode}
    rows["statement"] = attempt.statement
    return {name: row.pk for name, row in rows.items()} | kept_by(member=cast.ada, by=OPERATOR, at=NOW)


@action("tests.results")
def results(*, cast, by, at) -> dict[str, int]:
    """Ada's figures, shown to mia; and mia's, by a row that opens nothing, since ada owns the clinic."""
    for member in (cast.ada, cast.mia):
        own_figure(member, "change", at)
    given = show_results(to=cast.mia, by=cast.ada, at=at)
    return {"results_view": given.pk, "results_shown": past_the_rule(cast.mia, cast.ada, at).pk}


def people_and_hours(cast) -> tuple[dict[str, int], str]:
    """Somebody away, somebody asked, on duty, invited, a key, two emergencies: their ids; the invitation's secret."""
    by_mia, by_ada = {"by": cast.mia, "at": NOW}, {"by": cast.ada, "at": NOW}
    lea = add_member(clinic=cast.clinic, name="Lea", email="lea@example.org", role=Role.LEAD, **by_ada)
    days = {"from_day": NOW.date() + timedelta(days=9), "until_day": NOW.date() + timedelta(days=12)}
    own, other = (enter_absence(member=each, by=each, at=NOW, **days) for each in (cast.ada, cast.mia))
    why = "somebody must act before the evening"
    open_break_glass(code=cast.noa.code, reason="safety", why=why, **by_ada)
    opened = open_break_glass(code=cast.ben.code, reason="safety", why=why, by=lea, at=NOW)
    by_lea = {"by": lea, "at": NOW}
    invited = invite_member(name="Kim", email="kim@example.org", role=Role.THERAPIST, **by_ada)
    give_app(cast.ada.person)
    data = {"name": "A key", "credential": credential()}
    key = Authenticator.objects.create(user=cast.ada.person, type="webauthn", data=data)
    made = {
        "absence": own,
        "request": ask_cover(absence=other, colleague=cast.ada, **by_mia),
        "duty": name_duty(member=cast.mia, **by_ada),
        "colleague": cast.mia,
        "opening": opened,
        "guest": invited.invitation,
        "key": key,
        "reset": lost_by(mia=cast.mia, **by_lea),
    }
    return {kind: each.pk for kind, each in made.items()}, invited.token


def lost_by(*, mia, by, at):
    """Mia, who has an app, is said to have lost it; ada may confirm."""
    give_app(mia.person)
    return ask_factor_reset(member=mia, why="I met her at the front door", by=by, at=at)


def well_being(cast) -> tuple[dict[str, int], str]:
    """A check of ada's that she shows mia, one of mia's that she is shown, by their ids; and the key of ada's note."""
    checks = [check_capacity(member=each, capacity=5, by=each, at=NOW) for each in (cast.ada, cast.mia)]
    until, (ada, mia) = NOW + timedelta(days=7), (cast.ada, cast.mia)
    own_share = share_check(check=checks[0], to=mia, until=until, by=ada, at=NOW)
    shown = share_check(check=checks[1], to=ada, until=until, by=mia, at=NOW)
    version = measures.measure_version("scs-sf")
    confirm_licence(version=version, statement="ok", clinic=cast.clinic, by=ada, at=NOW)
    add_wording(
        version=version,
        wording=made_up_wording(version),
        source_sha256="0" * 64,
        clinic=cast.clinic,
        by=OPERATOR,
        at=NOW,
    )
    note = write_note(member=ada, words="I was bored", by=ada, at=NOW)
    return {"own_check": checks[0].pk, "own_share": own_share.pk, "shown": shown.pk}, note.key


def credential() -> dict:
    """What a passkey says of itself when it is set up."""
    public = ES256.from_cryptography_key(ec.derive_private_key(7, ec.SECP256R1()).public_key())
    told = AuthenticatorData.create(
        bytes(32),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(bytes(16), b"a key", public),
    )
    answer = {
        "clientDataJSON": websafe_encode(CollectedClientData.create("webauthn.create", b"x", "https://example.org")),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    name = websafe_encode(b"a key")
    return {"id": name, "rawId": name, "type": "public-key", "response": answer}


@pytest.fixture
def browsers(full_house):
    """By door: the owner signed in; a phone with a form begun; a phone with the own page open; a visitor."""
    owner, phone, page, visitor = (Browser(raise_request_exception=False) for _ in range(4))
    come_in(owner, full_house.cast.ada.person)
    assert phone.post(f"/f/{full_house.link}/").status_code == 303
    assert page.post(f"/p/{full_house.page}/", {"pin": PIN}).status_code == 303
    known = {MEMBER: owner, LEAD: owner, OWNER: owner, SIGNED_IN: owner, LINK: phone, PAGE: page}
    return {name: known.get(row.door, visitor) for name, row in POLICY.items() if row.door != DEMO} | {
        name: visitor for name, row in POLICY.items() if row.door == DEMO
    }


class _Reader(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.page, self.forms, self.open, self.select = page, [], None, None

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.open = {
                "action": said.get("action") or self.page,
                "method": (said.get("method") or "get"),
                "fields": {},
            }
            self.open["files"] = []
            self.forms.append(self.open)
        elif self.open is not None and tag in ("input", "textarea", "button", "select") and said.get("name"):
            self._field(tag, said)
        elif self.open is not None and tag == "option" and self.select:
            first = not self.open["fields"].get(self.select)
            if first or "selected" in said:
                self.open["fields"][self.select] = said.get("value", "")

    def _field(self, tag, said):
        name, kind = said["name"], said.get("type", "text")
        if tag == "select":
            self.select = name
            self.open["fields"].setdefault(name, "")
        elif kind == "file":
            self.open["files"].append(name)
        elif kind in ("radio", "checkbox"):
            held = self.open["fields"].get(name)
            if held is None or "checked" in said:
                self.open["fields"][name] = said.get("value", "on")
        else:
            self.open["fields"].setdefault(name, said.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        if tag == "select":
            self.select = None


def forms_on(content: str, page: str) -> list[Form]:
    """Every form on a page, as a browser would send it untouched."""
    reader = _Reader(page)
    reader.feed(content)
    found = []
    for form in reader.forms:
        action = form["action"].split("?")[0] or page
        if form["method"].lower() == "post" and action.startswith("/"):
            fields = tuple((name, value) for name, value in form["fields"].items() if name != "csrfmiddlewaretoken")
            found.append(Form(resolve(action).view_name, action, fields, tuple(form["files"])))
    return found
