"""Clients and courses that come with history: taken in by the hundred, for care only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from shoshin.care.models import Client, Course, Ending
from shoshin.care.models.clients import folded
from shoshin.kit.action import Actor, action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

AT_A_TIME = 500
WAYS = (Ending.PLANNED, Ending.UNPLANNED)


class CannotRemoveImportedCourses(ValueError):
    """More hangs on these courses or their clients than history; all of them stay."""


class CannotAddImportedCourses(ValueError):
    """Some of these clients cannot be taken in; nobody was."""


@dataclass(frozen=True)
class ImportedCourse:
    """One client's course as a file of history tells it."""

    code: str
    first_on: date
    last_on: date


@action("care.add_imported_courses")
def add_imported_courses(
    *,
    therapist: "Membership",
    courses: Sequence[ImportedCourse],
    ending: str,
    by: "Actor | Membership",
    at: datetime,
) -> dict[str, Course]:
    """The imported course of each client, by folded code: the one there is, made wider, or a new one.

    `ending` is blank for courses that go on. New clients are asked only for care.
    """
    if ending and ending not in WAYS:
        raise CannotAddImportedCourses(_("Say whether the courses ended planned or unplanned."))
    told = {folded(course.code): course for course in courses}
    clients = _clients(therapist, told, at)
    found = _existing(clients)
    # A new course that goes on cannot stand beside an open one.
    busy = set() if ending else _in_course(client.pk for client in clients.values())
    problems = [told[key].code for key, client in clients.items() if client.pk in busy and key not in found]
    if problems:
        raise CannotAddImportedCourses(
            _(
                "These clients are in a course here now, so what is brought in must be over: %(codes)s. "
                "Say that these courses are over, or leave the clients out. Nothing was brought in."
            )
            % {"codes": ", ".join(sorted(problems)[:10])}
        )
    new = [_new(client, told[key], ending) for key, client in clients.items() if key not in found]
    Course.objects.bulk_create(new, batch_size=AT_A_TIME)
    _widen(found, told, ending)
    keys = {client.pk: key for key, client in clients.items()}
    return found | {keys[course.client_id]: course for course in new}


def _clients(therapist: "Membership", told: dict[str, ImportedCourse], at: datetime) -> dict[str, Client]:
    """The clients by folded code, made where there are none. Another therapist's client is refused."""
    here: dict[str, Client] = {}
    keys = list(told)
    for begin in range(0, len(keys), AT_A_TIME):
        part = Client.objects.filter(clinic_id=therapist.clinic_id, code_key__in=keys[begin : begin + AT_A_TIME])
        here |= {client.code_key: client for client in part}
    others = [client.code for client in here.values() if client.therapist_id != therapist.pk]
    if others:
        raise CannotAddImportedCourses(
            _(
                "Another therapist of this clinic has clients under these codes: %(codes)s. "
                "Change the codes in the file, or choose that therapist. Nothing was brought in."
            )
            % {"codes": ", ".join(sorted(others)[:10])}
        )
    new = [
        Client(
            clinic_id=therapist.clinic_id,
            therapist=therapist,
            code=course.code,
            code_key=key,
            care_only=True,
            added_at=at,
        )
        for key, course in told.items()
        if key not in here
    ]
    Client.objects.bulk_create(new, batch_size=AT_A_TIME)
    return here | {client.code_key: client for client in new}


def _existing(clients: dict[str, Client]) -> dict[str, Course]:
    """The latest imported course of each client that has one."""
    keys = {client.pk: key for key, client in clients.items()}
    ids = list(keys)
    found: dict[str, Course] = {}
    for begin in range(0, len(ids), AT_A_TIME):
        part = Course.objects.filter(client_id__in=ids[begin : begin + AT_A_TIME], imported=True).order_by("opened_on")
        found |= {keys[course.client_id]: course for course in part}
    return found


def _in_course(ids: Iterable[int]) -> set[int]:
    """Which of these clients are in a course now."""
    wanted, found = list(ids), set()
    for begin in range(0, len(wanted), AT_A_TIME):
        part = Course.objects.filter(client_id__in=wanted[begin : begin + AT_A_TIME], ended_on=None)
        found |= set(part.values_list("client_id", flat=True))
    return found


def _new(client: Client, told: ImportedCourse, ending: str) -> Course:
    return Course(
        clinic_id=client.clinic_id,
        client=client,
        therapist_id=client.therapist_id,
        opened_on=told.first_on,
        imported=True,
        ended_on=told.last_on if ending else None,
        ending=ending,
    )


def _widen(found: dict[str, Course], told: dict[str, ImportedCourse], ending: str) -> None:
    """Courses imported before now hold the earlier and later days too. What has ended stays ended."""
    for key, course in found.items():
        course.opened_on = min(course.opened_on, told[key].first_on)
        if course.ended_on is not None or ending:
            course.ended_on = max(course.ended_on or told[key].last_on, told[key].last_on)
            course.ending = course.ending or ending
    Course.objects.bulk_update(found.values(), ["opened_on", "ended_on", "ending"], batch_size=AT_A_TIME)


@dataclass(frozen=True)
class DaysLeft:
    """The days that an imported course still holds, and the last one it held before."""

    first_on: date
    last_on: date
    was_last_on: date


@action("care.remove_imported_courses")
def remove_imported_courses(
    *, emptied: Sequence[int], narrowed: Mapping[int, DaysLeft], by: "Actor | Membership", at: datetime
) -> None:
    """Undo what an import made: empty courses go, with the clients who came with them and hold nothing else.

    Courses that other imports brought too keep the days these have. Refused where more hangs on what would go.
    """
    clients: set[int] = set()
    for part in _parts(emptied):
        courses = Course.objects.filter(pk__in=part, imported=True)
        _refuse_if_held(courses, "client__code")
        clients |= set(courses.values_list("client_id", flat=True))
        courses.delete()
    for part in _parts(sorted(clients)):
        # Nobody is here without a course but who came with one that has just gone.
        alone = Client.objects.filter(pk__in=part, courses=None)
        _refuse_if_held(alone, "code")
        alone.delete()
    for part in _parts(list(narrowed)):
        _narrow(part, narrowed)


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[begin : begin + AT_A_TIME] for begin in range(0, len(ids), AT_A_TIME))


def _narrow(ids: Sequence[int], narrowed: Mapping[int, DaysLeft]) -> None:
    courses = list(Course.objects.filter(pk__in=ids, imported=True))
    for course in courses:
        left = narrowed[course.pk]
        course.opened_on = left.first_on
        if course.ended_on == left.was_last_on:
            course.ended_on = left.last_on
    Course.objects.bulk_update(courses, ["opened_on", "ended_on"], batch_size=AT_A_TIME)


def _refuse_if_held(rows: "models.QuerySet[Course] | models.QuerySet[Client]", code: str) -> None:
    """Ask every table that names these rows, whichever app it belongs to: what exists there would go too."""
    for relation in rows.model._meta.related_objects:
        name = relation.get_accessor_name() or ""
        held = rows.filter(**{f"{relation.field.related_query_name()}__isnull": False}).order_by(code)
        codes = list(dict.fromkeys(held.values_list(code, flat=True)[:200]))
        if codes:
            raise CannotRemoveImportedCourses(
                _("More has come since for these clients: %(codes)s (%(what)s). Nothing was taken back.")
                % {"codes": ", ".join(codes[:10]), "what": _held_words().get(name, name)}
            )


def _held_words() -> dict[str, str]:
    return {
        "appointments": _("appointments"),
        "consultations": _("consultations"),
        "schedules": _("a plan of measures"),
        "assignments": _("forms that were sent"),
        "responses": _("answers"),
        "signals": _("signals"),
        "alerts": _("marked safety questions"),
        "changes": _("“You said, I changed”"),
        "choices": _("answers about agreement"),
        "strengths": _("strengths"),
        "page_keys": _("a key to their own page"),
    }
