"""Which measures a client may be asked for, which ways each may go, and what goes instead where it may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.feedback.models.assignments import Way
from shoshin.feedback.queries.schedules import due_measures
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client, Course
    from shoshin.measures.models import MeasureVersion
    from shoshin.measures.models.definitions import Measure


@dataclass(frozen=True)
class Offer:
    """A measure, and why it does not go by link or on this device, where it does not."""

    version: "MeasureVersion"
    facts: "Measure"
    title: str
    languages: tuple[str, ...]
    not_by_link: str
    not_here: str
    needs_hours: bool = False

    @property
    def paper_only(self) -> bool:
        """Whether it can be asked neither way: without wording, or with nobody to read its safety question."""
        return not self.languages or (bool(self.not_here) and self.facts.safety is not None)


@dataclass(frozen=True)
class Readiness:
    """Who is there to read a safety question: anybody at all, and anybody within 72 hours by promise."""

    has_readers: bool
    is_in_time: bool


def readiness_for(client: "Client", at: datetime) -> Readiness:
    """How a safety question of this client would be met, if it were asked now."""
    return Readiness(bool(care.readers_of(client, at)), care.is_read_in_time(client, at))


def offers_for(course: "Course", language: str, at: datetime) -> list[Offer]:
    """Every measure for clients. Where nobody is named to read a safety question, its variant stands alone."""
    ready = readiness_for(course.client, at)
    found = [_offer(course, version, language, ready) for version in client_measures(course)]
    if ready.has_readers:
        return found
    replaced = {offer.facts.id for offer in found if offer.facts.variant_without_risk}
    return [offer for offer in found if offer.facts.id not in replaced]


def client_measures(course: "Course") -> list["MeasureVersion"]:
    """The measures clients answer, as far as this clinic has them."""
    current = measures.current_measures(course.clinic)
    return [version for version in current if measures.facts(version).respondent == "client"]


def _offer(course: "Course", version: "MeasureVersion", language: str, ready: Readiness) -> Offer:
    facts = measures.facts(version)
    return Offer(
        version=version,
        facts=facts,
        title=measures.in_language(facts.title, get_language() or "en"),
        languages=tuple(measures.languages(version, course.clinic)),
        not_by_link=obstacle(course, version, language, Way.LINK, ready),
        not_here=obstacle(course, version, language, Way.DEVICE, ready),
        needs_hours=facts.safety is not None and not ready.is_in_time,
    )


def obstacle(course: "Course", version: "MeasureVersion", language: str, way: str, ready: Readiness) -> str:
    """Why this measure does not go this way, with what goes instead; nothing where it may."""
    facts = measures.facts(version)
    named = {"measure": facts.short}
    if course.ended_on is not None:
        return _("This course has ended. Open a new course before asking for anything.")
    if way == Way.LINK and not settings.PUBLIC_ADDRESS:
        return _("No public https address is set, so a link would lead nowhere.")
    if not measures.is_worded(version, language, course.clinic):
        return _("%(measure)s has no wording here in this language. Enter it from paper.") % named
    if facts.safety and not (ready.has_readers and ready.is_in_time):
        named["variant"] = variant_of(version, course)
    if facts.safety and not ready.has_readers:
        if named["variant"]:
            return _("Nobody is named to read the safety question of %(measure)s. Ask for %(variant)s instead.") % named
        return _("Nobody is named to read the safety question of %(measure)s.") % named
    if facts.safety and way == Way.LINK and not ready.is_in_time:
        without = _(
            "%(measure)s asks about safety, and nobody has promised to read within the next 72 hours. "
            "Promise hours under “My hours and absences”, and it can be sent."
        )
        instead = _(
            "Until then ask for %(variant)s, which leaves that question out, let the client answer here, or use paper."
        )
        otherwise = _("Until then let the client answer here, or use paper.")
        return f"{without} {instead if named['variant'] else otherwise}" % named
    return ""


def variant_of(version: "MeasureVersion", course: "Course") -> str:
    """The short name of the same measure without its safety question, where this clinic has it."""
    wanted = measures.facts(version).variant_without_risk
    found = [measures.facts(each) for each in measures.current_measures(course.clinic) if each.measure_id == wanted]
    return found[0].short if found else ""


def measures_due(course: "Course", appointment: "Appointment | None", at: datetime) -> list[str]:
    """What the course's plan asks for before this appointment, or before the next one whenever it is."""
    return [measure_id for measure_id in _planned(course, appointment, at) if measure_id not in after_measures(course)]


def measures_due_after(course: "Course", appointment: "Appointment", at: datetime) -> list[str]:
    """What the plan asks about an appointment that has begun, as long as it is not answered yet."""
    answered = set(appointment.responses.values_list("version__measure_id", flat=True))
    asked = after_measures(course) - answered
    return [measure_id for measure_id in _planned(course, appointment, at) if measure_id in asked]


def measures_due_at_the_end(course: "Course", at: datetime) -> list[str]:
    """What the plan asks at the last appointment: the end's own measures, and those that are asked now and then."""
    number = care.kept_before(course, at) + 1
    return due_measures(course, number, is_last=True)


def after_measures(course: "Course") -> set[str]:
    """The measures that ask about an appointment which has been."""
    return {version.measure_id for version in client_measures(course) if measures.facts(version).asked_after}


def _planned(course: "Course", appointment: "Appointment | None", at: datetime) -> list[str]:
    moment = appointment.starts_at if appointment else at
    return due_measures(course, care.kept_before(course, moment) + 1)


def near_appointments(client: "Client", at: datetime) -> "Iterable[Appointment]":
    """The appointments a form may be sent for: the next few planned."""
    return care.upcoming(client, at)[:6]


def paper_appointments(course: "Course", at: datetime) -> "Iterable[Appointment]":
    """The appointments a paper form may be for: planned or kept, three months back and two weeks ahead."""
    around = (at - timedelta(days=90), at + timedelta(days=14))
    held = course.appointments.filter(starts_at__range=around, state__in=("planned", "kept"))
    return held.order_by("-starts_at")
