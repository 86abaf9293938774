"""Everything growth keeps of its author, as plain data. A client is named only while they are the author's own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from shoshin.care import queries as care
from shoshin.growth.models import BackInRoom, Episode, NoteAbout, Reviewed
from shoshin.kit.policy import Hat
from shoshin.kit.record import plain_row

TABLES: dict[str, tuple[type[Model], str]] = {
    "episodes": (Episode, ""),
    "back_in_the_room": (BackInRoom, "episode__"),
    "friday_reviews": (Reviewed, ""),
    "notes_about_clients": (NoteAbout, ""),
}
STAYS = {"what_might_be", "sentence", "taken_to", "reason", "did", "at", "episode"}  # the author's own words and marks


def export(hat: Hat) -> dict[str, list[dict[str, Any]]]:
    """Every row of one's own, by table, oldest first. Of a client handed over it holds neither code nor figure."""
    own = dict(care.clients_of(hat).filter(therapist=hat.member).values_list("pk", "code"))
    found: dict[str, list[dict[str, Any]]] = {}
    for name, (model, path) in TABLES.items():
        mine = {f"{path}member__person": hat.member.person_id, f"{path}member__clinic": hat.member.clinic_id}
        rows: Iterable[Any] = model._default_manager.filter(**mine).order_by("pk")
        found[name] = [_plain(hat, row, own) for row in rows]
    return found


def _plain(hat: Hat, row: Any, own: dict[int, str]) -> dict[str, Any]:
    client = row.episode.client_id if isinstance(row, BackInRoom) else row.client_id
    if client in own:
        hat.saw(client)
        return plain_row(row, ("client", "course")) | {"client": own[client]}
    return plain_row(row, set(row.Privacy.clinical) - STAYS)
