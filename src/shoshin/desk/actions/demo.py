"""Filling an empty database with an invented clinic, to try everything on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shoshin.care import actions as care_actions
from shoshin.desk.actions.demo_calendar import moment
from shoshin.desk.actions.demo_chance import Chance
from shoshin.desk.actions.demo_circle import gather
from shoshin.desk.actions.demo_cover import promise_and_name
from shoshin.desk.actions.demo_forms import MARKED_TODAY, FormMaker
from shoshin.desk.actions.demo_practice import Beginning, beginnings, practise
from shoshin.desk.actions.demo_rows import Rows
from shoshin.desk.actions.demo_signals import SignalMaker, check_group, last_kept, write_change
from shoshin.desk.actions.demo_stories import SCHEDULED, Plan, Story, clients_of_therapists
from shoshin.desk.actions.demo_words import therapist_names, words
from shoshin.kit.action import Actor, action
from shoshin.measures import actions as measure_actions
from shoshin.measures import queries as measures
from shoshin.people import actions as people_actions
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Clinic, Membership

NAME, REGION, MAIL, PIN = "Willow House (demo)", "gb", "willow-house.example", "7294"
SEED = 2026
THERAPISTS_AT_ONCE = 40  # a large clinic is written in parts, so that it fits into memory

Progress = Callable[[float], None]


class CannotFillDemoClinic(ValueError):
    """There is a clinic here already."""


@dataclass(frozen=True)
class DemoClinic:
    """What was made. `client` has an own page, opened by `page_token` and `pin`."""

    clinic: "Clinic"
    owner: "Membership"
    therapists: int
    clients: int
    appointments: int
    responses: int
    client: Any
    page_token: str
    pin: str

    @property
    def clinic_id(self) -> int:
        return int(self.clinic.pk)

    def __str__(self) -> str:
        made = _(
            "%(clinic)s: %(therapists)s therapists, %(clients)s clients, %(appointments)s appointments, "
            "%(responses)s filled forms. Nobody in it is real."
        )
        line = made % {
            "clinic": self.clinic.name,
            "therapists": self.therapists,
            "clients": f"{self.clients:,}",
            "appointments": f"{self.appointments:,}",
            "responses": f"{self.responses:,}",
        }
        page = _("The own page of client %(code)s: /p/%(token)s/ with PIN %(pin)s")
        known = {"code": self.client.code, "token": self.page_token, "pin": self.pin} if self.client else None
        return f"{line}\n{page % known}" if known else line


@action("desk.fill_demo_clinic")
def fill_demo_clinic(
    *,
    by: Actor,
    at: datetime,
    clients: int = 300,
    years: int = 2,
    seed: int = SEED,
    therapists: int = 8,
    progress: Progress | None = None,
) -> DemoClinic:
    """Invent a clinic: its people, years of appointments, answers, signals, and a day to look at.

    The same seed and the same day make the same people.
    """
    if people.has_clinic():
        raise CannotFillDemoClinic(
            _("There is a clinic here already, so nothing was changed. Use an empty database for the demo.")
        )
    tell = progress or (lambda share: None)
    began_on = at.date() - timedelta(days=round(365.25 * years))
    owner, members = _open_clinic(at, began_on, therapists, by)
    versions = _measures(by, at)
    plan = Plan(Rows(), Chance(seed), ZoneInfo(owner.clinic.time_zone), at, began_on)
    tell(0.05)
    counts, star = {"appointments": 0, "responses": 0}, None
    begun: list[Beginning] = []
    parts = [members[start : start + THERAPISTS_AT_ONCE] for start in range(0, therapists, THERAPISTS_AT_ONCE)]
    for place, part in enumerate(parts):
        share = _share(clients, therapists, place)
        stories = _fill_part(plan, part, share, versions, first_place=place * THERAPISTS_AT_ONCE)
        star = star or _star(plan, stories)
        begun = begun or beginnings(plan, stories, owner)
        counts["appointments"] += len(plan.rows.held["care.Appointment"])
        counts["responses"] += len(plan.rows.held["feedback.Response"])
        tell(0.05 + 0.45 * (place + 1) / len(parts) if len(parts) > 1 else 0.5)
        plan.rows.write()
        tell(0.05 + 0.9 * (place + 1) / len(parts))
    gather(plan, members, practise(plan, begun, owner))
    token = _page_key(star, at)
    tell(1.0)
    client = star.client if star else None
    return DemoClinic(owner.clinic, owner, therapists, clients, client=client, page_token=token, pin=PIN, **counts)


def _share(clients: int, therapists: int, place: int) -> int:
    """How many of the clients belong to this part of the therapists."""
    first, last = (min(therapists, number * THERAPISTS_AT_ONCE) for number in (place, place + 1))
    return clients * last // therapists - clients * first // therapists


def _open_clinic(at: datetime, began_on: date, therapists: int, by: Actor) -> "tuple[Membership, list[Membership]]":
    """The clinic with its owner, who is a therapist, the other therapists, a lead and an operator."""
    region = people.region(REGION)
    assert region is not None, "the region's file of safety numbers comes with the product"
    began = datetime.combine(began_on - timedelta(days=14), time(9), tzinfo=UTC)
    names = therapist_names(therapists)
    owner = people_actions.open_clinic(
        name=NAME,
        owner_name=names[0],
        email=_mail(names[0]),
        password=None,
        time_zone=region.time_zone,
        safety=region.safety,
        by=by,
        at=began,
    )
    people_actions.confirm_safety(safety=region.safety, by=owner, at=at)
    staff = words()["people"]
    others = [(name, "therapist") for name in names[1:]]
    others += [(staff["lead"], "lead"), (staff["operator"], "operator")]
    added = [
        people_actions.add_member(clinic=owner.clinic, name=name, email=_mail(name), role=role, by=owner, at=began)
        for name, role in others
    ]
    promise_and_name(owner, [owner, *added[:-2]], lead=added[-2], began=began, at=at)
    return owner, [owner, *added[:-2]]


def _mail(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{MAIL}"


def _measures(by: Actor, at: datetime) -> "dict[str, MeasureVersion]":
    """The measures the clinic uses; their facts come with the product, their wording may be missing."""
    try:
        return {measure_id: measures.measure_version(measure_id) for measure_id in SCHEDULED}
    except measures.CannotFindMeasure:
        measure_actions.load_measures(by=by, at=at)
        return {measure_id: measures.measure_version(measure_id) for measure_id in SCHEDULED}


def _fill_part(
    plan: Plan,
    therapists: "list[Membership]",
    clients: int,
    versions: "dict[str, MeasureVersion]",
    first_place: int,
) -> list[Story]:
    """Everything about the clients of these therapists, in memory."""
    stories = clients_of_therapists(plan, therapists, clients, first_place)
    forms = FormMaker(plan, versions)
    for story in stories:
        forms.fill(story)
    signals = SignalMaker(plan, check_group(stories))
    for story in stories:
        signals.judge(story)
        _write_alerts(plan, story)
    return stories


def _write_alerts(plan: Plan, story: Story) -> None:
    """A marked safety question is an alert. All have been acknowledged but the one or two of today."""
    waits = story.comes_today and (story.therapist_place, story.place) in MARKED_TODAY
    for filed in story.filed:
        for mark in measures.risk_items_marked(filed.version, filed.response.answers):
            seen = filed.received_at + timedelta(minutes=story.chance.between(15, 95))
            is_open = seen >= plan.at or (waits and filed.visit is story.dated.next_visit)
            came_of_it = seen + timedelta(days=6)
            is_closed = not is_open and came_of_it < plan.at
            note = "" if is_open else story.chance.pick(words()["alert_notes"])
            plan.rows.add(
                "feedback.Alert",
                clinic=story.therapist.clinic,
                client=story.client,
                course=story.course,
                assignment=filed.response.assignment,
                response=filed.response,
                item_id=mark.item_id,
                value=mark.value,
                raised_at=filed.received_at,
                acknowledged_at=None if is_open else seen,
                acknowledged_by=None if is_open else story.therapist,
                note=note,
                notified_at=None if is_open else filed.received_at + timedelta(seconds=5),
                closed_at=came_of_it if is_closed else None,
                closed_by=story.therapist if is_closed else None,
                closing_note=note if is_closed else "",
            )


def _star(plan: Plan, stories: list[Story]) -> Story | None:
    """The client whose own page one can open: the owner's, coming today, with the longest line."""
    owner = stories[0].therapist if stories else None
    today = [story for story in stories if story.therapist is owner and story.comes_today]
    star = max(today, key=lambda story: len(story.filed), default=None)
    visit = last_kept(star) if star else None
    if star and visit:
        at = min(moment(visit.starts_at.date(), time(20), plan.zone), plan.at)
        write_change(plan, star, words()["changes"]["drop"][0], at)
    return star


def _page_key(star: Story | None, at: datetime) -> str:
    """The key to the star's own page, made by its therapist as in an appointment."""
    if star is None:
        return ""
    return care_actions.make_page_key(client=star.client, pin=PIN, by=star.therapist, at=at).token
