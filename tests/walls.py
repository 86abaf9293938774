"""Two whole clinics, so that every route has something to open: one's own, a colleague's, another clinic's, nothing.

Beside the cast there are lea, who leads Willow House, opal, who operates it, and zoe, a client of eve's Elsewhere.
Every client has one of everything. Two browsers belong to ben: one in which a form was begun, one with his own page.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.test import Client as Browser

from shoshin.care.actions import make_page_key, note_strength, open_consultation, record_choices, write_summary
from shoshin.care.models import Absence, Appointment, BreakGlass, Client, Course, Cover, Duty
from shoshin.feedback.actions import record_change
from shoshin.feedback.actions.assignments import send_measure
from shoshin.feedback.actions.responses import record_response
from shoshin.feedback.models import Alert, Assignment, ImportBatch, Reading, SignalAnswer, SignalRow
from shoshin.growth.actions import link_note, meet_differently, open_episode, say_not_now
from shoshin.kit.action import OPERATOR, Actor, action
from shoshin.measures import queries as measures
from shoshin.measures.actions import add_wording
from shoshin.measures.actions.measures import store_for_clinic
from shoshin.people.models import FactorReset, Invitation, Membership, Person, Role
from shoshin.practice.actions import install_pack
from shoshin.welfare.actions import check_capacity, mark_lines, note_load, share_check, share_note, write_note
from tests.cast import NOW, PASSWORD, Cast, cast_at
from tests.community.walls import kept_together
from tests.doors import come_in
from tests.feedback.conftest import made_up_wording
from tests.forms_of_ben import answers_of
from tests.growth.reels import client_recorded
from tests.practice.packs import small_pack
from tests.practice.reels import recorded
from tests.practice.tries import begin, met
from tests.research.walls import results_kept

ABSENT = "absent"
MEMBERS = ("ada", "mia", "lea", "opal", "eve")
ROLES = ("visitor", *MEMBERS, "form", "page")
PIN = "4829"
NO_KEY = UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class Walls:
    """Everybody and everything, with the arguments by which addresses name it: `named[kind][object]`."""

    cast: Cast
    people: dict[str, Membership]
    clients: dict[str, Client]
    named: dict[str, dict[str, dict]] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def holds(self, role: str) -> tuple[str, ...]:
        """Which clients are this role's own."""
        return {"ada": ("ben",), "mia": ("noa",), "eve": ("zoe",)}.get(role, ())

    def opened_by(self, role: str) -> tuple[str, ...]:
        """Which records this role has opened in an emergency."""
        return {"lea": ("ben",), "eve": ("zoe",)}.get(role, ())

    def clinic_of(self, role: str) -> tuple[str, ...]:
        """Which clients live in this role's clinic."""
        return ("zoe",) if role == "eve" else ("ben", "noa") if role in MEMBERS else ()


@action("tests.build_walls")
def build_walls(*, by, at) -> Walls:
    """Both clinics with everything in them, in one transaction."""
    cast = cast_at(at)
    lea, opal = (
        Membership.objects.create(
            person=Person.objects.create_user(f"{name}@example.org", PASSWORD, name.title()),
            clinic=cast.clinic,
            role=role,
            began_at=at,
        )
        for name, role in (("lea", Role.LEAD), ("opal", Role.OPERATOR))
    )
    zoe = Client.objects.create(clinic=cast.eve.clinic, therapist=cast.eve, ref="zoezoezo", code="Z. O.", added_at=at)
    Course.objects.create(clinic=zoe.clinic, client=zoe, therapist=cast.eve, opened_on=date(2026, 9, 1))
    people = {"ada": cast.ada, "mia": cast.mia, "lea": lea, "opal": opal, "eve": cast.eve}
    walls = Walls(cast, people, {"ben": cast.ben, "noa": cast.noa, "zoe": zoe})
    for name, client in walls.clients.items():
        for kind, arguments in _one_of_everything(client, at).items():
            walls.named.setdefault(kind, {})[name] = arguments
    for name, client in walls.clients.items():
        opener = {"ben": lea, "noa": cast.ada, "zoe": cast.eve}[name]
        begun = at - timedelta(days=1) if name == "noa" else at
        opened = BreakGlass.objects.create(
            clinic=client.clinic,
            client=client,
            opened_by=opener,
            reason="safety",
            why="somebody must act before the evening",
            opened_at=begun,
            closes_at=begun + timedelta(minutes=60),
        )
        walls.named.setdefault("opening", {})[name] = {"pk": opened.pk}
    _people_and_hours(walls, lea, at)
    _well_being(walls, at)
    for kind, named in kept_together(walls, at).items():
        walls.named[kind] = named
    walls.named |= results_kept(walls, at)
    for kind, absent in _nothing().items():
        walls.named.setdefault(kind, {})[ABSENT] = absent
    return walls


def _people_and_hours(walls: Walls, lea: Membership, at) -> None:
    """An absence of each therapist, a request to each, and in each clinic somebody on duty, a guest and a colleague."""
    holders = {name: client.therapist for name, client in walls.clients.items()}
    zed = Membership.objects.create(
        person=Person.objects.create_user("zed@example.org", PASSWORD, "Zed"),
        clinic=walls.cast.eve.clinic,
        role=Role.THERAPIST,
        began_at=at,
    )
    asked_by = {"ben": holders["noa"], "noa": holders["ben"], "zoe": zed}
    colleagues = {"ben": holders["noa"], "noa": lea, "zoe": zed}
    leads = {"ben": lea, "noa": holders["ben"], "zoe": holders["zoe"]}
    for name, holder in holders.items():
        away, other = _absence(holder, at), _absence(asked_by[name], at)
        request = Cover.objects.create(clinic=holder.clinic, absence=other, colleague=holder, asked_at=at)
        duty = Duty.objects.create(clinic=holder.clinic, member=colleagues[name], named_at=at, named_by=holder)
        guest = Invitation.objects.create(
            clinic=holder.clinic,
            name="A guest",
            email=f"{name}@guests.example.org",
            role=Role.THERAPIST,
            token_hash=name.ljust(64, "0"),
            invited_by=holder,
            invited_at=at,
            expires_at=at + timedelta(days=7),
        )
        reset = FactorReset.objects.create(
            clinic=holder.clinic, member=colleagues[name], why="lost", asked_by=leads[name], asked_at=at
        )
        rows = {"absence": away, "request": request, "duty": duty, "colleague": colleagues[name], "guest": guest}
        rows["reset"] = reset
        for kind, row in rows.items():
            walls.named.setdefault(kind, {})[name] = {"pk": row.pk}


def _well_being(walls: Walls, at) -> None:
    """What each therapist noted about themself, one thing each shows a colleague, and one a colleague shows them."""
    holders = {name: client.therapist for name, client in walls.clients.items()}
    notes, checks = {}, {}
    for name, holder in holders.items():
        checks[name] = check_capacity(member=holder, capacity=6, causes=["work"], words="words", by=holder, at=at)
        notes[name] = write_note(member=holder, words="words", by=holder, at=at)
        link_note(note=notes[name], client=walls.clients[name], by=holder, at=at)
        mark_lines(member=holder, steadiness=5, closeness=5, by=holder, at=at)
        note_load(member=holder, minutes=15, strain=3, by=holder, at=at)
    zed = Membership.objects.get(person__email="zed@example.org")
    from_zed = check_capacity(member=zed, capacity=6, by=zed, at=at)
    until = at + timedelta(days=1)
    shown = {
        "ben": share_note(note=notes["noa"], to=holders["ben"], until=until, by=holders["noa"], at=at),
        "noa": share_check(check=checks["ben"], to=holders["noa"], until=until, by=holders["ben"], at=at),
        "zoe": share_check(check=from_zed, to=holders["zoe"], until=until, by=zed, at=at),
    }
    shares = {
        "ben": shown["noa"],
        "noa": shown["ben"],
        "zoe": share_note(note=notes["zoe"], to=zed, until=until, by=holders["zoe"], at=at),
    }
    for name in holders:
        named = {"own_check": {"pk": checks[name].pk}, "own_note": {"key": notes[name].key}}
        named |= {"shown": {"pk": shown[name].pk}, "own_share": {"pk": shares[name].pk}}
        for kind, arguments in named.items():
            walls.named.setdefault(kind, {})[name] = arguments
    walls.named["own_measure"] = {name: {"measure_id": "scs-sf"} for name in holders}


def _absence(member: Membership, at) -> Absence:
    """A week away, a month from now."""
    begins = at + timedelta(days=30)
    return Absence.objects.create(
        clinic=member.clinic, member=member, begins_at=begins, ends_at=begins + timedelta(days=7), entered_at=at
    )


def _one_of_everything(client: Client, at) -> dict[str, dict]:
    """Everything a client can have, made by the actions that make it, and how addresses name it."""
    therapist, course = client.therapist, client.courses.get()
    held = Appointment.objects.create(
        clinic=client.clinic, course=course, therapist=therapist, starts_at=at - timedelta(days=7), state_at=at
    )
    words = {"talked_about": "talked", "agreed": "agreed", "until_next_time": "until"}
    write_summary(appointment=held, by=therapist, at=at, **words)
    record_choices(client=client, choices={"care": True, "learning": True}, by=therapist, at=at)
    strength = note_strength(client=client, text="a strength", by=therapist, at=at)
    consultation = open_consultation(course=course, by=therapist, at=at, question="a question")
    record_change(course=course, you_said="said", i_changed="changed", by=therapist, at=at)
    response = _answered(course, at)
    alert = Alert.objects.get(client=client)
    batch = ImportBatch.objects.create(
        clinic=client.clinic,
        therapist=therapist,
        file_name="history.csv",
        digest="0" * 64,
        rows_added=0,
        imported_at=at,
        imported_by="",
    )
    facts = measures.facts(measures.measure_version("phq-8")).model_copy(update={"id": f"own-{client.ref}"})
    own = store_for_clinic(facts, client.clinic, therapist, at)
    signal = _signal(course, response, at)
    pack = install_pack(pack=small_pack(), clinic=client.clinic, by=therapist, at=at)
    exercise = pack.exercises.get(slug="aloud")
    attempt = met(begin(exercise, therapist, at=at), at=at)
    recording = recorded(attempt, at=at)
    heard = client_recorded(client, at)
    about = {"client": client, "signal": signal, "by": therapist, "at": at}
    episode = open_episode(course=course, what="mine", **about)
    meet_differently(episode=episode, sentence="a moment", skill=None, by=therapist, at=at)
    say_not_now(reason="a reason", **about)
    return {
        "client": {"ref": client.ref},
        "appointment": {"pk": held.pk},
        "strength": {"pk": strength.pk},
        "consultation": {"pk": consultation.pk},
        "response": {"reference": response.reference},
        "alert": {"pk": alert.pk},
        "signal": {"pk": signal.pk},
        "batch": {"pk": batch.pk},
        "measure": {"measure_id": own.measure_id},
        "pack": {"pk": pack.pk},
        "skill": {"slug": "hearing"},
        "exercise": {"pk": exercise.pk},
        "statement": {"pk": attempt.statement_id},
        "round": {"pk": attempt.round_id},
        "attempt": {"pk": attempt.pk},
        "recording": {"reel": recording.key},
        "part": {"reel": recording.key, "number": 1},
        "client_recording": {"reel": heard.key},
        "client_part": {"reel": heard.key, "number": 1},
        "asked_to_record": {"reel": heard.key},
        "episode": {"pk": episode.pk},
        "paper": {"ref": client.ref, "measure_id": "phq-9"},
        "line": {"ref": client.ref, "pk": course.pk, "measure": "phq-9", "fit": "for-wide"},
    }


def _nothing() -> dict[str, dict]:
    """Addresses of the right shape behind which there is nothing."""
    number, ref = {"pk": 999_999_999}, {"ref": "zzzzzzzz"}
    return {
        "client": ref,
        **dict.fromkeys(("appointment", "strength", "consultation", "alert", "signal", "batch", "opening"), number),
        **dict.fromkeys(("pack", "exercise", "statement", "round", "attempt", "episode"), number),
        "skill": {"slug": "no-such-skill"},
        **{kind: {"reel": NO_KEY} for kind in ("recording", "client_recording")},
        **{kind: {"reel": NO_KEY, "number": 1} for kind in ("part", "client_part")},
        "asked_to_record": {"reel": NO_KEY},
        **dict.fromkeys(("absence", "request", "duty", "colleague", "guest", "reset"), number),
        **dict.fromkeys(("circle", "place", "showing", "witnessed", "coaching", "asked", "leave"), number),
        **dict.fromkeys(("own_check", "own_share", "shown"), number),
        **dict.fromkeys(("results_view", "results_shown"), number),
        "own_note": {"key": "z" * 24},
        "own_measure": {"measure_id": "phq-9"},
        "response": {"reference": "ZZZZZZZZ"},
        "measure": {"measure_id": "no-such-measure"},
        "key": number,
        "paper": ref | {"measure_id": "phq-9"},
        "line": ref | number | {"measure": "phq-9", "fit": "for-wide"},
    }


def _answered(course: Course, at):
    """A form with a marked safety question, read by its therapist."""
    version = measures.measure_version("phq-9")
    response = record_response(
        course=course,
        version=version,
        answers=answers_of(version, 16, 1),
        key=uuid4(),
        source="paper",
        answered_on=at.date(),
        by=Actor("client", "form"),
        at=at,
    )
    Reading.objects.get_or_create(response=response, defaults={"read_by": course.therapist, "read_at": at})
    return response


def _signal(course: Course, response, at) -> SignalRow:
    """A signal that was brought to an appointment and still waits for its answer."""
    signal = SignalRow.objects.create(
        clinic=course.clinic,
        client=course.client,
        course=course,
        response=response,
        kind="missing",
        level="watch",
        reasons=[],
        occasion=1,
        raised_at=at,
    )
    SignalAnswer.objects.create(signal=signal, choice="bring", words="in words", given_at=at, given_by=course.therapist)
    return signal


def let_in(walls: Walls) -> None:
    """A browser for each role: signed in, with a begun form, with an opened page, or with nothing."""
    for role in ROLES:
        walls.browsers[role] = Browser(raise_request_exception=False)
    for name, member in walls.people.items():
        come_in(walls.browsers[name], member.person)
    tokens = {}
    for name, client in walls.clients.items():
        tokens[name] = send_measure(
            course=client.courses.get(),
            versions=[measures.measure_version("phq-8")],
            language="en",
            way="link",
            appointment=None,
            by=client.therapist,
            at=NOW,
        ).token
    walls.named["link"] = {name: {"token": token} for name, token in tokens.items()}
    walls.named["link"][ABSENT] = {"token": "x" * 43}
    assert walls.browsers["form"].post(f"/f/{tokens['ben']}/").status_code == 303
    assert Assignment.objects.filter(client=walls.cast.ben, form_hash__isnull=False).exists()
    made = make_page_key(client=walls.cast.ben, pin=PIN, by=walls.cast.ada, at=NOW)
    assert walls.browsers["page"].post(f"/p/{made.token}/", {"pin": PIN}).status_code == 303


def whole_walls() -> Walls:
    """Everybody, everything, and a browser for each. The measures are loaded already."""
    version = measures.measure_version("phq-8")
    sentences = made_up_wording(version)
    add_wording(version=version, wording=sentences, source_sha256="0" * 64, clinic=None, by=OPERATOR, at=NOW)
    walls = build_walls(by=OPERATOR, at=NOW)
    let_in(walls)
    return walls
