"""What is shown to whom. The maker finds their own; a witness finds what was shown to them, while it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from shoshin.community.models import Place, Review, Showing, View, Witness
from shoshin.community.queries.colleagues import each_once, mine, still_here
from shoshin.kit import row_security
from shoshin.kit.policy import Hat
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from shoshin.people.models import Membership
    from shoshin.practice.models import Attempt, Recording


@dataclass(frozen=True)
class Work:
    """What a witness sees: the client's words, the answer, the one criterion. Nothing of how the maker felt.

    `own_rating` is the maker's own in words, and empty unless they chose to show it.
    """

    says: str
    text: str
    criterion: str
    exercise: str
    own_rating: str = ""


@dataclass(frozen=True)
class Spread:
    """One of the three words, with every view that chose it. There is no mean and no count beside it."""

    view: View
    reviews: tuple[Review, ...]


def is_showable(attempt: "Attempt", at: datetime, *, with_recording: bool = True) -> bool:
    """Whether there is anything to see in an attempt, or to hear. A silent try is nobody else's."""
    if attempt.answer == "silent":
        return False
    return bool(attempt.text.strip()) or (with_recording and practice.playable_of(attempt, at) is not None)


def recording_shown(showing: Showing, at: datetime) -> "Recording | None":
    """The recording that goes with a showing: where its maker said so, and for as long as it is kept."""
    return practice.playable_of(showing.attempt, at) if showing.with_recording else None


def still_plays(member: "Membership", showing: Showing, at: datetime) -> bool:
    """Whether this witness may hear the next moment of it, too."""
    with row_security.acting_for(showing.clinic_id):  # asked while it is being sent, after the request has ended
        return shown_to(member, at).filter(pk=showing.pk).exists() and recording_shown(showing, at) is not None


def criterion_of(attempt: "Attempt") -> str:
    """The one criterion of the round, in words."""
    return attempt.round.exercise.criterion(attempt.round.criterion)


def work_of(showing: Showing, review: Review | None = None) -> Work:
    """What is shown to a witness. The maker's own rating comes after theirs, and only where the maker said so."""
    attempt = showing.attempt
    also = showing.with_own_rating and review is not None and attempt.rating is not None
    return Work(
        attempt.statement.says,
        attempt.text,
        criterion_of(attempt),
        attempt.round.exercise.title,
        attempt.get_rating_display() if also else "",
    )


def open_showing(at: datetime, path: str = "") -> Q:
    """Showings that somebody may look at, at this moment."""
    return Q(**{f"{path}shown_at__lte": at, f"{path}ends_at__gt": at, f"{path}taken_back_at": None}) & still_here(
        f"{path}member"
    )


def shown_to(member: "Membership", at: datetime) -> "QuerySet[Showing]":
    """What colleagues show this person now, what ends soonest first. What came by a circle goes when it is left."""
    there = Place.objects.filter(mine(member), circle=OuterRef("circle"), joined_at__isnull=False, left_at=None)
    named = Witness.objects.filter(mine(member), showing=OuterRef("pk"))
    found = Showing.objects.filter(open_showing(at)).filter(Exists(named)).filter(Q(circle=None) | Exists(there))
    return _at_hand(found).order_by("ends_at", "pk")


def shown_for(hat: Hat, pk: int) -> Showing:
    """One attempt that is shown to this person; 404 for all others, and after it has ended or was taken back."""
    found = shown_to(hat.member, hat.at).filter(pk=pk).first() if hat.at else None
    if found is None:
        raise Http404("Nobody shows you such a thing.")
    return found


def shown_by(member: "Membership") -> "QuerySet[Showing]":
    """What this person has shown, the latest first, also where it has ended."""
    return _at_hand(Showing.objects.filter(mine(member))).order_by("-shown_at", "-pk")


def own_showing_for(hat: Hat, pk: int) -> Showing:
    """One of this person's own showings, also after it has ended; 404 for anybody else's."""
    found = shown_by(hat.member).filter(pk=pk).first()
    if found is None:
        raise Http404("You show no such thing.")
    return found


def still_asks(showing: Showing) -> bool:
    """Whether the maker still wishes for another view."""
    return showing.reviews.count() < showing.wished


def review_by(member: "Membership", showing: Showing) -> Review | None:
    """What this person wrote about a showing, if they did."""
    return Review.objects.filter(mine(member), showing=showing).select_related("member__person").first()


def spread_of(showing: Showing, *, sealed: bool = False) -> tuple[Spread, ...]:
    """Every view by its word, those nobody chose too. For the maker without those still sealed."""
    rows = showing.reviews.select_related("member__person").order_by("sent_at", "pk")
    found = list(rows if sealed else rows.exclude(opened_at=None))
    return tuple(Spread(view, tuple(row for row in found if row.view == view)) for view in View)


def waiting_views(showing: Showing) -> "list[Membership]":
    """Who has written and was not opened by the maker yet, in the order they wrote."""
    rows = showing.reviews.filter(opened_at=None).select_related("member__person").order_by("sent_at", "pk")
    return each_once(row.member for row in rows)


def _at_hand(rows: "QuerySet[Showing]") -> "QuerySet[Showing]":
    return rows.select_related(
        "member__person", "circle", "attempt__statement", "attempt__round__exercise__pack"
    ).prefetch_related("witnesses__member__person")
