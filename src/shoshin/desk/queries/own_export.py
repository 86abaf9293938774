"""Everything kept of the one who asks, as one archive: rows of every app, and recordings where they are asked for."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from shoshin.care import queries as care
from shoshin.community import queries as community
from shoshin.desk.queries.export import as_json
from shoshin.feedback import queries as feedback
from shoshin.growth import queries as growth
from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import Hat
from shoshin.people import queries as people
from shoshin.practice import queries as practice
from shoshin.practice.queries import Reel
from shoshin.research import queries as research
from shoshin.welfare import queries as welfare


@dataclass(frozen=True)
class OwnArchive:
    """Texts by their name, and recordings that are opened while the archive goes out."""

    at: datetime
    texts: dict[str, str]
    reels: tuple[Reel, ...]

    def __iter__(self) -> Iterator[bytes]:
        """The archive in pieces. What is sealed is opened on the way out, and written down nowhere."""
        outlet = _Outlet()
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, parts, kept in self._files():
                entry = zipfile.ZipInfo(name, self.at.timetuple()[:6])
                entry.compress_type = kept
                with archive.open(entry, "w", force_zip64=True) as file:
                    for part in parts:
                        file.write(part)
                        yield outlet.taken()
                yield outlet.taken()
        yield outlet.taken()

    def _files(self) -> Iterator[tuple[str, Iterable[bytes], int]]:
        for name, text in self.texts.items():
            yield name, [text.encode()], zipfile.ZIP_DEFLATED
        for reel in self.reels:
            yield f"recordings/{reel.name}", reel.played(), zipfile.ZIP_STORED


class _Outlet:
    """Where the archive is written to: what came since it was last asked."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._waiting.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def own_record(hat: Hat) -> dict[str, list[dict[str, Any]]]:
    """Every row that is the asking person's own in this clinic, by table, and what they did here."""
    member = hat.member
    found = people.own_record(member) | care.own_record(member) | feedback.own_record(member)
    found |= welfare.export(member) | practice.export(member) | community.export(member) | growth.export(hat)
    found |= research.own_record(member)
    acts = AuditEvent.objects.filter(clinic_id=member.clinic_id, actor_kind="member", actor_id=str(member.pk))
    did: list[Any] = list(acts.order_by("pk").values("at", "event"))
    return found | {"acts": did}


def own_archive(hat: Hat, at: datetime, *, with_recordings: bool) -> OwnArchive:
    """README, every row as JSON, and the recordings themselves where they are asked for."""
    reels = tuple(practice.reels_of(hat.member)) if with_recordings else ()
    said = {"member": hat.member, "at": at, "with_recordings": with_recordings}
    texts = {"README.txt": render_to_string("desk/own_readme.txt", said), "my_data.json": as_json(own_record(hat))}
    return OwnArchive(at, texts, reels)
