"""Who looked at a client's record, and when: read from the audit trail, for the therapist and for the client."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import READ
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.care.models import Client

MOST_ROWS = 3000  # of the trail, newest first


@dataclass(frozen=True)
class Look:
    """One person on one day: how often a page of the record was opened, and how often something was written."""

    day: date
    who: str
    is_client: bool
    opened: int
    wrote: int


def who_looked(client: "Client") -> tuple[Look, ...]:
    """Everybody who opened this client's record or wrote in it, a line a person and day, newest first.

    What the product does by itself is left out. Lists in which a client is one of many stand in the trail, not here.
    """
    zone = ZoneInfo(client.clinic.time_zone)
    trail = AuditEvent.objects.filter(clinic_id=client.clinic_id, about=client.pk).exclude(actor_kind="system")
    rows = trail.order_by("-at", "-pk").values_list("at", "actor_kind", "actor_id", "event")[:MOST_ROWS]
    counted: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for at, kind, actor_id, event in rows:
        counted[at.astimezone(zone).date(), kind, actor_id][not event.startswith(READ)] += 1
    names = people.names_of(int(actor_id) for _day, kind, actor_id in counted if kind == "member")
    return tuple(
        Look(day, _named(kind, actor_id, names), kind == "client", opened, wrote)
        for (day, kind, actor_id), (opened, wrote) in counted.items()
    )


def _named(kind: str, actor_id: str, names: dict[int, str]) -> str:
    if kind == "member":
        return names.get(int(actor_id), _("somebody who is no longer here"))
    return {"client": _("the client"), "operator": _("the operator, at the server")}.get(kind, _("somebody"))
