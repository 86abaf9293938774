"""Which of my private notes are about which of my clients. Nobody but their author finds any of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shoshin.care import queries as care
from shoshin.feedback import queries as feedback
from shoshin.growth.models import Episode, NoteAbout
from shoshin.kit.policy import Hat
from shoshin.people import queries as people
from shoshin.welfare import queries as welfare

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shoshin.care.models import Client
    from shoshin.welfare.models import FeelingNote


@dataclass(frozen=True)
class NotesBeside:
    """My notes about an episode's client, newest first, and whether a check fell after one: seen, not explained."""

    notes: "tuple[FeelingNote, ...]" = ()
    check_dropped: bool = False


def notes_about(hat: Hat, client: "Client", at: datetime) -> "tuple[FeelingNote, ...]":
    """My notes about a client of mine that have not gone, newest first; none about anybody else's client."""
    if hat.member is None or not _own_clients(hat).filter(pk=client.pk).exists():
        return ()
    linked = NoteAbout.objects.filter(member=hat.member, client=client).values("note")
    return tuple(welfare.notes_of(hat.member, at).filter(key__in=linked))


def client_of_note(hat: Hat, note: "FeelingNote") -> "tuple[NoteAbout | None, Client | None]":
    """What I said of a note, if anything, and the client, if they are still mine."""
    said = NoteAbout.objects.filter(member=hat.member, note=note).first()
    client = _own_clients(hat).filter(pk=said.client_id).first() if said else None
    if client is not None:
        hat.saw(client.pk)
    return said, client


def clients_to_name(hat: Hat) -> "list[Client]":
    """The clients a note of mine may be about, by code."""
    found = list(_own_clients(hat).order_by("code", "pk"))
    hat.saw(*(client.pk for client in found))
    return found


def notes_beside(hat: Hat, episode: Episode, at: datetime) -> NotesBeside:
    """My notes about the client of an episode, and whether an appointment check was unusually low after the first."""
    notes = notes_about(hat, episode.client, at)
    if not notes:
        return NotesBeside()
    first = people.day_of(episode.clinic, notes[-1].written_at)
    hidden = [response.pk for response in feedback.hidden_responses([episode.client])]
    return NotesBeside(notes, any(day > first for day in feedback.days_of_low_checks(episode.course, hidden)))


def _own_clients(hat: Hat) -> "QuerySet[Client]":
    return care.clients_of(hat).filter(therapist=hat.member)
