"""The clients of the demo clinic: who they are, their courses, and what is kept of each appointment."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from shoshin.desk.actions.demo_calendar import WEEK, DatedCourse, Visit, ended_course, moment, open_course
from shoshin.desk.actions.demo_chance import Chance
from shoshin.desk.actions.demo_rows import Rows
from shoshin.desk.actions.demo_words import words
from shoshin.science.signals import LATER_APPOINTMENT
from shoshin.science.simulation import (
    FITTED,
    GAD7_RELIABLE,
    MISSING,
    PHQ9_CASE,
    PHQ9_RELIABLE,
    Courses,
    Ints,
    simulate_courses,
    therapist_shifts,
)
from shoshin.science.simulation import Course as Simulated

if TYPE_CHECKING:
    from shoshin.people.models import Membership

OPEN_SHARE, VISITS_TODAY, CAME_BACK = 0.34, 5, 0.08
POOL_TO_CAST = 250
CLOCKS = (time(9), time(10), time(11, 30), time(14), time(15), time(16, 15), time(17, 30))
SCHEDULED = ("phq-9", "gad-7", "shoshin-check")
WAYS = ("link",) * 15 + ("device",) * 4 + ("paper",)  # how a client usually answers
LETTERS = "ABCDEFGHIJKLMNOPRSTVWYZ"


@dataclass
class Story:
    """One course of one client, with everything the other parts of the demo need of it."""

    therapist: "Membership"
    place: int  # the client's place among the therapist's own; the first ones come today
    client: Any
    course: Any
    dated: DatedCourse
    way: str
    chance: Chance
    comes_today: bool = False
    therapist_place: int = 0
    filed: list[Any] = field(default_factory=list)


@dataclass
class Plan:
    """What the makers of stories share."""

    rows: Rows
    chance: Chance
    zone: ZoneInfo
    at: datetime
    began_on: date
    codes: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


def clients_of_therapists(clinic: Plan, therapists: "list[Membership]", clients: int, first_place: int) -> list[Story]:
    """Every client of these therapists, some with an earlier course as well. The places count through the clinic."""
    each = [clients // len(therapists) + (place < clients % len(therapists)) for place in range(len(therapists))]
    stories: list[Story] = []
    for place, (therapist, count) in enumerate(zip(therapists, each, strict=True), start=first_place):
        plan = replace(clinic, chance=clinic.chance.stream(place))
        shift = therapist_shifts(1, plan.chance.rng, icc=FITTED.therapist_icc)[0]
        if count:
            spare = count + 5 + round(2 * CAME_BACK * count) + (0 if place else POOL_TO_CAST)
            courses = simulate_courses(spare, plan.chance.rng, shifts=np.full(spare, shift))
            cast = {} if place else cast_today(courses)
            caseload = _caseload(plan, therapist, count, courses, cast)
            stories += [replace(story, therapist_place=place) for story in caseload]
    return stories


def cast_today(courses: Courses) -> dict[int, tuple[int, int]]:
    """Who comes to the owner today: by place, a simulated course and the appointments held so far.

    Chance alone might leave the first page empty; these are real rows of the simulation, only chosen.
    """
    found: dict[int, tuple[int, int]] = {}
    for place, fits in ((0, _is_better), (1, _is_stalled), (3, _is_worse)):
        used = {row for row, _ in found.values()}
        for row in (row for row in range(len(courses)) if row not in used):
            held = next((held for held in range(4, int(courses.length[row])) if fits(courses, row, held)), None)
            if held is not None:
                found[place] = (row, held)
                break
    return found


def _lines(courses: Courses, row: int, held: int) -> tuple[Ints, Ints] | None:
    """PHQ-9 and GAD-7 up to the appointment that comes next, where no form is missing."""
    phq9, gad7 = courses.phq9[row, : held + 1], courses.gad7[row, : held + 1]
    return None if (phq9 == MISSING).any() or (gad7 == MISSING).any() else (phq9, gad7)


def _is_better(courses: Courses, row: int, held: int) -> bool:
    lines = _lines(courses, row, held)
    return lines is not None and held >= 6 and bool(lines[0][0] - lines[0][held] >= PHQ9_RELIABLE + 2)


def _is_stalled(courses: Courses, row: int, held: int) -> bool:
    """Still a case and no better, told for the first time by today's answers."""
    lines = _lines(courses, row, held)
    if lines is None or held + 1 != LATER_APPOINTMENT:
        return False
    phq9, gad7 = lines
    steady = (abs(phq9 - phq9[0]) < PHQ9_RELIABLE).all() and (gad7 - gad7[0] < GAD7_RELIABLE).all()
    return bool(steady and phq9[held] >= PHQ9_CASE)


def _is_worse(courses: Courses, row: int, held: int) -> bool:
    """Reliably worse than at the start, told for the first time by today's answers."""
    lines = _lines(courses, row, held)
    if lines is None:
        return False
    phq9, gad7 = lines
    quiet = (phq9[:held] - phq9[0] < PHQ9_RELIABLE).all() and (gad7[:held] - gad7[0] < GAD7_RELIABLE).all()
    return bool(quiet and phq9[held] - phq9[0] >= PHQ9_RELIABLE)


def _caseload(
    plan: Plan, therapist: "Membership", count: int, courses: Courses, cast: dict[int, tuple[int, int]]
) -> list[Story]:
    """One therapist's clients. At any moment long courses are likelier to be under way than short ones."""
    open_count = max(1, round(OPEN_SHARE * count))
    weights = courses.length.astype(float)
    weights[[row for row, _ in cast.values()]] = 0
    weights /= weights.sum()
    under_way = [int(row) for row in plan.chance.rng.choice(len(courses), open_count, replace=False, p=weights)]
    for place, (row, _) in cast.items():
        if place < open_count:
            under_way[place] = row
    used = {*under_way, *(row for row, _ in cast.values())}
    rest = [row for row in range(len(courses)) if row not in used]
    stories = []
    for place in range(count):
        client = _client(plan, therapist)
        is_open = place < open_count
        simulated = courses.course(under_way[place] if is_open else rest.pop())
        held = cast.get(place, (0, None))[1]
        dated = _open(plan, place, open_count, simulated, held) if is_open else _ended(plan, simulated)
        if plan.chance.happens(CAME_BACK) and rest:
            earlier = _earlier(plan, courses.course(rest.pop()), dated)
        else:
            earlier = None
        stories += [_story(plan, therapist, place, client, course) for course in (earlier, dated) if course]
        client.added_at = moment(min((earlier or dated).opened_on, plan.today), time(7), plan.zone)
        _ask_and_note(plan, stories[-1])
    return stories


def _open(plan: Plan, place: int, open_count: int, simulated: Simulated, held: int | None) -> DatedCourse:
    """A course under way. The first few come today; the last one is new and comes for the first time."""
    length = len(simulated.appointments)
    if held is None:
        held = 0 if place == open_count - 1 > 1 else plan.chance.between(min(3, length - 1), length - 1)
    ahead = 0 if place < VISITS_TODAY else _days_ahead(plan, place)
    clock = CLOCKS[place % len(CLOCKS)]
    return open_course(simulated, held, plan.today + timedelta(days=ahead), clock, plan.zone, plan.chance)


def _days_ahead(plan: Plan, place: int) -> int:
    """In how many days a client who does not come today comes: a day from Monday to Friday."""
    ahead = [days for days in range(1, 7) if (plan.today + timedelta(days=days)).weekday() < 5]
    return ahead[place % len(ahead)]


def _ended(plan: Plan, simulated: Simulated) -> DatedCourse:
    """A course that ended some time between the first months of the clinic and three weeks ago."""
    shortest = plan.began_on + len(simulated.appointments) * WEEK * 1.2
    latest = plan.today - timedelta(days=21)
    last_on = shortest + timedelta(days=plan.chance.between(0, max(0, (latest - shortest).days)))
    last_on -= timedelta(days=max(0, last_on.weekday() - 4))
    clock = plan.chance.pick(CLOCKS)
    return ended_course(simulated, min(last_on, latest), clock, plan.zone, plan.chance)


def _earlier(plan: Plan, simulated: Simulated, later: DatedCourse) -> DatedCourse | None:
    """A course before this one, if the clinic was open by then."""
    last_on = later.opened_on - timedelta(days=plan.chance.between(70, 260))
    if last_on - len(simulated.appointments) * WEEK * 1.3 < plan.began_on:
        return None
    clock = plan.chance.pick(CLOCKS)
    return ended_course(simulated, last_on, clock, plan.zone, plan.chance)


def _client(plan: Plan, therapist: "Membership") -> Any:
    """A client by initials, with a number where two have the same."""
    initials = f"{plan.chance.pick(LETTERS)}. {plan.chance.pick(LETTERS)}."
    code, number = initials, 2
    while code in plan.codes:
        code, number = f"{initials} {number}", number + 1
    plan.codes.add(code)
    return plan.rows.add(
        "care.Client",
        clinic=therapist.clinic,
        therapist=therapist,
        ref=plan.chance.name(),
        code=code,
        language="de" if plan.chance.happens(0.04) else "en",
    )


def _story(plan: Plan, therapist: "Membership", place: int, client: Any, dated: DatedCourse) -> Story:
    course = plan.rows.add(
        "care.Course",
        clinic=therapist.clinic,
        client=client,
        therapist=therapist,
        opened_on=min(dated.opened_on, plan.today),
        ended_on=dated.ended_on,
        ending=dated.ending,
        **_ending_words(plan, dated.ending),
    )
    comes_today = dated.next_visit is not None and _day(plan, dated.next_visit) == plan.today
    way = "link" if comes_today else plan.chance.pick(WAYS)
    story = Story(therapist, place, client, course, dated, way, plan.chance, comes_today)
    _write_appointments(plan, story)
    _write_summaries(plan, story)
    _write_schedules(plan, story)
    return story


def _day(plan: Plan, visit: Visit) -> date:
    return visit.starts_at.astimezone(plan.zone).date()


def _ending_words(plan: Plan, ending: str) -> dict[str, Any]:
    """Who decided, on what grounds, and where to: what the record of an ending holds."""
    endings = words()["endings"]
    if ending == "planned" and plan.chance.happens(0.02):
        return {
            "decided_by": "therapist",
            "grounds": ["leaving"],
            "ground_words": endings["leaving"],
            "consulted": endings["consulted"],
            "held_meanwhile_by": words()["people"]["lead"],
        }
    if ending == "referred":
        to, holder = plan.chance.pick(endings["referred_to"]), words()["people"]["lead"]
        together = {"decided_by": "together", "grounds": ["other_help"]}
        return together | {"referred_to": to, "held_meanwhile_by": holder}
    known = {"planned": ("together", ["goals"]), "unplanned": ("client", [])}
    return dict(zip(("decided_by", "grounds"), known[ending], strict=True)) if ending else {}


def _write_appointments(plan: Plan, story: Story) -> None:
    series: UUID = plan.chance.uuid()
    for visit in story.dated.visits:
        visit.row = plan.rows.add(
            "care.Appointment",
            clinic=story.therapist.clinic,
            course=story.course,
            therapist=story.therapist,
            starts_at=visit.starts_at,
            series=series,
            state=visit.state,
            state_at=visit.state_at,
            changed_by_side=visit.side,
        )
    for visit in story.dated.visits:
        if visit.moved_to is not None:
            visit.row.moved_to = visit.moved_to.row


def _write_summaries(plan: Plan, story: Story) -> None:
    """What was talked about and agreed, after most appointments; three themes wander through a course."""
    themes = words()["themes"]
    lines = [line for name in plan.chance.several(sorted(themes), 3) for line in themes[name]]
    for visit in story.dated.kept:
        number = visit.number or 1
        if not plan.chance.happens(0.88):
            continue
        line = plan.chance.pick(words()["first_talk"]) if number == 1 else lines[(number - 2) % len(lines)]
        plan.rows.add(
            "care.Summary",
            appointment=visit.row,
            talked_about=line["talked"],
            agreed=line["agreed"],
            until_next_time=line["until"],
            written_at=visit.starts_at + timedelta(minutes=57),
            written_by=story.therapist,
        )


def _write_schedules(plan: Plan, story: Story) -> None:
    opened = moment(story.course.opened_on, time(12), plan.zone)
    for measure_id in SCHEDULED:
        plan.rows.add(
            "feedback.Schedule",
            course=story.course,
            measure_id=measure_id,
            rhythm="every",
            set_at=opened,
            set_by=story.therapist,
            stopped_at=moment(story.dated.ended_on, time(18), plan.zone) if story.dated.ended_on else None,
        )


def _ask_and_note(plan: Plan, story: Story) -> None:
    """The three asks of a first appointment, and the strengths noted over the first weeks."""
    kept = story.dated.kept
    if not kept:
        return
    asked = kept[0].starts_at + timedelta(minutes=20)
    for purpose, share in (("care", 1.0), ("learning", 0.86), ("figures", 0.77)):
        plan.rows.add(
            "care.ClientChoice",
            client=story.client,
            purpose=purpose,
            agreed=plan.chance.happens(share),
            said_at=asked,
            said_by="in_person",
        )
    for place, text in enumerate(plan.chance.several(words()["strengths"], 3)):
        noted = kept[min(place, len(kept) - 1)].starts_at + timedelta(minutes=48)
        plan.rows.add("care.Strength", client=story.client, text=text, noted_at=noted, noted_by=story.therapist)
