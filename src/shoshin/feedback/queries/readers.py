"""Who reads a client's answers, when, and why: made from the policy and the roster, so that it is true."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.care import queries as care
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client
    from shoshin.care.queries import Roster

ALMOST_A_WEEK = timedelta(days=6)
THIS_WEEK = timedelta(days=7)
WHILE_FILLING = timedelta(minutes=15)  # an hour that ends before the form is filled in is no promise


@dataclass(frozen=True)
class ReadingLine:
    """The one line on who reads the answers, when and why, with its parts."""

    names: tuple[str, ...]
    text: str
    others: tuple[str, ...]

    @property
    def who(self) -> str:
        """The readers as one would say them."""
        return in_words(self.names)

    @property
    def other_people(self) -> str:
        """Whom else of the clinic a client may turn to; they do not read answers."""
        return in_words(self.others)


def reading_line(
    client: "Client", appointment: "Appointment | None", at: datetime, *, asks_about_safety: bool = False
) -> ReadingLine:
    """Everybody who may open this client's answers now, before which appointment, and what for.

    Where the form asks about safety, also at what hour somebody next reads, and who else is told if it waits.
    """
    readers = [reader.member for reader in care.readers_of(client, at)]
    names = tuple(member.person.name for member in readers)
    others = tuple(
        member.person.name
        for member in people.contacts_of(client.clinic)
        if member.person_id not in {reader.person_id for reader in readers}
    )
    roster = care.roster_of(client.clinic, at)
    said = [_away(roster, client, at) or _line(names, client, appointment, at), *_coming_away(roster, client, at)]
    if asks_about_safety:
        said += [_next_hour(roster, client, at), _told_as_well(roster, client, at)]
    return ReadingLine(names, " ".join(sentence for sentence in said if sentence), others)


def _away(roster: "Roster", client: "Client", at: datetime) -> str:
    """While the therapist is away: until when, and who reads meanwhile, if anybody."""
    absence = next((each for each in roster.absences_of(client.therapist) if each.is_in_force(at)), None)
    if absence is None or client.therapist.ended_at is not None:
        return ""
    covering = tuple(member.person.name for member in roster.covering(client.therapist, at))
    words = {
        "name": client.therapist.person.name,
        "until": _moment_in_words(client, absence.ends_at, at),
        "covers": in_words(covering),
    }
    if covering:
        return _("%(name)s is away until %(until)s. %(covers)s covers and reads this. Nobody reads it live.") % words
    return _("%(name)s is away until %(until)s, and nobody covers. Nobody reads it live.") % words


def _coming_away(roster: "Roster", client: "Client", at: datetime) -> list[str]:
    """Absences that begin within a week, and who covers then."""
    coming = [each for each in roster.absences_of(client.therapist) if at < each.begins_at < at + THIS_WEEK]
    return [_from_then(roster, client, absence.begins_at, absence.ends_at, at) for absence in coming]


def _from_then(roster: "Roster", client: "Client", begins: datetime, ends: datetime, at: datetime) -> str:
    covering = tuple(member.person.name for member in roster.covering(client.therapist, begins))
    words = {
        "name": client.therapist.person.name,
        "since": _moment_in_words(client, begins, at),
        "until": _moment_in_words(client, ends, at),
        "covers": in_words(covering),
    }
    if covering:
        return _("From %(since)s until %(until)s %(name)s is away, and %(covers)s covers and reads.") % words
    return _("From %(since)s until %(until)s %(name)s is away, and nobody covers.") % words


def _next_hour(roster: "Roster", client: "Client", at: datetime) -> str:
    """When somebody next reads by promise: a reader, or somebody who takes up what is marked."""
    reading = roster.next_reading(client, at + WHILE_FILLING)
    if reading is None:
        return _("Nobody has promised an hour at which this is read. If it is urgent, use the numbers on this page.")
    zone = ZoneInfo(client.clinic.time_zone)
    begins, until = reading.when.astimezone(zone), reading.until.astimezone(zone)
    words = {
        "name": reading.member.person.name,
        "day": _day_in_words(begins, at.astimezone(zone)),
        "from": formats.date_format(begins, "H:i"),
        "until": formats.date_format(until, "H:i"),
    }
    if reading.member in roster.responders(client, reading.when).first:
        return _("%(name)s next reads this %(day)s between %(from)s and %(until)s.") % words
    return _("If you mark a safety question, %(name)s next takes it up %(day)s between %(from)s and %(until)s.") % words


def _told_as_well(roster: "Roster", client: "Client", at: datetime) -> str:
    """Whom the clinic names for what waits: its leads and the people on duty."""
    rungs = roster.responders(client, at)
    first = {member.person_id for member in rungs.first}
    told = {each.person_id: each.person.name for each in (*rungs.leads, *rungs.duty) if each.person_id not in first}
    if not told:
        return ""
    return _("If a marked safety question waits, %(names)s is told too.") % {"names": _or_words(tuple(told.values()))}


def _or_words(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _day_in_words(day: datetime, today: datetime) -> str:
    if day.date() == today.date():
        return _("today")
    known = day - today < ALMOST_A_WEEK
    return _("on %(day)s") % {"day": formats.date_format(day, "l" if known else _("l j F"))}


def _line(names: tuple[str, ...], client: "Client", appointment: "Appointment | None", at: datetime) -> str:
    if not names:
        return _("Nobody is named to read this yet. Nobody reads it live.")
    when = _moment_in_words(client, appointment.starts_at, at) if appointment else ""
    words = {"names": in_words(names), "when": when}
    if appointment:
        return (
            ngettext(
                "%(names)s reads this before %(when)s, so that you can look at it together. Nobody reads it live.",
                "%(names)s read this before %(when)s, so that you can look at it together. Nobody reads it live.",
                len(names),
            )
            % words
        )
    return (
        ngettext(
            "%(names)s reads this before you next meet, so that you can look at it together. Nobody reads it live.",
            "%(names)s read this before you next meet, so that you can look at it together. Nobody reads it live.",
            len(names),
        )
        % words
    )


def _moment_in_words(client: "Client", moment: datetime, at: datetime) -> str:
    """A moment's day and hour on the clinic's own clock; with its date where the weekday would not do."""
    local = moment.astimezone(ZoneInfo(client.clinic.time_zone))
    return formats.date_format(local, _("l H:i") if moment - at < ALMOST_A_WEEK else _("l j F, H:i"))


def in_words(names: tuple[str, ...]) -> str:
    """Names as one says them: Ada; Ada and Jo; Ada, Jo and Mia."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def reading_appointment(
    client: "Client", chosen: "Appointment | None", at: datetime, *, asked_after: bool = False
) -> "Appointment | None":
    """The appointment before which answers are read: the chosen one while it lies ahead, else the next one planned.

    A form about an appointment is answered after it, so it is read before the one that follows.
    """
    if asked_after and chosen is not None:
        return care.upcoming(client, max(at, chosen.starts_at)).exclude(pk=chosen.pk).first()
    if chosen is not None and chosen.starts_at >= at and chosen.state == "planned":
        return chosen
    return care.next_appointment(client, at)
