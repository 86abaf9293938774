"""Everything kept of the one who asks, as one archive: rows of every app, and recordings where they are asked for."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from shoshin.care import queries as care
from shoshin.community import queries as community
from shoshin.desk.queries.archive import Archive
from shoshin.desk.queries.export import as_json
from shoshin.feedback import queries as feedback
from shoshin.growth import queries as growth
from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import Hat
from shoshin.people import queries as people
from shoshin.practice import queries as practice
from shoshin.research import queries as research
from shoshin.welfare import queries as welfare


def own_record(hat: Hat) -> dict[str, list[dict[str, Any]]]:
    """Every row that is the asking person's own in this clinic, by table, and what they did here."""
    member = hat.member
    found = people.own_record(member) | care.own_record(member) | feedback.own_record(member)
    found |= welfare.export(member) | practice.export(member) | community.export(member) | growth.export(hat)
    found |= research.own_record(member)
    acts = AuditEvent.objects.filter(clinic_id=member.clinic_id, actor_kind="member", actor_id=str(member.pk))
    did: list[Any] = list(acts.order_by("pk").values("at", "event"))
    return found | {"acts": did}


def own_archive(hat: Hat, at: datetime, *, with_recordings: bool) -> Archive:
    """README, every row as JSON, and the recordings themselves where they are asked for."""
    reels = tuple(practice.reels_of(hat.member)) if with_recordings else ()
    said = {"member": hat.member, "at": at, "with_recordings": with_recordings}
    texts = {"README.txt": render_to_string("desk/own_readme.txt", said), "my_data.json": as_json(own_record(hat))}
    return Archive(at, texts, reels)
