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

ALMOST_A_WEEK = timedelta(days=6)


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


def reading_line(client: "Client", appointment: "Appointment | None", at: datetime) -> ReadingLine:
    """Everybody who may open this client's answers now, before which appointment, and what for."""
    readers = [reader.member for reader in care.readers_of(client)]
    names = tuple(member.person.name for member in readers)
    others = tuple(
        member.person.name
        for member in people.contacts_of(client.clinic)
        if member.person_id not in {reader.person_id for reader in readers}
    )
    return ReadingLine(names, _line(names, client, appointment, at), others)


def _line(names: tuple[str, ...], client: "Client", appointment: "Appointment | None", at: datetime) -> str:
    if not names:
        return _("Nobody is named to read this yet. Nobody reads it live.")
    words = {"names": in_words(names), "when": _when(client, appointment, at) if appointment else ""}
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


def _when(client: "Client", appointment: "Appointment", at: datetime) -> str:
    """The appointment's day and hour on the clinic's own clock; with its date where the weekday would not do."""
    starts = appointment.starts_at.astimezone(ZoneInfo(client.clinic.time_zone))
    return formats.date_format(starts, _("l H:i") if appointment.starts_at - at < ALMOST_A_WEEK else _("l j F, H:i"))


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
