"""Writing one's own view before seeing any other, and opening the views that came."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.community.models import Review, Showing, View
from shoshin.community.queries.colleagues import mine
from shoshin.community.queries.showings import shown_to, still_asks
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST = 1500


class CannotReview(ValueError):
    """Nothing was sent; the message says why, and the words stay on the page."""


@dataclass(frozen=True)
class Said:
    """What a witness says: the criterion as they see it and why, one strength, one thing to try.

    `moment` is about places in it, a line each; beside a recording a line may begin with its time.
    """

    view: str
    words: str
    strength: str
    to_try: str
    moment: str = ""


@action("community.review_attempt", formative=True)
def review_attempt(*, showing: Showing, said: Said, by: "Membership", at: datetime) -> Review:
    """Sign one's own view by sending it. Sent twice, it is kept once, as it was first."""
    Showing.objects.select_for_update().get(pk=showing.pk)
    known = Review.objects.filter(mine(by), showing=showing).first()
    if known is not None:
        return known
    if not shown_to(by, at).filter(pk=showing.pk).exists():
        raise CannotReview(_("This is not shown to you any more. Nothing was sent."))
    if not still_asks(showing):
        raise CannotReview(_("All the views that were asked for have come. Yours was not sent; thank you for it."))
    words = [each.strip() for each in (said.words, said.strength, said.to_try)]
    if said.view not in View.values or not all(words):
        raise CannotReview(_("Choose one of the three, and write your view, one strength and one thing to try."))
    if any(len(each) > LONGEST for each in (*words, said.moment.strip())):
        raise CannotReview(_("Each part fits in 1,500 characters. Nothing was sent; shorten it a little."))
    return Review.objects.create(
        clinic=by.clinic,
        showing=showing,
        member=by,
        view=said.view,
        words=words[0],
        strength=words[1],
        to_try=words[2],
        moment=said.moment.strip(),
        sent_at=at,
    )


@action("community.open_views", formative=True)
def open_views(*, showing: Showing, everything: bool, by: "Membership", at: datetime) -> int:
    """Open the view that came first, or every one: the maker chooses when and how many. Says how many were opened."""
    if showing.member.person_id != by.person_id:
        raise CannotReview(_("This is somebody else's. Nothing was changed."))
    waiting = list(showing.reviews.filter(opened_at=None).order_by("sent_at", "pk"))
    chosen = waiting if everything else waiting[:1]
    for review in chosen:
        review.opened_at = at
        review.save(update_fields=["opened_at"])
    return len(chosen)
