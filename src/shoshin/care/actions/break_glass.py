"""Opening a record in an emergency, and looking afterwards whether it was needed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoshin.care.models import BreakGlass, Client
from shoshin.care.models.break_glass import Emergency, Finding
from shoshin.care.models.clients import folded
from shoshin.kit import calls, tasks
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

OPEN_FOR = timedelta(minutes=60)
SHORTEST_WHY = 20
TELL = "care.tell_of_break_glass"


class CannotOpenBreakGlass(ValueError):
    """The record stays closed."""


class CannotReviewBreakGlass(ValueError):
    """The review still waits."""


@action("care.open_break_glass")
def open_break_glass(*, code: str, reason: str, why: str, by: "Membership", at: datetime) -> BreakGlass:
    """Open one client's record for an hour. The therapist is told at once, and somebody else reviews it."""
    why = " ".join(why.split())
    if not by.leads or by.ended_at is not None:
        raise CannotOpenBreakGlass(_("Only the owner and team leads open a record in an emergency."))
    if reason not in Emergency.values:
        raise CannotOpenBreakGlass(_("Say what kind of emergency it is."))
    if len(why) < SHORTEST_WHY:
        raise CannotOpenBreakGlass(_("Say in at least 20 characters why this cannot wait. It is read at the review."))
    client = Client.objects.filter(clinic_id=by.clinic_id, code_key=folded(code)).first()
    if client is None:
        raise CannotOpenBreakGlass(_("No client of this clinic has this code. Nothing was opened."))
    if client.therapist_id == by.pk:
        raise CannotOpenBreakGlass(_("This is your own client. Open the record as always."))
    opened: BreakGlass = BreakGlass.objects.create(
        clinic_id=by.clinic_id,
        client=client,
        opened_by=by,
        reason=reason,
        why=why,
        opened_at=at,
        closes_at=at + OPEN_FOR,
    )
    tasks.promise(TELL, key=f"opening {opened.pk}", payload={"opened": opened.pk}, due_at=at)
    return opened


@action("care.review_break_glass")
def review_break_glass(*, opened: BreakGlass, finding: str, note: str, by: "Membership", at: datetime) -> BreakGlass:
    """Somebody else who leads says whether it was needed. What is written stands."""
    found: BreakGlass = BreakGlass.objects.select_for_update().get(pk=opened.pk)
    if not by.leads or by.ended_at is not None or by.clinic_id != found.clinic_id:
        raise CannotReviewBreakGlass(_("Only the owner and team leads of the clinic review this."))
    if by.person_id == found.opened_by.person_id:
        raise CannotReviewBreakGlass(_("You opened this record yourself. Another lead or the owner reviews it."))
    if found.reviewed_at is not None:
        raise CannotReviewBreakGlass(_("This was reviewed already, and the review stands as written."))
    if finding not in Finding.values or not note.strip():
        raise CannotReviewBreakGlass(_("Say whether it was needed, and in a few words why you think so."))
    found.reviewed_at, found.reviewed_by = at, by
    found.finding, found.review_note = finding, note.strip()
    found.save()
    return found


def tell_of_break_glass(*, opened: BreakGlass) -> None:
    """A mail without content to whose client it is now; the page Today says who, when and why."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Shoshin: please look at Today")
        text = _(
            "The record of one of your clients was opened in an emergency. Sign in to Shoshin to see by whom and why."
        )
        calls.mail(opened.client.therapist.person.email, subject, text)
