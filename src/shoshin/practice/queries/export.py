"""Everything practice keeps of one person, as plain data, and their recordings as they sound."""

from typing import TYPE_CHECKING, Any

from shoshin.kit.media.keeping import State
from shoshin.kit.record import Own, own_rows
from shoshin.kit.vault.tapes import PlainCopy
from shoshin.practice.models import (
    Ability,
    Attempt,
    BlindSort,
    Flag,
    Goal,
    Minutes,
    Plan,
    Recording,
    RecordingConsent,
    Round,
    Statement,
)

if TYPE_CHECKING:
    from shoshin.people.models import Membership

TABLES = {
    "goals": Own(Goal),
    "week_plans": Own(Plan),
    "minutes_practised": Own(Minutes),
    "rounds": Own(Round),
    "attempts": Own(Attempt),
    "what_is_estimated_of_me": Own(Ability),
    "recording_consents": Own(RecordingConsent),
    "recordings": Own(Recording),
    "statements_flagged": Own(Flag, ("flagged_by",)),
    "statements_sorted": Own(BlindSort, ("sorted_by",)),
}


def export(member: "Membership") -> dict[str, list[dict[str, Any]]]:
    """Every row of a person's practice in this clinic, by table, oldest first."""
    found = own_rows(TABLES, member)
    answered = {row["statement"] for row in found["attempts"]}
    says = dict(Statement.objects.filter(pk__in=answered).values_list("pk", "says"))
    for row in found["attempts"]:
        row["statement"] = says[row["statement"]]
    return found


def reels_of(member: "Membership") -> list[PlainCopy]:
    """The recordings of one's own that can be played, oldest first."""
    rows = Recording.objects.filter(
        member__person=member.person_id, clinic=member.clinic_id, state=State.READY, consent__withdrawn_at=None
    )
    return [PlainCopy(f"{row.key}.{row.mime.partition('/')[2]}", row.tape) for row in rows.order_by("pk")]
